import { createRandom } from './random.ts'

test('draws are 32-bit integers that spread evenly over sixteen parts of the range', () => {
  const random = createRandom()
  const strange: number[] = []
  const parts = new Array<number>(16).fill(0)
  for (let i = 0; i < 160_000; i++) {
    const draw = random()
    if ((draw | 0) !== draw) strange.push(draw)
    parts[draw >>> 28]!++
  }
  expect(strange).toEqual([])
  // Five standard deviations of a binomial count of 10,000.
  for (const count of parts)
    expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(160_000 * (1 / 16) * (15 / 16)))
})

test('two sources draw different numbers', () => {
  const [a, b] = [createRandom(), createRandom()]
  expect(Array.from({ length: 4 }, a)).not.toEqual(Array.from({ length: 4 }, b))
})

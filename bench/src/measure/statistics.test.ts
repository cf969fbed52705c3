import { median, medianInterval, ratios } from './statistics.ts'

test.each([
  [[3], 3],
  [[1, 9], 5],
  [[5, 1, 100], 5],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle)
})

/** Ranks from tables of the sign test: of 15 values the 4th and the 12th, of 6 the first and the last. */
test.each([
  [6, 1, 6],
  [10, 2, 9],
  [15, 4, 12],
  [25, 8, 18],
])('of %d values the interval runs from the %d-th to the %d-th', (count, low, high) => {
  const values = Array.from({ length: count }, (_, i) => i + 1).reverse()
  expect(medianInterval(values)).toEqual([low, high])
})

test('with too few values all of them are in the interval', () => {
  expect(medianInterval([4, 2, 9])).toEqual([2, 9])
})

test('ratios are taken round by round', () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3])
})

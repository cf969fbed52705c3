import fc from 'fast-check'
import { type SetSample, sampleSets } from './sample-sets.ts'

const MOST = 64

/** How probable each position is in the sets as they came out. */
function inclusionOf(sample: SetSample, positions: number): number[] {
  const sums = Array<number>(positions).fill(0)
  for (const { members, share } of sample.sets) for (const member of members) sums[member]! += share
  return sums
}

/** min(1, size * weight / sum), the cut-off spread over the others, found by repetition. */
function expectedInclusion(weights: readonly number[], size: number): number[] {
  const certain = new Set<number>()
  for (;;) {
    const rest = weights.reduce((sum, weight, i) => (certain.has(i) ? sum : sum + weight), 0)
    const chance = (weight: number) => ((size - certain.size) * weight) / rest
    const more = weights.flatMap((weight, i) => (!certain.has(i) && chance(weight) >= 1 ? [i] : []))
    if (more.length === 0) return weights.map((weight, i) => (certain.has(i) ? 1 : chance(weight)))
    for (const i of more) certain.add(i)
  }
}

const anyWeight = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 1_000_000 }))

const sampleOf = (maxLength: number, minLength = 1) =>
  fc
    .array(anyWeight, { minLength, maxLength, size: 'max' })
    .chain((weights) => fc.record({ weights: fc.constant(weights), size: fc.integer({ min: 1, max: weights.length }) }))

describe('sampleSets', () => {
  test.each([
    [
      'one of two',
      [30, 10],
      1,
      [
        [[0], 0.75],
        [[1], 0.25],
      ],
    ],
    [
      'two of three equal ones',
      [1, 1, 1],
      2,
      [
        [[0, 1], 1 / 3],
        [[0, 2], 1 / 3],
        [[1, 2], 1 / 3],
      ],
    ],
    ['all', [5, 1, 2], 3, [[[0, 1, 2], 1]]],
    [
      'a heavy one is certain, the others share what is left',
      [100, 1, 3],
      2,
      [
        [[0, 1], 0.25],
        [[0, 2], 0.75],
      ],
    ],
  ] as [string, number[], number, [number[], number][]][])('%s', (_, weights, size, sets) => {
    const sample = sampleSets(weights, size, MOST)
    expect(sample.sets.map(({ members }) => members)).toEqual(sets.map(([members]) => members))
    sample.sets.forEach(({ share }, i) => {
      expect(share).toBeCloseTo(sets[i]![1], 12)
    })
  })

  test('up to 64 positions every inclusion probability is exact, and no more sets than positions are needed', () => {
    fc.assert(
      fc.property(sampleOf(MOST), ({ weights, size }) => {
        const sample = sampleSets(weights, size, MOST)
        const expected = expectedInclusion(weights, size)
        expect(sample.sets.length).toBeLessThanOrEqual(weights.length)
        inclusionOf(sample, weights.length).forEach((chance, i) => {
          expect(Math.abs(chance - expected[i]!)).toBeLessThan(1e-9)
          expect(chance).toBeGreaterThan(0)
        })
      }),
    )
  })

  test('beyond 64 positions inclusion probabilities are met within 1/64', () => {
    fc.assert(
      fc.property(sampleOf(300, MOST + 1), ({ weights, size }) => {
        const sample = sampleSets(weights, size, MOST)
        const expected = expectedInclusion(weights, size)
        expect(sample.sets.length).toBeLessThanOrEqual(MOST)
        inclusionOf(sample, weights.length).forEach((chance, i) => {
          expect(Math.abs(chance - expected[i]!)).toBeLessThan(1 / MOST + 1e-9)
        })
      }),
      { numRuns: 40 },
    )
  })

  test('says the inclusion probabilities that it aims at', () => {
    fc.assert(
      fc.property(sampleOf(100), ({ weights, size }) => {
        const expected = expectedInclusion(weights, size)
        sampleSets(weights, size, MOST).inclusion.forEach((chance, i) => {
          expect(Math.abs(chance - expected[i]!)).toBeLessThan(1e-9)
        })
      }),
    )
  })

  test('every set has the size asked for, ascending members, and is there once; the shares sum to 1', () => {
    fc.assert(
      fc.property(sampleOf(100), ({ weights, size }) => {
        const { sets } = sampleSets(weights, size, MOST)
        for (const { members, share } of sets) {
          expect(members.length).toBe(size)
          expect(members.every((member, i) => i === 0 || member > members[i - 1]!)).toBe(true)
          expect(share).toBeGreaterThan(0)
        }
        expect(new Set(sets.map(({ members }) => members.join())).size).toBe(sets.length)
        expect(Math.abs(sets.reduce((sum, { share }) => sum + share, 0) - 1)).toBeLessThan(1e-9)
      }),
    )
  })
})

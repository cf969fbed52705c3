import fc from 'fast-check'
import { VARIANTS_MAX } from './decision.ts'
import { makeEndpoint, probabilities } from './scenes.arbitraries.ts'
import type { Endpoint } from './service.ts'
import { buildVariants } from './variants.ts'

/** Endpoints e0, e1, ... of these weights. */
function endpoints(weights: readonly number[], kind: Endpoint['kind'] = 'ipv4'): Endpoint[] {
  return weights.map((weight, index) => makeEndpoint({ index, siteName: 'fra', label: `e${index}`, kind, weight }))
}

const written = (weights: readonly number[], answers: number) =>
  buildVariants(endpoints(weights), answers).map(
    (v) => `${v.endpoints.map((e) => e.label).join(' ')} ${+v.share.toFixed(4)}`,
  )

describe('buildVariants', () => {
  test.each([
    ['nothing', [], 2, []],
    ['one of one', [7], 1, ['e0 1']],
    ['one of three: by weight', [1, 2, 1], 1, ['e0 0.25', 'e1 0.5', 'e2 0.25']],
    ['all of three: turned, the first by weight', [1, 2, 1], 3, ['e0 e1 e2 0.25', 'e1 e2 e0 0.5', 'e2 e0 e1 0.25']],
    ['more than there are: all', [1, 1], 8, ['e0 e1 0.5', 'e1 e0 0.5']],
    ['without a limit: all', [1, 1], Number.POSITIVE_INFINITY, ['e0 e1 0.5', 'e1 e0 0.5']],
    ['two of four: each first as often', [1, 1, 1, 1], 2, ['e0 e2 0.25', 'e2 e0 0.25', 'e1 e3 0.25', 'e3 e1 0.25']],
    [
      'two of three, one heavy: it is in every answer, and first by its weight',
      [8, 1, 1],
      2,
      ['e0 e1 0.4', 'e1 e0 0.1', 'e0 e2 0.4', 'e2 e0 0.1'],
    ],
  ] as [string, number[], number, string[]][])('%s', (_, weights, answers, expected) => {
    expect(written(weights, answers)).toEqual(expected)
  })

  test('names are answered one at a time', () => {
    const variants = buildVariants(endpoints([88, 99], 'name'), 2)
    expect(variants.map((v) => [v.endpoints.length, v.share])).toEqual([
      [1, 88 / 187],
      [1, 99 / 187],
    ])
  })

  test('an address that is there twice is answered once, with the weight of both', () => {
    const [a, b, c] = endpoints([1, 2, 1]) as [Endpoint, Endpoint, Endpoint]
    const variants = buildVariants([a, b, { ...c, target: a.target }], Number.POSITIVE_INFINITY)
    expect(variants.map((v) => [v.endpoints.map((e) => e.label).join(' '), v.share])).toEqual([
      ['e0 e1', 0.5],
      ['e1 e0', 0.5],
    ])
  })

  const anyWeights = (maxLength: number) =>
    fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength, size: 'max' })
  const anyAnswers = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(Number.POSITIVE_INFINITY))

  test('is bounded, sums to 1, and has no endpoint twice in an answer, whatever the weights', () => {
    fc.assert(
      fc.property(anyWeights(150), anyAnswers, (weights, answers) => {
        const variants = buildVariants(endpoints(weights), answers)
        expect(variants.length).toBeLessThanOrEqual(VARIANTS_MAX)
        expect(Math.abs(variants.reduce((sum, v) => sum + v.share, 0) - 1)).toBeLessThan(1e-9)
        for (const { endpoints: list, share } of variants) {
          expect(share).toBeGreaterThan(0)
          expect(list.length).toBe(Math.min(answers, weights.length))
          expect(new Set(list).size).toBe(list.length)
        }
        expect(new Set(variants.map((v) => v.endpoints.map((e) => e.label).join())).size).toBe(variants.length)
      }),
    )
  })

  test('up to 64 endpoints every one is in some answer', () => {
    fc.assert(
      fc.property(anyWeights(64), anyAnswers, (weights, answers) => {
        const seen = probabilities({ variants: buildVariants(endpoints(weights), answers) }, 'anywhere')
        expect(Object.keys(seen).length).toBe(weights.length)
      }),
    )
  })

  test('where all turns fit, an endpoint is first exactly in proportion to its weight', () => {
    const anyFitting = fc
      .array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20, size: 'max' })
      .chain((weights) => fc.tuple(fc.constant(weights), fc.integer({ min: 1, max: Math.floor(64 / weights.length) })))
    fc.assert(
      fc.property(anyFitting, ([weights, answers]) => {
        const firsts = probabilities({ variants: buildVariants(endpoints(weights), answers) }, 'first')
        const sum = weights.reduce((total, weight) => total + weight, 0)
        weights.forEach((weight, i) => {
          expect(firsts[`e${i}`]).toBeCloseTo(weight / sum, 9)
        })
      }),
    )
  })

  test('of 1,000 equal endpoints 64 are drawn, evenly spread over their order', () => {
    const variants = buildVariants(endpoints(Array<number>(1000).fill(1)), 1)
    expect(variants.map((v) => v.endpoints[0]!.index)).toEqual(
      Array.from({ length: 64 }, (_, j) => Math.floor(((j + 0.5) / 64) * 1000)),
    )
  })

  test('of 100 endpoints that are all answered, a heavy one is first as often as its weight asks', () => {
    const weights = Array.from({ length: 100 }, (_, i) => (i === 41 ? 300 : 1))
    const firsts = probabilities({ variants: buildVariants(endpoints(weights), 100) }, 'first')
    expect(Math.abs(firsts['e41']! - 300 / 399)).toBeLessThan(1 / 64)
  })

  test('where not all turns fit, every endpoint is still first about as often as its weight asks', () => {
    const weights = Array.from({ length: 40 }, (_, i) => 100 + i)
    const variants = buildVariants(endpoints(weights), 10)
    const firsts = probabilities({ variants }, 'first')
    const sum = weights.reduce((total, weight) => total + weight, 0)
    weights.forEach((weight, i) => {
      expect(Math.abs((firsts[`e${i}`] ?? 0) - weight / sum)).toBeLessThan(1 / 20)
    })
    expect(Object.keys(firsts).length).toBeGreaterThan(20)
  })
})

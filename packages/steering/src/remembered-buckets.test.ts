import fc from 'fast-check'
import { fillBuckets } from './fill-buckets.ts'
import { rememberedBuckets } from './remembered-buckets.ts'
import { makeEndpoint, scene } from './scenes.arbitraries.ts'

const LABELS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const CANDIDATES = LABELS.map((label, index) =>
  makeEndpoint({ index, siteName: 'fra', label, kind: 'ipv4', weight: 1 }),
)

/** Which endpoints serve, by weight; 0 for one that does not. */
const anyWeights = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: LABELS.length, maxLength: LABELS.length })

test('buckets that are remembered are those that would be filled anew, whatever was asked for before', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyWeights, fc.constantFrom(1, 2)), { minLength: 2, maxLength: 20 }), (questions) => {
      const { service } = scene({ fra: ['U'] })
      for (const [weights, answers] of questions) {
        const endpoints = CANDIDATES.map((endpoint, i) => ({ ...endpoint, weight: weights[i]! })).filter(
          ({ weight }) => weight > 0,
        )
        const candidates = CANDIDATES.filter((_, i) => i < 4 || weights[i] !== 0)
        expect(rememberedBuckets(service, endpoints, answers, candidates)).toEqual(
          fillBuckets(service.name, endpoints, answers, candidates),
        )
      }
    }),
    { numRuns: 20 },
  )
})

test('buckets are filled once for the same endpoints, and the oldest are forgotten', () => {
  const { service } = scene({ fra: ['U'] })
  const asked = (weight: number) =>
    rememberedBuckets(
      service,
      [
        { ...CANDIDATES[0]!, weight: 1 },
        { ...CANDIDATES[1]!, weight },
      ],
      1,
      CANDIDATES,
    )
  const first = asked(1)
  const second = asked(2)
  expect(asked(1)).toBe(first)
  for (let weight = 3; weight <= 65; weight++) asked(weight)
  expect(asked(1)).toBe(first)
  expect(asked(2)).not.toBe(second)
})

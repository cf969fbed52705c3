import fc from 'fast-check'
import { BUCKETS, bucketOf, bucketSeed } from './client-bucket.ts'
import { VARIANTS_MAX } from './decision.ts'
import { fillBuckets } from './fill-buckets.ts'
import { makeEndpoint, probabilities } from './scenes.arbitraries.ts'
import type { Endpoint } from './service.ts'
import { orderByTieBreak } from './tie-break.ts'

function endpoints(weights: readonly number[], kind: Endpoint['kind'] = 'ipv4'): Endpoint[] {
  return weights.map((weight, index) => makeEndpoint({ index, siteName: 'fra', label: `e${index}`, kind, weight }))
}

/** What the buckets are given, as labels; `up` are those of the candidates that serve. */
function answersOf(candidates: readonly Endpoint[], answers: number, up = candidates): string[][] {
  const { variants, buckets } = fillBuckets('web', orderByTieBreak('web', up), answers, candidates)
  const lists = variants.map((variant) => variant.endpoints.map(({ label }) => label))
  return Array.from({ length: BUCKETS }, (_, bucket) => lists[buckets?.[bucket] ?? 0]!)
}

const anyWeights = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 1, max: 20 }), { minLength, maxLength, size: 'max' })
const anyAnswers = fc.constantFrom(1, 2, 3, 8, Number.POSITIVE_INFINITY)
const RUNS = { numRuns: 12 }

describe('the buckets', () => {
  test('hold answers by number, and a variant’s share is its share of them', () => {
    fc.assert(
      fc.property(anyWeights(2, 100), anyAnswers, (weights, answers) => {
        const list = endpoints(weights)
        const { variants, buckets } = fillBuckets('web', orderByTieBreak('web', list), answers, list)
        if (buckets === undefined) return expect(variants.map(({ share }) => share)).toEqual([1])
        expect(buckets).toHaveLength(BUCKETS)
        expect(variants.length).toBeLessThanOrEqual(VARIANTS_MAX)
        const counts = new Map<number, number>()
        for (const variant of buckets) counts.set(variant, (counts.get(variant) ?? 0) + 1)
        expect(variants.map((_, i) => counts.get(i)! / BUCKETS)).toEqual(variants.map(({ share }) => share))
        for (const { endpoints: set } of variants) expect(set).toHaveLength(Math.min(answers, weights.length))
        const texts = variants.map(({ endpoints: set }) => set.map(({ label }) => label).join())
        return expect(new Set(texts).size).toBe(texts.length)
      }),
      // More than may be first: each is in the answers of all.
      { ...RUNS, examples: [[new Array<number>(VARIANTS_MAX + 1).fill(1), Number.POSITIVE_INFINITY]] },
    )
  })

  test('are the same whatever the order of the endpoints', () => {
    fc.assert(
      fc.property(anyWeights(2, 70), anyAnswers, fc.nat(), (weights, answers, turn) => {
        const list = endpoints(weights)
        const at = turn % list.length
        const turned = [...list.slice(at), ...list.slice(0, at)].reverse()
        expect(answersOf(turned, answers)).toEqual(answersOf(list, answers))
      }),
      RUNS,
    )
  })

  test('are shared by weight: no endpoint is first in more or fewer than chance allows', () => {
    fc.assert(
      fc.property(anyWeights(2, 64), anyAnswers, (weights, answers) => {
        const list = endpoints(weights)
        const { variants } = fillBuckets('web', orderByTieBreak('web', list), answers, list)
        const firsts = probabilities({ variants }, 'first')
        const sum = weights.reduce((total, weight) => total + weight, 0)
        weights.forEach((weight, i) => {
          const share = weight / sum
          // Six standard deviations of 4,096 draws.
          const bound = 6 * Math.sqrt((share * (1 - share)) / BUCKETS) + 1 / BUCKETS
          expect(Math.abs((firsts[`e${i}`] ?? 0) - share)).toBeLessThan(bound)
        })
      }),
      RUNS,
    )
  })

  test.each([
    [1, 12],
    [2, 8],
    [3, 5],
    [Number.POSITIVE_INFINITY, 4],
    [2, 9],
    [3, 12],
    [Number.POSITIVE_INFINITY, 7],
    [2, 40],
  ])(
    'with %d answers of %d endpoints change only where an endpoint was that goes down, and then change back',
    (answers, count) => {
      const list = endpoints(Array.from({ length: count }, (_, i) => 1 + (i % 3)))
      const before = answersOf(list, answers)
      for (const gone of [list[0]!, list[1]!, list[count - 1]!]) {
        const rest = list.filter((endpoint) => endpoint !== gone)
        const after = answersOf(list, answers, rest)
        const buckets = before.map((had, bucket) => ({ had, has: after[bucket]! }))
        const losing = buckets.filter(({ had }) => had.includes(gone.label))
        expect(losing.length).toBeGreaterThan(0)
        expect(buckets.filter(({ had, has }) => !had.includes(gone.label) && had.join() !== has.join())).toEqual([])
        expect(buckets.filter(({ had, has }) => had[0] !== gone.label && had[0] !== has[0])).toEqual([])
        expect(buckets.filter(({ has }) => has.includes(gone.label))).toEqual([])
      }
      expect(answersOf(list, answers)).toEqual(before)
    },
  )

  test('with a few answers keep the others in their order when one of them goes down', () => {
    const list = endpoints([1, 2, 3, 4, 5])
    const before = answersOf(list, 3)
    const after = answersOf(
      list,
      3,
      list.filter(({ label }) => label !== 'e4'),
    )
    const kept = before.map((had) => had.filter((label) => label !== 'e4'))
    expect(after.map((has, bucket) => has.slice(0, kept[bucket]!.length))).toEqual(kept)
  })

  test('move only to an endpoint whose weight grows, and only from one whose weight shrinks', () => {
    fc.assert(
      fc.property(anyWeights(2, 64), fc.nat(), fc.integer({ min: 1, max: 30 }), (weights, who, weight) => {
        const at = who % weights.length
        const before = answersOf(endpoints(weights), 1)
        const after = answersOf(endpoints(weights.map((old, i) => (i === at ? weight : old))), 1)
        const moved = before.map(([from], bucket) => ({ from, to: after[bucket]![0] })).filter((m) => m.from !== m.to)
        expect(new Set(moved.map(({ from, to }) => (weight > weights[at]! ? to : from)))).toEqual(
          new Set(moved.length > 0 ? [`e${at}`] : []),
        )
      }),
      RUNS,
    )
  })

  test('of more endpoints than fit 64 are first, among them the heavy ones, and one that goes down moves few', () => {
    const list = endpoints(Array.from({ length: 100 }, (_, i) => (i < 10 ? 50 : 1)))
    const before = answersOf(list, 1)
    const serving = new Set(before.flat())
    expect(serving.size).toBe(VARIANTS_MAX)
    for (let i = 0; i < 10; i++) expect(serving).toContain(`e${i}`)
    const rest = list.filter(({ label }) => label !== 'e3')
    const after = answersOf(list, 1, rest)
    const coming = [...new Set(after.flat())].filter((label) => !serving.has(label))
    expect(coming).toHaveLength(1)
    const others = before.filter(([had], bucket) => had !== 'e3' && ![had, ...coming].includes(after[bucket]![0]))
    expect(others).toEqual([])
  })

  test('are these on every server and in every version', () => {
    const firsts = answersOf(endpoints([1, 2, 3]), 1).map(([label]) => label!.slice(1))
    expect(firsts.slice(0, 64).join('')).toBe('2112222221222212222201122121002121222012111102011112120211220111')
    expect(firsts.slice(-64).join('')).toBe('2101202111200121210212122202212121110222122222001222122222220222')
  })

  test('hold names one at a time', () => {
    expect(answersOf(endpoints([3, 4], 'name'), 8).every((answer) => answer.length === 1)).toBe(true)
  })

  test('are not there where there is nothing to pick', () => {
    const [one, two] = endpoints([1, 1])
    expect(fillBuckets('web', [one!], 1, [one!, two!])).toEqual({
      variants: [{ endpoints: [one], share: 1 }],
      buckets: undefined,
    })
    expect(fillBuckets('web', [], 1, [])).toEqual({ variants: [], buckets: undefined })
  })
})

describe('the bucket of a client', () => {
  test('is spread evenly over neighbouring networks, and is another for another service', () => {
    const counts = (service: string): number[] => {
      const seed = bucketSeed(service)
      const buckets = Array<number>(16).fill(0)
      for (let network = 0; network < 0x4000; network++) buckets[bucketOf(seed, network << 8, 0) >> 8]!++
      return buckets
    }
    for (const count of counts('web')) expect(Math.abs(count - 1024)).toBeLessThan(190)
    const both = (network: number): boolean =>
      bucketOf(bucketSeed('web'), network << 8, 0) === bucketOf(bucketSeed('api'), network << 8, 0)
    expect(Array.from({ length: 0x4000 }, (_, network) => network).filter(both).length).toBeLessThan(20)
  })

  test('depends on all 64 bits', () => {
    const seed = bucketSeed('web')
    for (let bit = 0; bit < 32; bit++) {
      const moved = (first: number, second: number): boolean =>
        bucketOf(seed, first, second) !== bucketOf(seed, 0x20010db8, 0x01020304)
      expect([bit, moved(0x20010db8 ^ (1 << bit), 0x01020304)]).toEqual([bit, true])
      expect([bit, moved(0x20010db8, 0x01020304 ^ (1 << bit))]).toEqual([bit, true])
    }
  })
})

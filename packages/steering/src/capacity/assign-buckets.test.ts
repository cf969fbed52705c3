import fc from 'fast-check'
import { BUCKETS } from '../client-bucket.ts'
import { assignBuckets, type SiteShare } from './assign-buckets.ts'

const NAMES = ['fra', 'iad', 'sin', 'gru', 'syd', 'nrt']

/** Shares in units of one bucket; the first is the rest. */
function sites(units: readonly number[], names: readonly string[] = NAMES): SiteShare[] {
  const home = BUCKETS - units.reduce((sum, part) => sum + part, 0)
  return [home, ...units].map((part, i) => ({ id: names[i]!, share: part / BUCKETS }))
}

/** By bucket, the name of the site. */
function holders(shares: readonly SiteShare[], service = 'web'): string[] {
  return Array.from(assignBuckets(service, shares), (position) => shares[position]!.id)
}

function count<T>(values: readonly T[], is: (value: T, index: number) => boolean): number {
  return values.filter(is).length
}

/** Up to five sites beside the home, together at most all buckets. */
const anyUnits = fc
  .array(fc.integer({ min: 0, max: BUCKETS }), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.map((part) => Math.floor(part / parts.length)))

describe('the buckets of shares', () => {
  test('are as many as the shares say, to one of 4,096', () => {
    fc.assert(
      fc.property(anyUnits, (units) => {
        const held = holders(sites(units))
        expect(held).toHaveLength(BUCKETS)
        expect(sites(units).map(({ id }) => count(held, (name) => name === id))).toEqual(
          sites(units).map(({ share }) => share * BUCKETS),
        )
      }),
    )
  })

  test('are the same whatever the order of the sites behind the home', () => {
    fc.assert(
      fc.property(anyUnits, (units) => {
        const [home, ...others] = sites(units)
        expect(holders([home!, ...others.toReversed()])).toEqual(holders([home!, ...others]))
      }),
    )
  })

  test('of one site to spill to move exactly as many as its share grows, and come back', () => {
    let before = holders(sites([0]))
    for (const units of [1, 2, 400, 1000, 4096]) {
      const after = holders(sites([units]))
      expect(count(after, (name, bucket) => before[bucket] === 'iad' && name !== 'iad')).toBe(0)
      before = after
    }
    expect(holders(sites([400]))).toEqual(holders(sites([400])))
  })

  test('stay with a site whose share grows at the home’s cost, and the home gets none', () => {
    fc.assert(
      fc.property(anyUnits, fc.nat(4), fc.integer({ min: 1, max: 500 }), (units, at, more) => {
        const free = BUCKETS - units.reduce((sum, part) => sum + part, 0)
        const grown = units.map((part, i) => (i === at % units.length ? part + Math.min(more, free) : part))
        const grower = NAMES[(at % units.length) + 1]
        const before = holders(sites(units))
        const after = holders(sites(grown))
        expect(count(after, (name, bucket) => before[bucket] === grower && name !== grower)).toBe(0)
        expect(count(after, (name, bucket) => name === 'fra' && before[bucket] !== 'fra')).toBe(0)
        // Each of the others gets one for one that it lost, and at most as many as the grower took.
        for (const other of NAMES.slice(1)) {
          const got = count(after, (name, bucket) => name === other && before[bucket] !== other)
          if (other !== grower) expect(got).toBeLessThanOrEqual(Math.min(more, free))
        }
      }),
    )
  })

  test('of a third site are wanted by another about as often as chance has it', () => {
    const before = holders(sites([800, 400]))
    const after = holders(sites([800, 600]))
    const moved = count(after, (name, bucket) => name !== before[bucket])
    expect(moved).toBeGreaterThanOrEqual(200)
    expect(moved).toBeLessThan(200 * (1 + 2 * (800 / BUCKETS)))
  })

  test('differ by service: what is spilled of one is not what is spilled of another', () => {
    const web = holders(sites([1024]), 'web')
    const mail = holders(sites([1024]), 'mail')
    const both = count(web, (name, bucket) => name === 'iad' && mail[bucket] === 'iad')
    // A quarter of a quarter, within six standard deviations.
    expect(Math.abs(both - 256)).toBeLessThan(6 * Math.sqrt(256 * 0.75))
  })
})

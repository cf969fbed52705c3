import fc from 'fast-check'
import { assertAlways } from './assert-always.arbitraries.ts'
import { anyComposition } from './compositions.arbitraries.ts'
import { decide } from './decide.ts'
import { type Decision, VARIANTS_MAX } from './decision.ts'
import { anyClient, placedAt, scene } from './scenes.arbitraries.ts'
import type { Family } from './service.ts'

const anyQuestion = fc.record({
  composition: anyComposition,
  family: fc.constantFrom<Family>('ipv4', 'ipv6'),
  client: anyClient,
})

/** A decision but for its explanation; a table of buckets as a text. */
function outcome({ trace: _, leftOut: __, buckets, ...rest }: Decision): object {
  return { ...rest, buckets: buckets?.join() }
}

describe('a composition of services', () => {
  test('decides alike for all clients where it says that the client does not matter, whatever is placed of them', () => {
    assertAlways(
      fc.property(anyQuestion, anyClient, ({ composition, family, client }, other) => {
        const { service, health, placed, placedElsewhere } = composition
        const decision = decide(service, family, client, health, placed)
        if (decision.dependsOnClient) return
        expect(outcome(decide(service, family, other, health, placedElsewhere))).toEqual(outcome(decision))
      }),
      1500,
    )
  })

  test('has shares above 0 that sum to 1, at most 64 answers, and buckets that hold them', () => {
    assertAlways(
      fc.property(anyQuestion, ({ composition, family, client }) => {
        const { service, health, placed } = composition
        const { variants, buckets } = decide(service, family, client, health, placed)
        if (variants.length === 0) return
        expect(variants.length).toBeLessThanOrEqual(VARIANTS_MAX)
        expect(Math.abs(variants.reduce((sum, { share }) => sum + share, 0) - 1)).toBeLessThan(1e-9)
        if (buckets === undefined) return
        const counts = new Array<number>(variants.length).fill(0)
        for (const variant of buckets) counts[variant]!++
        for (const [i, { share }] of variants.entries()) expect(counts[i]! / buckets.length).toBeCloseTo(share, 9)
      }),
      1500,
    )
  })

  test('decides the same each time, also when its parts are read in another order', () => {
    assertAlways(
      fc.property(anyQuestion, ({ composition, family, client }) => {
        const { service, health, placed } = composition
        const turned = {
          ...service,
          pools: service.pools.map((pool) => ({ ...pool, endpoints: pool.endpoints.toReversed() })),
        }
        const decision = outcome(decide(service, family, client, health, placed))
        expect(outcome(decide(turned, family, client, health, placed))).toEqual(decision)
      }),
      500,
    )
  })
})

const FAILOVER_THEN_NEAREST = [{ kind: 'failover', tiers: [[0], [1]], trickle: 0 }, { kind: 'nearest' }] as const

test('load is placed class by class: clients whose order is the same may differ all the same', () => {
  const { service, health } = scene({ a: ['U'], b: ['U'] }, { steps: FAILOVER_THEN_NEAREST, capacity: 'spill' })
  const placed = (part: number) => ({ shares: Uint16Array.of(0, part), keyLengths: { ipv4: 24, ipv6: 56 } })
  const decisions = [placed(0), placed(30_000)].map((load) => decide(service, 'ipv4', placedAt(0), health, load))
  expect(decisions.map(({ variants }) => variants.length)).toEqual([1, 2])
  expect(decisions.map(({ dependsOnClient }) => dependsOnClient)).toEqual([true, true])
  expect(decide(service, 'ipv4', placedAt(0), health).dependsOnClient).toBe(false)
})

test('a site that has no address of the family keeps its clients, whatever is placed', () => {
  const { service, health } = scene(
    { a: ['U'], b: ['U', 'U v6'] },
    { missingFamily: 'same_site', capacity: 'spill', steps: [{ kind: 'nearest' }] },
  )
  const placed = { shares: Uint16Array.of(0, 30_000), keyLengths: { ipv4: 24, ipv6: 56 } }
  expect(decide(service, 'ipv6', placedAt(0, 1), health, placed)).toMatchObject({ variants: [], empty: 'nodata' })
})

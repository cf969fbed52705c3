import fc from 'fast-check'
import { UNPLACED } from './client-class.ts'
import type { HealthTable } from './health-table.ts'
import { type PoolState, readPools } from './pool-state.ts'
import { anyClient, anyScene, placedAt, scene } from './scenes.arbitraries.ts'
import type { Service, Step } from './service.ts'
import { splitTiers } from './tiers.ts'

const failover = (...tiers: number[][]): Step => ({ kind: 'failover', tiers, trickle: 0 })
const nearest: Step = { kind: 'nearest' }
const weighted: Step = { kind: 'weighted' }

function poolsOf(service: Service, health: HealthTable): readonly PoolState[] {
  return readPools(service, 'ipv4', 0, health, () => {
    throw new Error('no pool is a service')
  })
}

/** Tiers of the pools a, b, c, d (sites 0 to 3) as `a b | c | d`. */
function tiersOf(steps: readonly Step[], client = UNPLACED): string {
  const { service, health } = scene({ a: ['U'], b: ['U'], c: ['U'], d: ['U'] })
  const { tiers } = splitTiers(steps, poolsOf(service, health), { client, health })
  return tiers.map((tier) => tier.map((state) => state.pool.siteName).join(' ')).join(' | ')
}

describe('splitTiers', () => {
  test.each([
    ['no step: all together', [], 'a b c d'],
    ['weighted alone: all together', [weighted], 'a b c d'],
    ['failover: its groups, then the others in the order of the file', [failover([3], [1, 2])], 'd | b c | a'],
    ['failover without groups: the order of the file', [failover()], 'a | b | c | d'],
    ['failover: in a group the order of the file', [failover([2, 0])], 'a c | b | d'],
    ['nearest: the class, then the order of sites', [nearest], 'c | b | a | d'],
    ['nearest within groups', [failover([0, 1], [2, 3]), nearest], 'b | a | c | d'],
    ['failover after nearest has nothing to split', [nearest, failover([3])], 'c | b | a | d'],
    ['failover twice: groups within groups', [failover([0, 1, 2]), failover([2], [1])], 'c | b | a | d'],
  ] as [string, Step[], string][])('%s', (_, steps, expected) => {
    expect(tiersOf(steps, placedAt(2, 1))).toBe(expected)
  })

  test.each([
    ['Geneva', placedAt(1, 0, 2), 'b | a | c | d'],
    ['Virginia', placedAt(0, 1, 2), 'a | b | c | d'],
    ['Perth', placedAt(2, 1, 0), 'c | b | a | d'],
    ['Sydney', placedAt(2, 0, 1), 'c | a | b | d'],
    ['nowhere', UNPLACED, 'a | b | c | d'],
  ])('the order of a client in %s is that of its class', (_, client, expected) => {
    expect(tiersOf([nearest], client)).toBe(expected)
  })

  test("behind the sites of the class it is the sites' order that counts, not that of the service's pools", () => {
    const { service, health } = scene({ a: ['U'], b: ['U'], c: ['U'], d: ['U'] })
    const pools = poolsOf({ ...service, pools: [...service.pools].reverse() }, health)
    const { tiers } = splitTiers([nearest], pools, { client: placedAt(2), health })
    expect(tiers.flat().map((state) => state.pool.siteName)).toEqual(['c', 'a', 'b', 'd'])
  })

  test('every pool is in exactly one tier, and no tier is empty', () => {
    const anySteps = fc.array(fc.constantFrom<Step['kind']>('failover', 'nearest', 'weighted'), { maxLength: 4 })
    fc.assert(
      fc.property(
        anySteps.chain((kinds) => anyScene(kinds)),
        anyClient,
        ({ service, health }, client) => {
          const pools = poolsOf(service, health)
          const { tiers } = splitTiers(service.steps, pools, { client, health })
          expect(tiers.every((tier) => tier.length > 0)).toBe(true)
          expect(tiers.flat().length).toBe(pools.length)
          expect(new Set(tiers.flat())).toEqual(new Set(pools))
        },
      ),
    )
  })
})

import { NOBODY } from '@windrose/steering'
import type { CapacityBody } from '../control/simulate-types.ts'
import type { MoveSums } from './move-sums.ts'
import type { SidedService } from './service-moves.ts'
import type { SiteNumbers } from './site-numbers.ts'

/**
 * Holds the sites' shares of clients against their capacities. How much demand there is nobody knows without a log: what can
 * be said is which site has more of the clients than of the capacity that is left, and at which demand it is full.
 */
export function judgeCapacity(
  clients: MoveSums,
  sides: readonly SidedService[],
  sites: SiteNumbers,
): readonly CapacityBody[] {
  const capacities = capacitiesOf(sides, sites)
  const shares = (when: 'before' | 'after'): Map<number, number> =>
    new Map([...clients.bySite(when)].map(([site, units]) => [site, units / clients.units]))
  const [before, after] = [shares('before'), shares('after')]
  const serving = [...new Set([...before.keys(), ...after.keys()])].filter((site) => site !== NOBODY)
  const left = serving.filter((site) => (after.get(site) ?? 0) > 0)
  const known = left.flatMap((site) => capacities.get(site) ?? [])
  const whole = known.length === left.length ? known.reduce((sum, capacity) => sum + capacity, 0) : undefined
  return serving
    .sort((a, b) => a - b)
    .flatMap((site): CapacityBody[] => {
      const capacity = capacities.get(site)
      if (capacity === undefined) return []
      const had = before.get(site) ?? 0
      const has = after.get(site) ?? 0
      const capacityShare = whole === undefined ? null : has > 0 ? capacity / whole : 0
      return [
        {
          site: sites.name(site)!,
          capacity,
          capacityShare,
          before: had,
          after: has,
          holdsBefore: had > 0 ? capacity / had : null,
          holdsAfter: has > 0 ? capacity / has : null,
          over: capacityShare === null ? null : has > capacityShare,
        },
      ]
    })
}

/** Capacities in queries by site number; where both sides tell one, that of the later. What sites report is in other units. */
export function capacitiesOf(sides: readonly Pick<SidedService, 'side'>[], sites: SiteNumbers): Map<number, number> {
  const capacities = new Map<number, number>()
  for (const { side } of sides) {
    for (const { name, capacity } of side.configuration.sites) {
      if (capacity !== undefined && capacity.reported === undefined) capacities.set(sites.number(name), capacity.value)
    }
  }
  return capacities
}

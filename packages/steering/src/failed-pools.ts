import { UNPLACED } from './client-class.ts'
import { decide } from './decide.ts'
import type { HealthTable } from './health-table.ts'
import { readPools } from './pool-state.ts'
import type { Family, Service } from './service.ts'

/** Positions of the pools that are failed in the global view, for questions of one family at least: too little of them is up. */
export function failedPools(service: Service, health: HealthTable): ReadonlySet<number> {
  const failed = new Set<number>()
  for (const family of ['ipv4', 'ipv6'] satisfies Family[]) {
    const pools = readPools(service, family, 0, health, (nested) => decide(nested, family, UNPLACED, health))
    for (const { condition, position } of pools) if (condition === 'down' || condition === 'panic') failed.add(position)
  }
  return failed
}

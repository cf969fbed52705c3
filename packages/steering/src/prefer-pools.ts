import type { ClientClass } from './client-class.ts'
import { decide } from './decide.ts'
import type { HealthTable } from './health-table.ts'
import { readPools } from './pool-state.ts'
import type { Family, Service } from './service.ts'
import { splitTiers } from './tiers.ts'

/**
 * The pools that are well for a class of clients, in the order in which its policy prefers them, as positions in the service:
 * where its load may go. Behind a fence there are only those inside. None where several are preferred alike, since then
 * weights decide, and none where nothing is well.
 */
export function preferPools(
  service: Service,
  family: Family,
  client: ClientClass,
  health: HealthTable,
): readonly number[] {
  const pools = readPools(service, family, client.view, health, (nested) => decide(nested, family, client, health))
  const { tiers } = splitTiers(service.steps, pools, { client, health })
  const well = tiers
    .map((tier) =>
      tier.filter(({ condition, candidates, nested }) => condition === 'ok' && (candidates.length > 0 || nested)),
    )
    .filter((tier) => tier.length > 0)
  return well[0]?.length === 1 ? well.flat().map(({ position }) => position) : []
}

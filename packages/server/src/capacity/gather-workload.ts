import type { Snapshot } from '@windrose/nameserver'
import { type ClientClass, type Family, preferPools, type Service, UNPLACED, type Workload } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** One row of a workload: a class of clients of a service. */
export interface PlacedArea {
  readonly service: Service
  readonly key: string
}

/** The load that one way of placing has to place, with what its rows stand for. What sites can take is not in it. */
export interface GatheredWorkload extends Omit<Workload, 'sites'> {
  readonly areas: readonly PlacedArea[]
}

export interface Asked {
  /** By service and `classKey`: queries a second. */
  readonly demand: ReadonlyMap<string, ReadonlyMap<string, number>>
  /**
   * Whether a class is placed by more than the policy: it goes back by steps, also when nobody asks from it any more. Or may be,
   * for it is fresh.
   */
  readonly isPlaced: (service: string, key: string) => boolean
}

/**
 * Gathers what the services of one kind ask of the sites. Classes that nobody asks from are left out, unless they are placed
 * elsewhere than the policy would; they are placed as soon as somebody does.
 */
export function gatherWorkload(
  services: readonly Service[],
  { maps, health, placements }: Pick<Snapshot, 'maps' | 'health' | 'placements'>,
  { sites }: Pick<ServedConfiguration, 'sites'>,
  { demand, isPlaced }: Asked,
): GatheredWorkload {
  const areas: PlacedArea[] = []
  const loads: number[] = []
  const preference: number[][] = []
  const cost: number[] = []
  for (const service of services) {
    const known = demand.get(service.name)
    const map = maps[service.clientMap]
    const keys = placements[service.index]?.keys ?? []
    for (const [classNumber, one] of (map?.classes ?? [UNPLACED]).entries()) {
      const key = keys[classNumber]!
      const queries = known?.get(key) ?? 0
      if (queries === 0 && !isPlaced(service.name, key)) continue
      areas.push({ service, key })
      loads.push(queries)
      const preferred = preferredSites(service, one, health)
      preference.push(preferred)
      for (let site = 0; site < sites.length; site++) {
        cost.push(costOf(map?.costs, classNumber, site) ?? farAway(preferred, site))
      }
    }
  }
  return { areas, demand: Float64Array.from(loads), preference, cost: Float64Array.from(cost) }
}

/** The sites where the load of a class may go, the one that the policy prefers first. */
export function preferredSites(service: Service, client: ClientClass, health: Snapshot['health']): number[] {
  return preferPools(service, familyOf(service), client, health)
    .map((position) => service.pools[position]!.site)
    .filter((site) => site >= 0)
}

/** Verdicts of the other family may differ; what is placed of it follows at the time of the decision. */
function familyOf({ pools }: Service): Family {
  const kinds = pools.flatMap(({ endpoints }) => endpoints.map(({ kind }) => kind))
  return kinds.length > 0 && kinds.every((kind) => kind === 'ipv6') ? 'ipv6' : 'ipv4'
}

function costOf(
  costs: NonNullable<Snapshot['maps'][number]['costs']> | undefined,
  classNumber: number,
  site: number,
): number | undefined {
  const column = costs?.sites.indexOf(site) ?? -1
  if (costs === undefined || column < 0) return undefined
  const km = costs.km[classNumber * costs.sites.length + column]!
  return Number.isNaN(km) ? undefined : km
}

/** Where nobody knows how far it is, the order of the policy counts: each place further back is another continent. */
function farAway(preference: readonly number[], site: number): number {
  const rank = preference.indexOf(site)
  return (rank < 0 ? preference.length : rank) * CONTINENT_KM
}

const CONTINENT_KM = 5000

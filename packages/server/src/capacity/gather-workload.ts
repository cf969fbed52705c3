import type { Snapshot } from '@windrose/nameserver'
import {
  type Assignment,
  classKey,
  type Family,
  NO_HOME,
  preferPools,
  type Service,
  UNPLACED,
  WHOLE,
  type Workload,
} from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'
import type { PlacedClass } from './placement-record.ts'

/** One row of a workload: a class of clients of a service. */
export interface PlacedArea {
  readonly service: Service
  readonly classNumber: number
  readonly key: string
}

/** What is known of load, in answers a second. */
export interface KnownLoads {
  /** By service and `classKey`: queries. */
  readonly demand: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** By site: answers of all services. */
  readonly bySite: ReadonlyMap<string, number>
  /** By service and site: answers. */
  readonly byPool: (service: string, site: string) => number
  /** How old the oldest count is, in intervals of counting. */
  readonly age: number
}

/** The load that one way of placing has to place, with what its rows and columns stand for. */
export interface GatheredWorkload {
  readonly workload: Workload
  readonly areas: readonly PlacedArea[]
}

/**
 * Gathers what the services of one kind ask of the sites. The load of all other services stays where it is: a site has so
 * much less room. Classes that nobody asks from are left out; they are placed as soon as somebody does.
 */
export function gatherWorkload(
  services: readonly Service[],
  { maps, health }: Pick<Snapshot, 'maps' | 'health'>,
  { sites }: Pick<ServedConfiguration, 'sites'>,
  loads: KnownLoads,
): GatheredWorkload {
  const areas: PlacedArea[] = []
  const demand: number[] = []
  const preference: number[][] = []
  const costs: number[][] = []
  for (const service of services) {
    const known = loads.demand.get(service.name)
    const map = maps[service.clientMap]
    const classes = map?.classes ?? [UNPLACED]
    const family = familyOf(service)
    for (const [classNumber, one] of classes.entries()) {
      const key = classKey(one)
      const queries = known?.get(key) ?? 0
      if (queries === 0) continue
      const pools = preferPools(service, family, one, health)
      areas.push({ service, classNumber, key })
      demand.push(queries)
      preference.push(pools.map((position) => service.pools[position]!.site).filter((site) => site >= 0))
      costs.push(sites.map((_, site) => costOf(map?.costs, classNumber, site) ?? farAway(preference.at(-1)!, site)))
    }
  }
  const placed = new Set(services.map(({ name }) => name))
  const ownLoad = (site: string): number => [...placed].reduce((sum, name) => sum + loads.byPool(name, site), 0)
  return {
    areas,
    workload: {
      sites: sites.map(({ name, capacity }) => {
        if (capacity === undefined) return { capacity: Number.POSITIVE_INFINITY, target: 1, low: 1, reportAge: 0 }
        const others = Math.max(0, (loads.bySite.get(name) ?? 0) - ownLoad(name))
        const room = Math.max(0, capacity.value * capacity.target - others)
        return { capacity: room / capacity.target, target: capacity.target, low: capacity.low, reportAge: loads.age }
      }),
      demand: Float64Array.from(demand),
      preference,
      cost: Float64Array.from(costs.flat()),
    },
  }
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

/** What is in force for these areas: what was placed before, and the policy's choice for all others. */
export function assignmentOf(
  areas: readonly PlacedArea[],
  { preference }: Pick<Workload, 'preference'>,
  { sites, before }: { readonly sites: readonly { readonly name: string }[]; readonly before: PlacedBefore },
): Assignment {
  const shares = new Float64Array(areas.length * sites.length)
  const homes = new Int16Array(areas.length).fill(NO_HOME)
  const indexOf = new Map(sites.map(({ name }, index) => [name, index]))
  for (const [row, area] of areas.entries()) {
    const placed = before(area)
    const home = placed === undefined ? (preference[row]![0] ?? NO_HOME) : (indexOf.get(placed.home) ?? NO_HOME)
    homes[row] = home
    if (placed === undefined) {
      if (home !== NO_HOME) shares[row * sites.length + home] = 1
      continue
    }
    for (const [site, parts] of placed.shares) {
      const index = indexOf.get(site)
      if (index !== undefined) shares[row * sites.length + index] = parts / WHOLE
    }
  }
  return { shares, homes }
}

export type PlacedBefore = (area: PlacedArea) => PlacedClass | undefined

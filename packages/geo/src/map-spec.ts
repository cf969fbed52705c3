import { type Prefix, printPrefix } from '@windrose/ip'
import { type AreaTable, matcherKey } from './area-table.ts'
import type { PlacedSite } from './site-order.ts'
import { GLOBAL_VIEW, type ViewSpec } from './view-order.ts'

/** What a client map depends on besides the databases. Plain data: it can be sent to another thread. */
export interface MapSpec {
  /** The sites with coordinates. */
  readonly sites: readonly PlacedSite[]
  /** How many of the nearest sites a class lists; beyond them the configuration's order holds. */
  readonly preferred: number
  /**
   * Sites that are chosen among together, as lists of site indexes: a class lists the nearest `preferred` of each. Left out,
   * all sites are one group.
   */
  readonly groups?: readonly (readonly number[])[]
  /** Overrides: the longest prefix wins, and always beats the databases. No prefix comes twice. */
  readonly rules: readonly MapRule[]
  /** Left out, everybody has the global view. */
  readonly views?: ViewSpec
  /** By the `table` of geo steps; left out, there are none. */
  readonly areas?: readonly AreaTable[]
  /** Whether the map says how far each class is from the sites, and how large it is. */
  readonly costs?: boolean
}

/** An operator's word on where the clients of a prefix go. */
export interface MapRule {
  readonly prefix: Prefix
  /** Site indexes, first choice first. */
  readonly sites: readonly number[]
  /** The view of its clients, whatever their country; left out, the global one. */
  readonly view?: number
  readonly comment: string
}

/** Nearest sites in a class unless the configuration says otherwise; gdnsd lists as many. */
export const PREFERRED_SITES = 3

/** Whether a map depends on where the databases place clients. */
export function asksForPlaces({ sites, views = GLOBAL_VIEW, areas = [] }: MapSpec): boolean {
  const ofPlaces = areas.flat().some(({ of }) => of.kind !== 'prefix' && of.kind !== 'asn')
  return sites.length > 0 || ofPlaces || views.countries.length > 0 || views.nearest.length > 0
}

/** Equal for specs that make the same map from the same databases. */
export function mapSpecKey(spec: MapSpec): string {
  const sites = [...spec.sites].sort((a, b) => a.index - b.index)
  return JSON.stringify([
    sites.map((site) => [site.index, site.latitude, site.longitude, site.bias]),
    spec.preferred,
    groupsKey(spec),
    spec.rules.map((rule) => [printPrefix(rule.prefix), rule.sites, rule.view ?? 0]),
    spec.views ?? GLOBAL_VIEW,
    (spec.areas ?? []).map((table) => table.map(({ of, area }) => [matcherKey(of), area])),
    spec.costs ?? false,
  ])
}

/** Groups in any order, each once; nothing where they are one group of all sites. */
function groupsKey({ sites, groups }: MapSpec): string[] {
  const all = sites.map(({ index }) => index)
  const lists = (groups ?? [all]).map((group) => [...new Set(group)].sort((a, b) => a - b).join())
  const distinct = [...new Set(lists)].sort()
  return distinct.length === 1 && distinct[0] === [...all].sort((a, b) => a - b).join() ? [] : distinct
}

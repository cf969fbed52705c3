import { type Prefix, printPrefix } from '@windrose/ip'
import type { PlacedSite } from './site-order.ts'
import { GLOBAL_VIEW, type ViewSpec } from './view-order.ts'

/** What a client map depends on besides the databases. Plain data: it can be sent to another thread. */
export interface MapSpec {
  /** The sites with coordinates. */
  readonly sites: readonly PlacedSite[]
  /** How many of the nearest sites a class lists; beyond them the configuration's order holds. */
  readonly preferred: number
  /** Overrides: the longest prefix wins, and always beats the databases. No prefix comes twice. */
  readonly rules: readonly MapRule[]
  /** Left out, everybody has the global view. */
  readonly views?: ViewSpec
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

/** Equal for specs that make the same map from the same databases. */
export function mapSpecKey(spec: MapSpec): string {
  const sites = [...spec.sites].sort((a, b) => a.index - b.index)
  return JSON.stringify([
    sites.map((site) => [site.index, site.latitude, site.longitude, site.bias]),
    spec.preferred,
    spec.rules.map((rule) => [printPrefix(rule.prefix), rule.sites, rule.view ?? 0]),
    spec.views ?? GLOBAL_VIEW,
  ])
}

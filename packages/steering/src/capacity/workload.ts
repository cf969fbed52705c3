/** What a site can take. All figures are in one unit of demand: see `load-factor.ts` where a site reports another. */
export interface SiteLimits {
  /** The load at which the site is full; Infinity where nothing is configured. */
  readonly capacity: number
  /** Above this part of its capacity a site gives load away, and up to it takes some in. Above 0; 0.8 by default. */
  readonly target: number
  /** Only below this part of its capacity load comes back. Below `target`; 0.65 by default. */
  readonly low: number
  /** How old the newest report of its load is, in intervals of the report; 0 where none is needed. */
  readonly reportAge: number
  /** The part of its target that it keeps free of others' clients, as long as these have room elsewhere: 0 to 1. RESERVE if left out. */
  readonly reserve?: number
}

/**
 * What has to be placed, and where it may be: one row an area, one column a site. An area is a row of clients that are
 * steered alike, which in a server with several services is a client class of a service.
 *
 * Ties go by position, so positions must be the same on every server: those of the configuration are.
 */
export interface Workload {
  readonly sites: readonly SiteLimits[]
  /** By area: load, 0 or more. */
  readonly demand: Float64Array
  /**
   * By area: the sites that are up for it, the one that policy prefers first. Each once, at most all of them. What a fence
   * keeps out is not in it. Empty where nothing is up: the area then is in no site's load.
   */
  readonly preference: readonly ArrayLike<number>[]
  /** Area times sites plus site: what a unit of the area's demand costs there, 0 or more. Kilometres or milliseconds. */
  readonly cost: Float64Array
}

/** Where the clients of each area are sent. */
export interface Assignment {
  /** Area times sites plus site: from 0 to 1. A row sums to 1, or is 0 where nothing is up. */
  readonly shares: Float64Array
  /** By area: the site that was preferred when the shares were made, or NO_HOME. */
  readonly homes: Int16Array
}

export const NO_HOME = -1

/** After so many intervals without a report of a site's load, nothing moves there, from there or back. */
export const STALE_AFTER_INTERVALS = 3

/** Whether the site is left as it is, because nobody knows how loaded it is. */
export function isFrozen({ reportAge }: SiteLimits): boolean {
  return reportAge > STALE_AFTER_INTERVALS
}

/** The load up to which a site may be filled. */
export function targetLoad({ capacity, target }: SiteLimits): number {
  return capacity * target
}

/** The load that a site keeps free of others' clients, as long as these have room elsewhere. */
export function reserveLoad(site: SiteLimits): number {
  return targetLoad(site) * (site.reserve ?? RESERVE)
}

/**
 * The load up to which a site takes in others' clients, as long as there is room of this kind: its target less a reserve.
 * Demand wavers; sites that were filled to their targets would hand the same few clients to and fro.
 */
export function receivingLoad(site: SiteLimits): number {
  const target = targetLoad(site)
  return target === Number.POSITIVE_INFINITY ? target : target - reserveLoad(site)
}

export const RESERVE = 0.05

/** The load below which others may come back to a site. */
export function lowLoad({ capacity, low }: SiteLimits): number {
  return capacity * low
}

/** By site: the load that an assignment gives it. */
export function loadsOf({ sites, demand }: Workload, shares: Float64Array): Float64Array {
  const loads = new Float64Array(sites.length)
  for (let area = 0, cell = 0; area < demand.length; area++) {
    const load = demand[area]!
    for (let site = 0; site < sites.length; site++, cell++) {
      const share = shares[cell]!
      if (share > 0) loads[site]! += share * load
    }
  }
  return loads
}

/** What an assignment costs in all: demand times share times cost, summed. */
export function costOf({ sites, demand, cost }: Workload, shares: Float64Array): number {
  let sum = 0
  for (let area = 0, cell = 0; area < demand.length; area++) {
    const load = demand[area]!
    for (let site = 0; site < sites.length; site++, cell++) {
      const share = shares[cell]!
      if (share > 0) sum += share * load * cost[cell]!
    }
  }
  return sum
}

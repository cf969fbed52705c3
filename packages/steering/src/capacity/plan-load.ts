import { type Draft, LEAST_SHARE } from './draft.ts'
import { solveTransport } from './solve-transport.ts'
import { isFrozen, receivingLoad, type SiteLimits, targetLoad, type Workload } from './workload.ts'

/**
 * The shares with the least cost in all: every site up to its target less its reserve; where the load does not fit into
 * that, into as many quarters of the reserve as it takes; where it does not fit into targets at all, up to what a site
 * carries anyway. So no site that is below its target is above it in the plan, and the load above targets is as little as
 * can be.
 *
 * A site that has room is filled less far than one that is full is emptied: else demand that wavers would have the same
 * clients leave and come back. What lies between, it keeps.
 *
 * What is at frozen sites stays there.
 */
export function planLoad(workload: Workload, { shares, loads }: Draft): Float64Array {
  const { cost, demand, preference, sites } = workload
  const frozen = sites.map(isFrozen)
  const free = freeShares(workload, shares, frozen)
  const options = frozen.includes(true)
    ? preference.map((list) => Array.from(list).filter((site) => !frozen[site]))
    : preference
  const targets = Float64Array.from(sites, targetLoad)
  const flow = solveTransport({
    sites: sites.length,
    demand: demand.map((load, area) => load * free[area]!),
    options,
    cost,
    levels: [
      Float64Array.from(sites, (site, position) => keptLoad(site, loads[position]!)),
      ...LEVELS.map((part) => Float64Array.from(sites, (site) => reserveLevel(site, part))),
      targets.map((limit, site) => Math.max(limit, loads[site]!)),
    ],
  })
  const plan = shares.slice()
  options.forEach((list, area) => {
    const load = demand[area]! * free[area]!
    if (load === 0) return
    const row = area * sites.length
    for (let i = 0; i < list.length; i++) plan[row + list[i]!] = (flow[row + list[i]!]! / load) * free[area]!
  })
  return plan
}

/** The load at which a site has used up so much of its reserve, 0 to 1; below 0, at which it has so much free beside it. */
export function reserveLevel(site: SiteLimits, part: number): number {
  const receiving = receivingLoad(site)
  return part === 0 || receiving === Number.POSITIVE_INFINITY
    ? receiving
    : receiving + (targetLoad(site) - receiving) * part
}

/** Up to where a site with such a load is filled while there is room elsewhere. */
function keptLoad(site: SiteLimits, load: number): number {
  return Math.min(receivingLoad(site), Math.max(reserveLevel(site, RETURN_PART), load))
}

/**
 * Up to where clients come back, as a part of the reserve: 91 % of the target. A class that makes up most of a site's load and
 * wavers by 5 % from count to count moves it by 2 to 3 %, and balance gives load away at 97.5 %.
 */
const RETURN_PART = -0.8

/** Reserves are used evenly: else a little more demand would fill one site to its target and leave the others. */
const LEVELS = [0, 0.25, 0.5, 0.75, 1]

/** By area: the share that is not at frozen sites. */
function freeShares({ demand, sites }: Workload, shares: Float64Array, frozen: readonly boolean[]): Float64Array {
  return demand.map((_, area) => {
    const row = area * sites.length
    const free = frozen.reduce((left, isFrozenSite, site) => (isFrozenSite ? left - shares[row + site]! : left), 1)
    return free < LEAST_SHARE ? 0 : free
  })
}

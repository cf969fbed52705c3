import { type Draft, LEAST_SHARE } from './draft.ts'
import { solveTransport } from './solve-transport.ts'
import { isFrozen, receivingLoad, type SiteLimits, targetLoad, type Workload } from './workload.ts'

/**
 * The shares with the least cost in all: every site up to its target less its reserve; where the load does not fit into
 * that, into as many quarters of the reserve as it takes; where it does not fit into targets at all, up to what a site
 * carries anyway. So no site that is below its target is above it in the plan, and the load above targets is as little as
 * can be.
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

/** The load at which a site has used up so much of its reserve, 0 to 1. */
export function reserveLevel(site: SiteLimits, part: number): number {
  const receiving = receivingLoad(site)
  return part === 0 || receiving === Number.POSITIVE_INFINITY
    ? receiving
    : receiving + (targetLoad(site) - receiving) * part
}

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

import { type Draft, LEAST_SHARE, shareThatFits } from './draft.ts'
import { type Assignment, isFrozen, loadsOf, NO_HOME, targetLoad, type Workload } from './workload.ts'

/**
 * Carries an assignment over to what is up now, at once: health does not wait for steps.
 *
 * Displaced are the clients of a site that an area no longer lists, those whose preferred site has another before it now
 * (it came up again), and everybody in an area that is new. What else was spilled stays where it is. The displaced go
 *
 *   to the preferred site, as far as it has room below its target, the nearest first;
 *   then down the list, as far as there is room;
 *   and what has room nowhere goes to the preferred site all the same: nobody is lost.
 *
 * With nothing before it, this is an assignment of everybody.
 */
export function placeDisplaced(workload: Workload, previous: Assignment | undefined): Draft {
  const { demand, sites } = workload
  const draft = { shares: new Float64Array(demand.length * sites.length), homes: homesOf(workload) }
  const displaced = keepPlaces(workload, previous, draft)
  const placed: Draft = { ...draft, loads: loadsOf(workload, draft.shares) }
  const areas = inOrderOfCost(workload, placed.homes, displaced)
  const limits = sites.map(targetLoad)
  const settle = (area: number, site: number, isForced = false): void => {
    const room = isForced ? Number.POSITIVE_INFINITY : limits[site]! - placed.loads[site]!
    const share = Math.min(displaced[area]!, shareThatFits(room, demand[area]!))
    displaced[area]! -= share
    placed.shares[area * sites.length + site]! += share
    placed.loads[site]! += share * demand[area]!
  }
  for (const area of areas) settle(area, placed.homes[area]!)
  for (const area of areas) {
    const list = workload.preference[area]!
    for (let rank = 1; rank < list.length && displaced[area]! > 0; rank++) {
      if (!isFrozen(sites[list[rank]!]!)) settle(area, list[rank]!)
    }
    settle(area, placed.homes[area]!, true)
  }
  return placed
}

function homesOf({ preference }: Workload): Int16Array {
  return Int16Array.from(preference, (list) => list[0] ?? NO_HOME)
}

/** Copies the shares that stay; by area, what of it is to be placed. */
function keepPlaces(
  { demand, sites, preference }: Workload,
  previous: Assignment | undefined,
  { shares, homes }: Pick<Draft, 'shares' | 'homes'>,
): Float64Array {
  const displaced = new Float64Array(demand.length)
  for (let area = 0; area < demand.length; area++) {
    const home = homes[area]!
    if (home === NO_HOME) continue
    const row = area * sites.length
    const list = preference[area]!
    const left = previous === undefined || previous.homes[area] === home ? NO_HOME : previous.homes[area]!
    let kept = 0
    for (let rank = 0; previous !== undefined && rank < list.length; rank++) {
      const site = list[rank]!
      if (site === left) continue
      shares[row + site] = previous.shares[row + site]!
      kept += shares[row + site]!
    }
    const gap = 1 - kept
    // Rounding is nobody's move.
    if (Math.abs(gap) < ROUNDING) shares[row + largest(shares, row, list)]! += gap
    else displaced[area] = gap
  }
  return displaced
}

function largest(shares: Float64Array, row: number, list: ArrayLike<number>): number {
  let best = list[0]!
  for (let rank = 1; rank < list.length; rank++)
    if (shares[row + list[rank]!]! > shares[row + best]!) best = list[rank]!
  return best
}

/** The areas with somebody to place, those near to their preferred site first: they lose most by another. */
function inOrderOfCost({ cost, sites }: Workload, homes: Int16Array, displaced: Float64Array): readonly number[] {
  const areas: number[] = []
  displaced.forEach((share, area) => {
    if (share > LEAST_SHARE) areas.push(area)
  })
  const costAtHome = (area: number): number => cost[area * sites.length + homes[area]!]!
  return areas.sort((a, b) => costAtHome(a) - costAtHome(b) || a - b)
}

const ROUNDING = 1e-9

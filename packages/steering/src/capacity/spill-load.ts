import type { Draft } from './draft.ts'
import { placeDisplaced } from './place-displaced.ts'
import { type CapacityRule, finishPlacement } from './placement.ts'
import { relieveSites } from './relieve-sites.ts'
import { returnLoad } from './return-load.ts'
import type { Workload } from './workload.ts'

/**
 * Spill: every area stays with the site that policy prefers, but for what lies above a site's target; that goes to the
 * area's next sites while they have room, the farthest areas first, and comes back when the site is below its low mark.
 *
 * Holds, whatever the demand: no site goes over its target by it; no load is lost; at most `step` of an area's clients
 * moves (health apart: see `placeDisplaced`); between the two marks of a site nothing comes back, but from a site that is
 * over its own target; same inputs, same shares.
 *
 * It looks one hop far: where an area's list is short and its sites are full, it does not make room there by moving
 * others on. `balanceLoad` does.
 */
export const spillLoad: CapacityRule = (workload, previous, step) => {
  const draft = placeDisplaced(workload, previous)
  const budget = new Float64Array(workload.demand.length).fill(step)
  relieveSites(workload, draft, budget)
  returnLoad(workload, draft, budget)
  return finishPlacement(workload, draft, restingLoads(workload, draft))
}

/** Loads once all has moved that finds room. */
function restingLoads(workload: Workload, { shares, homes, loads }: Draft): Float64Array {
  const trial: Draft = { shares: shares.slice(), homes, loads: loads.slice() }
  relieveSites(workload, trial, new Float64Array(workload.demand.length).fill(Number.POSITIVE_INFINITY))
  return trial.loads
}

import type { Draft } from './draft.ts'
import { type Assignment, loadsOf, targetLoad, type Workload } from './workload.ts'

/** What a recomputation comes to. */
export interface Placement {
  readonly assignment: Assignment
  /** By site: its load under the assignment. */
  readonly loads: Float64Array
  /** By site: its load above its target. */
  readonly excess: Float64Array
  /** By site: the part of `excess` that no further step will move, because no listed site has room for it. */
  readonly unspilled: Float64Array
}

/**
 * One way to place load. `previous` is what is in force, undefined at the first time; `step` is the part of an area's
 * clients that may move, 0 to 1.
 */
export type CapacityRule = (workload: Workload, previous: Assignment | undefined, step: number) => Placement

/** The part of an area's clients that may move in one recomputation. */
export const DEFAULT_STEP = 0.1

/** How much each site carries above its target. */
export function excessOf({ sites }: Workload, loads: Float64Array): Float64Array {
  return Float64Array.from(sites, (site, position) => {
    const over = loads[position]! - targetLoad(site)
    return over > ROUNDING * loads[position]! ? over : 0
  })
}

/** `restingLoads`: by site, what its load comes to after any number of further steps with the same demand. */
export function finishPlacement(workload: Workload, { shares, homes }: Draft, restingLoads: Float64Array): Placement {
  const loads = loadsOf(workload, shares)
  return {
    assignment: { shares, homes },
    loads,
    excess: excessOf(workload, loads),
    unspilled: excessOf(workload, restingLoads),
  }
}

/** Loads are sums of many products: what is over by less than this part is not over. */
const ROUNDING = 1e-9

import { approach } from './approach.ts'
import type { Draft } from './draft.ts'
import { placeDisplaced } from './place-displaced.ts'
import { type CapacityRule, finishPlacement } from './placement.ts'
import { planLoad, reserveLevel } from './plan-load.ts'
import { costOf, isFrozen, loadsOf, reserveLoad, targetLoad, type Workload } from './workload.ts'

/**
 * Balance: all areas together are assigned to sites such that the sum of their costs is the least that all targets allow.
 * The order of an area's list says where its clients go when health moves them; what counts here is cost.
 *
 * Each recomputation finds the best assignment anew (`planLoad`). Towards it goes a step, if it is worth it: if a site is
 * so full that it has used up half of its reserve, or if the sum of costs would fall by more than GAIN. So noise in the demand
 * moves nobody.
 *
 * No site is pushed over its target in any state on the way, no load is lost, and at most `step` of an area's clients moves
 * (health apart: see `placeDisplaced`). Where overload cannot be avoided it stays where it is, and as little as can be.
 */
export const balanceLoad: CapacityRule = (workload, previous, step) => {
  const placed = placeDisplaced(workload, previous)
  const plan = planLoad(workload, placed)
  const mayMove = previous === undefined ? 1 : isWorthIt(workload, placed, plan) ? step : 0
  const draft = approach(workload, placed, plan, mayMove)
  return finishPlacement(workload, draft, loadsOf(workload, plan))
}

function isWorthIt(workload: Workload, { shares, loads }: Draft, plan: Float64Array): boolean {
  const planned = loadsOf(workload, plan)
  const isTight = workload.sites.some((site, position) => {
    const load = loads[position]!
    if (isFrozen(site) || load <= reserveLevel(site, 0.5)) return false
    // Where reserves are needed, a site is this full under any plan: only what is clearly above it counts.
    const slack = load > targetLoad(site) ? load * ROUNDING : reserveLoad(site) * SLACK
    return load > planned[position]! + slack
  })
  return isTight || costOf(workload, shares) > costOf(workload, plan) * (1 + GAIN)
}

/** By how much a plan must cost less to be worth moving clients. */
const GAIN = 0.02

/** The part of its reserve by which a site's load must be above the plan, where it is not above its target. */
const SLACK = 0.25

/** A load is a sum of many parts: by less than this part of it, it is not above the plan. */
const ROUNDING = 1e-6

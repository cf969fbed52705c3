import { approach } from './approach.ts'
import { placeDisplaced } from './place-displaced.ts'
import { type CapacityRule, finishPlacement } from './placement.ts'
import { shedCapped } from './shed-capped.ts'
import { shedUncapped } from './shed-uncapped.ts'
import { loadsOf, type Workload } from './workload.ts'

/**
 * Shed by watermarks, as the filter `shed_load` of NS1: a site gives away nothing below its low mark, all above its high
 * mark (here: its target), and in between a part that grows evenly. What it gives away comes evenly from all its areas and
 * goes to the next site of their lists.
 *
 * NS1 applies the rule to the load as it is measured, under the shares of before, and leaves it to the load to find its
 * rest. Here the shares are those at which it rests: `restingLoad`.
 *
 * A site takes in only what it has room for below its target, so nobody is pushed over it that would not be without
 * shedding. `shedLoadUncapped` does without that.
 */
export const shedLoad: CapacityRule = (workload, previous, step) => shed(shedCapped, workload, previous, step)

/**
 * As `shedLoad`, but the next site takes in all that it is given and sheds in its turn, as in NS1. A site that was below
 * its target may be pushed over it. What all sites of a list shed stays with the first: nobody is lost.
 */
export const shedLoadUncapped: CapacityRule = (workload, previous, step) => shed(shedUncapped, workload, previous, step)

function shed(
  wantedShares: (workload: Workload) => Float64Array,
  ...[workload, previous, step]: Parameters<CapacityRule>
) {
  const draft = placeDisplaced(workload, previous)
  const wanted = wantedShares(workload)
  const next = approach(workload, draft, wanted, previous === undefined ? 1 : step)
  return finishPlacement(workload, next, loadsOf(workload, wanted))
}

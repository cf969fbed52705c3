import { approach } from './approach.ts'
import type { Draft } from './draft.ts'
import { placeDisplaced } from './place-displaced.ts'
import { type CapacityRule, finishPlacement, type Placement } from './placement.ts'
import { shedCapped } from './shed-capped.ts'
import { shedUncapped } from './shed-uncapped.ts'
import { isFrozen, loadsOf, type Workload } from './workload.ts'

/**
 * Shed by watermarks, as the filter `shed_load` of NS1: a site gives away nothing below its low mark, all above its high
 * mark (here: its target), and in between a part that grows evenly. What it gives away comes evenly from all its areas and
 * goes to the next site of their lists.
 *
 * NS1 applies the rule to the load as it is measured, under the shares of before, and leaves it to the load to find its
 * rest. Here the shares are those at which it rests: `restingLoad`.
 *
 * A site takes in only what it has room for below its target, and never sends its own clients away for it. So nobody is
 * pushed over the target who would not be over it without shedding.
 */
export const shedLoad: CapacityRule = (workload, previous, step) => shed(shedCapped, workload, previous, step)

/**
 * As `shedLoad`, but the next site takes in all that it is given and sheds in its turn, as in NS1. So one site's overload
 * goes through all lists, and moves clients of sites that had room for them. What all sites of a list shed stays with the
 * first. At rest no site is over its target that would not be over it without shedding; but it rests only if demand does.
 */
export const shedLoadUncapped: CapacityRule = (workload, previous, step) => shed(shedUncapped, workload, previous, step)

type Shedding = (workload: Workload, fixed: Float64Array) => Float64Array

function shed(shedding: Shedding, ...[workload, previous, step]: Parameters<CapacityRule>): Placement {
  const draft = placeDisplaced(workload, previous)
  const { movable, fixed } = setAside(workload, draft)
  const wanted = shedding(movable, fixed)
  const width = workload.sites.length
  movable.preference.forEach((list, area) => {
    if (list.length === 0) wanted.set(draft.shares.subarray(area * width, (area + 1) * width), area * width)
  })
  const next = approach(workload, draft, wanted, previous === undefined ? 1 : step)
  return finishPlacement(workload, next, loadsOf(workload, wanted))
}

/**
 * What can be decided while the load of some sites is not known. Areas with clients there, or at home there, stay as they
 * are: they are load that is fixed. The others do without these sites.
 */
function setAside(workload: Workload, { shares, loads }: Draft): { movable: Workload; fixed: Float64Array } {
  const { demand, sites, preference } = workload
  const frozen = sites.map(isFrozen)
  if (!frozen.includes(true)) return { movable: workload, fixed: new Float64Array(sites.length) }
  const lists = preference.map((list, area): ArrayLike<number> => {
    const isTied = Array.from(list).some(
      (site, rank) => frozen[site] && (rank === 0 || shares[area * sites.length + site]! > 0),
    )
    return isTied ? [] : Array.from(list).filter((site) => !frozen[site])
  })
  const moving = lists.map((list, area) => (list.length > 0 ? demand[area]! : 0))
  const movingLoads = loadsOf({ ...workload, demand: Float64Array.from(moving) }, shares)
  return {
    movable: { ...workload, preference: lists },
    fixed: loads.map((load, site) => Math.max(0, load - movingLoads[site]!)),
  }
}

import { type Draft, moveShare, shareThatFits } from './draft.ts'
import { isFrozen, receivingLoad, targetLoad, type Workload } from './workload.ts'

/**
 * Moves what sites carry above their targets to other sites of the same areas, as far as those have room: first what they
 * take in without touching their reserve, then, where that is not enough, up to their targets. Greedy: the fullest site
 * first; of its areas the farthest first, for they lose least by another; of an area's list the most preferred that has
 * room. What fits nowhere stays where it was. Nothing moves to a frozen site, or away from one.
 *
 * No site is pushed over its target, so one site's overload never becomes another's.
 *
 * `budget`: by area, the share that may still move. What is moved is taken off.
 */
export function relieveSites(workload: Workload, draft: Draft, budget: Float64Array): void {
  const { sites } = workload
  const targets = sites.map(targetLoad)
  const overloaded = sites
    .map((site, position) => ({ position, use: draft.loads[position]! / targets[position]!, frozen: isFrozen(site) }))
    .filter(({ position, frozen }) => !frozen && draft.loads[position]! > targets[position]!)
    .sort((a, b) => b.use - a.use || a.position - b.position)
  for (const limits of [sites.map(receivingLoad), targets]) {
    for (const { position } of overloaded) {
      relieveSite(workload, draft, { from: position, most: targets[position]!, limits, budget })
    }
  }
}

interface Relief {
  readonly from: number
  /** What it may keep. */
  readonly most: number
  /** By site: up to where others are filled. */
  readonly limits: readonly number[]
  readonly budget: Float64Array
}

function relieveSite(workload: Workload, draft: Draft, { from, most, limits, budget }: Relief): void {
  const { demand, preference, sites } = workload
  if (draft.loads[from]! <= most) return
  for (const area of farthestFirst(workload, draft, from)) {
    const list = preference[area]!
    for (let rank = 0; rank < list.length; rank++) {
      const to = list[rank]!
      if (to === from || isFrozen(sites[to]!)) continue
      const share = Math.min(
        draft.shares[area * sites.length + from]!,
        budget[area]!,
        shareThatFits(draft.loads[from]! - most, demand[area]!),
        shareThatFits(limits[to]! - draft.loads[to]!, demand[area]!),
      )
      if (share <= 0) continue
      moveShare(workload, draft, { area, from, to, share })
      budget[area]! -= share
    }
    if (draft.loads[from]! <= most) return
  }
}

function farthestFirst({ demand, cost, sites }: Workload, { shares }: Draft, from: number): readonly number[] {
  const areas: number[] = []
  for (let area = 0, cell = from; area < demand.length; area++, cell += sites.length) {
    if (shares[cell]! > 0 && demand[area]! > 0) areas.push(area)
  }
  return areas.sort((a, b) => cost[b * sites.length + from]! - cost[a * sites.length + from]! || a - b)
}

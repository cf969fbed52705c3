import { type Draft, moveShare, shareThatFits } from './draft.ts'
import { isFrozen, lowLoad, type Workload } from './workload.ts'

/**
 * Lets clients come back to sites that their areas prefer to where they are, if these are below their low mark, and up to
 * it. Between the low mark and the target nothing moves of itself: a load that wavers there moves nobody to and fro.
 *
 * The nearest areas come first, each from the site that it likes least. Nothing leaves a frozen site or comes to one.
 *
 * `budget`: by area, the share that may still move. What is moved is taken off.
 */
export function returnLoad(workload: Workload, draft: Draft, budget: Float64Array): void {
  const { sites } = workload
  // Who is below the mark only because others have just left waits for the next time.
  const open = [...sites.keys()].filter((site) => !isFrozen(sites[site]!) && draft.loads[site]! < lowLoad(sites[site]!))
  for (const to of open) {
    const limit = lowLoad(sites[to]!)
    for (const area of nearestFirst(workload, draft, to)) {
      if (draft.loads[to]! >= limit) break
      returnArea(workload, draft, { area, to, limit, budget })
    }
  }
}

interface Return {
  readonly area: number
  readonly to: number
  readonly limit: number
  readonly budget: Float64Array
}

function returnArea(workload: Workload, draft: Draft, { area, to, limit, budget }: Return): void {
  const { demand, preference, sites } = workload
  const list = preference[area]!
  for (let rank = list.length - 1; list[rank] !== to; rank--) {
    const from = list[rank]!
    if (isFrozen(sites[from]!)) continue
    const share = Math.min(
      draft.shares[area * sites.length + from]!,
      budget[area]!,
      shareThatFits(limit - draft.loads[to]!, demand[area]!),
    )
    if (share <= 0) continue
    moveShare(workload, draft, { area, from, to, share })
    budget[area]! -= share
  }
}

/** The areas that list the site and have clients at one they like less. */
function nearestFirst({ demand, preference, cost, sites }: Workload, { shares }: Draft, to: number): readonly number[] {
  const areas: number[] = []
  for (let area = 0; area < demand.length; area++) {
    if (shares[area * sites.length + to]! < 1 && isElsewhere(preference[area]!, shares, area * sites.length, to))
      areas.push(area)
  }
  return areas.sort((a, b) => cost[a * sites.length + to]! - cost[b * sites.length + to]! || a - b)
}

function isElsewhere(list: ArrayLike<number>, shares: Float64Array, row: number, to: number): boolean {
  let isSomewhere = false
  for (let rank = list.length - 1; rank >= 0; rank--) {
    const site = list[rank]!
    if (site === to) return isSomewhere
    isSomewhere ||= shares[row + site]! > 0
  }
  return false
}

import type { Draft } from './draft.ts'
import { loadsOf, type Workload } from './workload.ts'

/**
 * Goes from a draft towards wanted shares, as far as no area moves more than `step` of its clients: all areas go the
 * same part of their way.
 *
 * Loads then go straight from what they are to what they will be. So a site that is below a limit before and under the
 * wanted shares is below it in every state on the way, also where sites swap clients.
 */
export function approach(workload: Workload, draft: Draft, wanted: Float64Array, step: number): Draft {
  const width = workload.sites.length
  let part = 1
  for (let area = 0; area < workload.demand.length; area++) {
    const way = distance(draft.shares, wanted, area * width, width)
    if (way * part > step) part = step / way
  }
  if (part === 1) return { shares: wanted, homes: draft.homes, loads: loadsOf(workload, wanted) }
  const shares = draft.shares.map((share, cell) => share + (wanted[cell]! - share) * part)
  return { shares, homes: draft.homes, loads: loadsOf(workload, shares) }
}

/** The share of an area that has to move to get from one row to the other. */
function distance(from: Float64Array, to: Float64Array, row: number, width: number): number {
  let sum = 0
  for (let cell = row; cell < row + width; cell++) sum += Math.max(0, from[cell]! - to[cell]!)
  return sum
}

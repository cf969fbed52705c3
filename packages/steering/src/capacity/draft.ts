import type { Workload } from './workload.ts'

/** An assignment while it is made, with the load that each site has from it. */
export interface Draft {
  readonly shares: Float64Array
  readonly homes: Int16Array
  readonly loads: Float64Array
}

/** A share of an area's clients that goes from one site to another. */
interface Move {
  readonly area: number
  readonly from: number
  readonly to: number
  readonly share: number
}

/** Carries a move out. Whoever calls has seen that the share is there. */
export function moveShare({ demand, sites }: Workload, { shares, loads }: Draft, move: Move): void {
  const { area, from, to, share } = move
  const row = area * sites.length
  const left = shares[row + from]! - share
  // What rounding leaves behind would otherwise be a share that is given clients.
  const moved = left < LEAST_SHARE ? shares[row + from]! : share
  shares[row + from] = left < LEAST_SHARE ? 0 : left
  shares[row + to]! += moved
  loads[from]! -= moved * demand[area]!
  loads[to]! += moved * demand[area]!
}

/** The part of an area's clients that fits into what room a site has. */
export function shareThatFits(room: number, demand: number): number {
  if (room <= 0) return 0
  return demand > room ? room / demand : 1
}

/** Smaller shares are nobody: far below what an encoded share can hold. */
export const LEAST_SHARE = 1e-12

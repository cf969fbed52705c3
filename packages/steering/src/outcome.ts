import { BUCKETS } from './client-bucket.ts'
import type { Decision, Variant } from './decision.ts'
import type { Endpoint } from './service.ts'

/** The group of those that are given no address. */
export const NOBODY = -1

/**
 * Where a decision sends its clients, as groups of endpoints: their sites, say.
 *
 * A client counts for the group of the first address of its answer: most try that one first, and weights hold for it.
 */
export interface Outcome {
  /** Share of the clients by group; NOBODY where the answer is empty. They sum to 1. */
  readonly shares: ReadonlyMap<number, number>
  /** The group of each bucket, where clients of different buckets are sent to different groups. */
  readonly buckets: Int32Array | undefined
}

export function outcomeOf({ variants, buckets }: Decision, groupOf: (endpoint: Endpoint) => number): Outcome {
  if (variants.length === 0) return outcomeIn(NOBODY)
  const groups = variants.map(({ endpoints }) => groupOf(endpoints[0]!))
  const shares = new Map<number, number>()
  for (const [i, { share }] of variants.entries()) shares.set(groups[i]!, (shares.get(groups[i]!) ?? 0) + share)
  // One group has everybody, whatever rounding made of its sum.
  if (shares.size === 1) return outcomeIn(groups[0]!)
  return { shares, buckets: buckets && Int32Array.from(buckets, (variant) => groups[variant]!) }
}

/** The outcome of clients of whom it is known which variant they are given. */
export function outcomeOfVariant({ endpoints }: Variant, groupOf: (endpoint: Endpoint) => number): Outcome {
  return outcomeIn(groupOf(endpoints[0]!))
}

function outcomeIn(group: number): Outcome {
  return { shares: new Map([[group, 1]]), buckets: undefined }
}

/** The clients that were in one group and are in another after a change; those that stay are moves to their own group. */
export interface Move {
  readonly from: number
  readonly to: number
  /** Of all clients of the decision, 0 to 1. The shares of all moves sum to 1. */
  readonly share: number
}

/**
 * How clients move from one outcome to another.
 *
 * Where both give every bucket a group, a client that moves is one whose bucket has another group. Draws are made anew for
 * each query, so nobody is bound to a group: as many as can stay are taken to stay, and what a group loses goes to those
 * that gain, by how much they do. `sameBuckets` says whether a client is in the same bucket before and after: the table
 * depends on the service's name.
 */
export function movesBetween(before: Outcome, after: Outcome, sameBuckets: boolean): readonly Move[] {
  if (sameBuckets && before.buckets !== undefined && after.buckets !== undefined) {
    return moveBuckets(before.buckets, after.buckets)
  }
  return moveShares(before.shares, after.shares)
}

function moveBuckets(before: Int32Array, after: Int32Array): readonly Move[] {
  const counts = new Map<number, Map<number, number>>()
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const from = before[bucket]!
    const to = after[bucket]!
    let row = counts.get(from)
    if (row === undefined) {
      row = new Map()
      counts.set(from, row)
    }
    row.set(to, (row.get(to) ?? 0) + 1)
  }
  return [...counts].flatMap(([from, row]) => [...row].map(([to, count]) => ({ from, to, share: count / BUCKETS })))
}

function moveShares(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): readonly Move[] {
  const moves: Move[] = []
  const losses: [group: number, share: number][] = []
  for (const [group, share] of before) {
    const stays = Math.min(share, after.get(group) ?? 0)
    if (stays > 0) moves.push({ from: group, to: group, share: stays })
    if (share - stays > ROUNDING) losses.push([group, share - stays])
  }
  const gains = [...after]
    .map(([group, share]): [group: number, share: number] => [group, share - (before.get(group) ?? 0)])
    .filter(([, gain]) => gain > ROUNDING)
  const gained = gains.reduce((sum, [, gain]) => sum + gain, 0)
  for (const [from, loss] of losses) {
    for (const [to, gain] of gains) moves.push({ from, to, share: loss * (gain / gained) })
  }
  return moves
}

/** Below this two sums of shares differ by how they were added up, not by what they are. */
const ROUNDING = 1e-12

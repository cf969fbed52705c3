import { mixHash } from './mix-hash.ts'
import { leastNegativeLog, negativeLog } from './negative-log.ts'
import type { Endpoint } from './service.ts'
import { tieBreakHash } from './tie-break.ts'
import { targetKey } from './variants.ts'

/** An endpoint in the contests for rows. */
export interface Contender {
  /** Which address or name it is: a position in the contest's targets. */
  readonly target: number
  /** 1 / weight: a score is multiplied by it. */
  readonly scale: number
  /** Two hashes of service and endpoint: 64 bits, so that no two endpoints of a service score alike everywhere. */
  readonly seed: number
  readonly second: number
}

/** All that compete, and what they stand for. */
export interface Contest {
  readonly contenders: readonly Contender[]
  /** By target: the first endpoint that has it. */
  readonly targets: readonly Endpoint[]
}

/**
 * The contest of a service's endpoints, in their tie-break order. An address that is there twice competes twice, which is
 * the same as once with both weights; it keeps what it has when one of the two leaves.
 */
export function openContest(service: string, endpoints: readonly Endpoint[]): Contest {
  const targets: Endpoint[] = []
  const byOctets = new Map<string, number>()
  const contenders = endpoints.map((endpoint): Contender => {
    const octets = targetKey(endpoint)
    const target = byOctets.get(octets) ?? targets.push(endpoint) - 1
    byOctets.set(octets, target)
    const seed = tieBreakHash(service, endpoint.id) | 0
    const second = tieBreakHash(`rendezvous of ${service}`, endpoint.id) | 0
    return { target, scale: 1 / endpoint.weight, seed, second }
  })
  return { contenders, targets }
}

/**
 * The `most` best targets of a row, best first: weighted rendezvous hashing (highest random weight: Thaler and Ravishankar
 * 1998; with weights: draft-ietf-bess-weighted-hrw).
 *
 * Every contender has a number u in (0, 1) for every row, by hash, and the least -ln(u) / weight is the best: -ln(u) is
 * exponentially distributed, so a contender is the first of weight / sum of all rows. A contender's score depends on
 * nothing but itself and the row. So who leaves takes only its own places away, who comes back takes only them back, and a
 * new weight moves places only to or from the one that has it.
 */
export function rankRow(contenders: readonly Contender[], row: number, most: number): number[] {
  const ranked: number[] = []
  const scores: number[] = []
  for (const contender of contenders) {
    const { target, scale } = contender
    const hash = rowHash(contender, row)
    // Most cannot be among the best, and are not worth a logarithm.
    if (ranked.length === most && leastNegativeLog(hash) * scale >= scores[most - 1]!) continue
    const score = negativeLog(hash) * scale
    const known = ranked.indexOf(target)
    // Its place is freed: that of its own worse score, else the last, or one more.
    let at = known >= 0 ? known : ranked.length < most ? ranked.length : most - 1
    if (at < ranked.length && score >= scores[at]!) continue
    for (; at > 0 && score < scores[at - 1]!; at--) {
      ranked[at] = ranked[at - 1]!
      scores[at] = scores[at - 1]!
    }
    ranked[at] = target
    scores[at] = score
  }
  return ranked
}

/** As `rankRow` with one place, for the many rows where only that is asked: it makes no list. */
export function bestOfRow(contenders: readonly Contender[], row: number): number {
  let best = -1
  let bestScore = Number.POSITIVE_INFINITY
  for (const contender of contenders) {
    const hash = rowHash(contender, row)
    if (leastNegativeLog(hash) * contender.scale >= bestScore) continue
    const score = negativeLog(hash) * contender.scale
    if (score >= bestScore) continue
    best = contender.target
    bestScore = score
  }
  return best
}

function rowHash({ seed, second }: Contender, row: number): number {
  return mixHash(second ^ mixHash(seed + imul(row, GOLDEN))) >>> 0
}

/** 2^32 divided by the golden ratio: neighbouring rows are far apart. */
const GOLDEN = 0x9e3779b9
const { imul } = Math

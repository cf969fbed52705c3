import { BUCKETS } from './client-bucket.ts'
import { VARIANTS_MAX, type Variant } from './decision.ts'
import { groupPositions } from './group-targets.ts'
import { mixHash } from './mix-hash.ts'
import { bestOfRow, type Contender, type Contest, openContest, rankRow } from './rendezvous.ts'
import type { Endpoint } from './service.ts'
import { answerSize, targetKey } from './variants.ts'

/** Answers with their shares, and which of them each bucket of clients is given. */
export interface Spread {
  readonly variants: readonly Variant[]
  /** Undefined where there are not two variants to choose from. */
  readonly buckets: Uint8Array | undefined
}

/**
 * Gives every bucket of clients an answer: its best `answers` endpoints by weighted rendezvous, best first. The same on
 * every server, whatever the order of the file.
 *
 * One endpoint that goes down changes only the answers that it was in, and it gets exactly these back when it is up again.
 * A new weight changes only answers that its endpoint comes into, leaves, or moves within.
 *
 * At most VARIANTS_MAX different answers fit into a decision. Where so many endpoints could give more, something is given
 * up, in this order:
 *
 *   1. the addresses behind the first. The first of a bucket is its best as ever, and so moves as little as ever. What
 *      follows it is not ranked for the bucket but for its first address and its lane, of which there are a few
 *      (bucket modulo 1, 2, 4 or 8): again by rendezvous, so an endpoint still changes only answers that it is in.
 *   2. the first place of endpoints beyond VARIANTS_MAX. Those that are best in a row of its own are first of some
 *      bucket, so the heavy ones rather than the light ones; when one of them goes down, one other takes its place. The
 *      rest only follow others.
 *
 * How much is given up is found from `candidates`, all endpoints of the tier whatever their health, so that no verdict
 * changes the rule and by that answers that have nothing to do with it. `endpoints` are those that serve, in their
 * tie-break order, with weights above 0.
 */
export function fillBuckets(
  service: string,
  endpoints: readonly Endpoint[],
  answers: number,
  candidates: readonly Endpoint[],
): Spread {
  if (endpoints.length === 0) return { variants: [], buckets: undefined }
  const contest = openContest(service, endpoints)
  const size = answerSize(endpoints, answers, groupPositions(contest.targets).length)
  const lanes = countLanes(new Set(candidates.map(targetKey)).size, answers)
  const lists = size > 1 && lanes === WHOLE ? wholeLists(contest, size) : laneLists(contest, size, lanes)
  return spread(contest, lists)
}

/** How the answer of a bucket is found: buckets with the same key have the same list of targets. */
interface Lists {
  readonly keyOf: (bucket: number) => number
  /** Asked right after `keyOf`. */
  readonly listOf: (key: number) => readonly number[]
}

/** Stands for as many lanes as buckets: every bucket is ranked to the end. */
const WHOLE = 0

/**
 * WHOLE if all rankings of `answers` of these many targets fit into a decision; else a power of two, which most changes of
 * the configuration leave as it is, such that each target may be first in every lane.
 */
function countLanes(targets: number, answers: number): number {
  let rankings = 1
  for (let place = 0; place < Math.min(answers, targets); place++) rankings *= targets - place
  if (rankings <= VARIANTS_MAX) return WHOLE
  let lanes = 1
  while (lanes * 2 * Math.min(targets, VARIANTS_MAX) <= VARIANTS_MAX) lanes *= 2
  return lanes
}

/** At most 8 targets, else the rankings did not fit: a list is a number with a digit for each place. */
function wholeLists({ targets, contenders }: Contest, size: number): Lists {
  let list: readonly number[] = []
  const keyOf = (bucket: number): number => {
    list = rankGroups(targets, contenders, bucket, size)
    let key = 0
    for (const target of list) key = key * targets.length + target
    return key
  }
  return { keyOf, listOf: () => list }
}

function laneLists(contest: Contest, size: number, lanes: number): Lists {
  const laneCount = Math.max(1, lanes)
  const { contenders, targets } = contest
  const isGrouped = hasGroups(targets)
  const heads = limitTargets(contest)
  const keyOf = (bucket: number): number => bestOfRow(heads, bucket) * laneCount + (bucket % laneCount)
  const listOf = (key: number): readonly number[] => {
    const first = Math.floor(key / laneCount)
    if (size === 1) return [first]
    const { seed } = contenders.find(({ target }) => target === first)!
    const others = contenders.filter(({ target }) => target !== first)
    const row = mixHash(seed + (key % laneCount))
    if (!isGrouped) return [first, ...rankRow(others, row, size - 1)]
    return oneOfGroup(targets, [first, ...rankRow(others, row, targets.length)], size)
  }
  return { keyOf, listOf }
}

function rankGroups(
  targets: readonly Endpoint[],
  contenders: readonly Contender[],
  row: number,
  size: number,
): readonly number[] {
  if (!hasGroups(targets)) return rankRow(contenders, row, size)
  return oneOfGroup(targets, rankRow(contenders, row, targets.length), size)
}

function hasGroups(targets: readonly Endpoint[]): boolean {
  return targets.some(({ group }) => group !== undefined)
}

/** The best of each group, at most `size` of them. */
function oneOfGroup(targets: readonly Endpoint[], ranked: readonly number[], size: number): readonly number[] {
  const taken = new Set<number>()
  const list: number[] = []
  for (const target of ranked) {
    const { group } = targets[target]!
    if (group !== undefined && taken.has(group)) continue
    if (group !== undefined) taken.add(group)
    list.push(target)
    if (list.length === size) break
  }
  return list
}

/** Variants are numbered as the buckets meet them. Two lanes may have the same list: it is one variant. */
function spread({ targets }: Contest, { keyOf, listOf }: Lists): Spread {
  const buckets = new Uint8Array(BUCKETS)
  const byKey: number[] = []
  const byList = new Map<string, number>()
  const found: { readonly endpoints: readonly Endpoint[]; buckets: number }[] = []
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const key = keyOf(bucket)
    let number = byKey[key]
    if (number === undefined) {
      const list = listOf(key)
      const endpoints = list.map((target) => targets[target]!)
      number = byList.get(list.join()) ?? found.push({ endpoints, buckets: 0 }) - 1
      byList.set(list.join(), number)
      byKey[key] = number
    }
    found[number]!.buckets++
    buckets[bucket] = number
  }
  const variants = found.map((variant) => ({ endpoints: variant.endpoints, share: variant.buckets / BUCKETS }))
  return { variants, buckets: variants.length > 1 ? buckets : undefined }
}

function limitTargets({ contenders, targets }: Contest): readonly Contender[] {
  if (targets.length <= VARIANTS_MAX) return contenders
  const chosen = new Set(rankRow(contenders, SELECTION_ROW, VARIANTS_MAX))
  return contenders.filter(({ target }) => chosen.has(target))
}

/** Behind the rows of the buckets. */
const SELECTION_ROW = BUCKETS

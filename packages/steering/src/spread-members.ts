import type { Members } from './choice.ts'
import { BUCKETS } from './client-bucket.ts'
import type { Spread } from './fill-buckets.ts'
import { mixByClient, mixByDraw, type Part } from './mix.ts'
import { sumWeights } from './pool-state.ts'
import { type Ramping, weighForContest, weighForDraw, withOwnWeights } from './ramping.ts'
import { rememberedBuckets } from './remembered-buckets.ts'
import { rankRow } from './rendezvous.ts'
import type { DrawKind, Endpoint, Service } from './service.ts'
import { orderByTieBreak, tieBreakHash } from './tie-break.ts'
import type { Tier } from './tier.ts'
import { buildVariants } from './variants.ts'

/** How the answers of one service are spread. */
export interface SpreadRule {
  readonly service: Service
  readonly draw: DrawKind
  readonly byClient: boolean
  readonly ramping: Ramping
}

/**
 * The answers that the members of a tier give: its own endpoints by the policy's draw, and those of nested services as these
 * decide, each service against the endpoints by weight.
 */
export function spreadMembers(rule: SpreadRule, members: Members, tier: Tier): Spread {
  const own = orderByTieBreak(rule.service.name, members.endpoints)
  const total = sumWeights(own) + members.nested.reduce((sum, { weight }) => sum + weight, 0)
  const parts: Part[] = []
  const names: string[] = []
  if (own.length > 0) {
    names.push('')
    parts.push({ share: sumWeights(own) / total, spread: spreadEndpoints(rule, own, tier) })
  }
  for (const { service, weight, decision } of members.nested) {
    names.push(service.name)
    parts.push({ share: weight / total, spread: decision })
  }
  if (parts.length === 0) return { variants: [], buckets: undefined }
  if (!rule.byClient) return mixByDraw(parts)
  return mixByClient(parts, contestOf(rule.service.name, parts, names))
}

function spreadEndpoints(
  { service, draw, byClient, ramping }: SpreadRule,
  own: readonly Endpoint[],
  tier: Tier,
): Spread {
  const endpoints = draw === 'round_robin' ? own.map((endpoint) => ({ ...endpoint, weight: 1 })) : own
  const answers = draw === 'all' ? Number.POSITIVE_INFINITY : service.answers
  const spread = byClient
    ? rememberedBuckets(
        service,
        weighForContest(endpoints, ramping),
        answers,
        tier.flatMap(({ candidates }) => candidates),
      )
    : { variants: buildVariants(weighForDraw(endpoints, ramping), answers), buckets: undefined }
  const isReweighed = ramping.size > 0 || draw === 'round_robin'
  return isReweighed ? { ...spread, variants: withOwnWeights(spread.variants, own) } : spread
}

/** Which part a bucket belongs to: weighted rendezvous, so that a part that leaves moves only its own clients. */
function contestOf(service: string, parts: readonly Part[], names: readonly string[]): (bucket: number) => number {
  const contenders = parts.map(({ share }, target) => ({
    target,
    scale: 1 / share,
    seed: tieBreakHash(service, `part ${names[target]}`) | 0,
    second: tieBreakHash(`parts of ${service}`, names[target]!) | 0,
  }))
  return (bucket) => rankRow(contenders, bucket, 1)[0]!
}

/**
 * A share of the buckets of one part that goes to another: the first ones of an order that never changes, so that a
 * growing share only adds clients.
 */
export function isMoved(bucket: number, share: number): boolean {
  return rankOf(bucket) < Math.round(share * BUCKETS)
}

/** A permutation of the buckets: neighbours are far apart. */
function rankOf(bucket: number): number {
  return Math.imul(bucket, RANK_STEP) & (BUCKETS - 1)
}

/** Odd, so that all ranks occur; near to BUCKETS divided by the golden ratio. */
const RANK_STEP = 2531

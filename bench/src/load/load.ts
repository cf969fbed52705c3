import type { Target } from './connected-sockets.ts'
import type { QuerySet } from './query-set.ts'

/** One run of the generator against one server. */
export interface Load {
  readonly target: Target
  readonly queries: QuerySet
  /** Each has a source port of its own. */
  readonly sockets: number
  readonly durationMs: number
  /** First 32 bits of IPv6 clients; without any they are anywhere in what the registries have. */
  readonly ipv6Blocks?: readonly number[]
  /** The same seed asks the same questions. */
  readonly seed: number
  readonly pace: Pace
}

/**
 * `closed` keeps a number of queries on their way and sends a new one for each answer: it finds the most that a server
 * can do. `open` sends at a rate, whatever comes back: it finds how long answers take.
 */
export type Pace =
  | { readonly kind: 'closed'; readonly window: number }
  | { readonly kind: 'open'; readonly queriesPerSecond: number }

/** What a run has seen. */
export interface LoadResult {
  readonly seconds: number
  readonly sent: number
  readonly answered: number
  /** Queries without an answer within LOST_AFTER_MS. */
  readonly lost: number
  /** Answers to nothing that was asked, or a second time. */
  readonly unexpected: number
  /** By rcode, 0 to 15. */
  readonly rcodes: readonly number[]
  /** Records in the answer sections. */
  readonly records: number
  /** From when a query was to be sent until its answer was received, in nanoseconds. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number }
  /** Longest time that the generator itself was late, in nanoseconds: with an open pace it says whether to believe the rest. */
  readonly behind: number
  /** Queries of an open pace that were never sent, because the generator itself was too far behind. */
  readonly skipped: number
}

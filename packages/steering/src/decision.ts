import type { Endpoint } from './service.ts'

/** One whole answer: the endpoints in the order they are written, and the share of answers that are this one. */
export interface Variant {
  readonly endpoints: readonly Endpoint[]
  /** 0 to 1; the shares of a decision sum to 1. */
  readonly share: number
}

/** The stages of an evaluation, in the order in which they always run. */
export type Stage =
  | 'client'
  | 'area'
  | 'candidates'
  | 'eligible'
  | 'panic'
  | 'tier'
  | 'spill'
  | 'order'
  | 'answers'
  | 'ttl'

/** One line of the explanation. */
export interface TraceLine {
  readonly stage: Stage
  readonly text: string
}

/** An endpoint that is in no answer of a decision: the stage that left it out, and why. */
export interface LeftOut {
  readonly endpoint: Endpoint
  readonly stage: Stage
  readonly reason: string
}

/** On what ground the chosen endpoints are served, best first. */
export type Ground = 'up' | 'panic' | 'standby' | 'unknown' | 'drained' | 'all-down' | 'none'

/** At most 24 and 56: a longer prefix than that says who a client is. */
export interface KeyLengths {
  readonly ipv4: number
  readonly ipv6: number
}

/** A client as one network: what `consistent` promises is promised to these. */
export const FULL_KEYS: KeyLengths = { ipv4: 24, ipv6: 56 }

/** What to answer, for how long, for which clients, and why: a distribution over whole answers, not a draw. */
export interface Decision {
  /** Empty when there is nothing to serve: then `empty` says which answer that is. At most VARIANTS_MAX. */
  readonly variants: readonly Variant[]
  readonly empty: 'nodata' | 'servfail'
  /** How a variant is picked for one query: by a random draw, or by the client's place in a table of buckets. */
  readonly pick: 'random' | 'client'
  /**
   * Where the pick is by client: the position in `variants` for each of BUCKETS buckets; a variant's share is its share of
   * them. Undefined where there is nothing to pick: with one variant or none.
   */
  readonly buckets: Uint8Array | undefined
  /** How many bits of a client's address stand for it where the pick is by client. */
  readonly keyLengths: KeyLengths
  readonly ground: Ground
  /** Seconds, within the service's bounds. */
  readonly ttl: number
  /** Whether another client class could get another decision: if not, the ECS scope is 0. */
  readonly dependsOnClient: boolean
  /** Epoch milliseconds at which time alone would change this decision; Infinity if it would not. */
  readonly validUntil: number
  readonly trace: readonly TraceLine[]
  /**
   * With the endpoints of the variants these are all that the service and those nested in it have for the family, each once.
   */
  readonly leftOut: readonly LeftOut[]
}

/** Bound of a decision's variants, and so of what is composed and signed for it. */
export const VARIANTS_MAX = 64

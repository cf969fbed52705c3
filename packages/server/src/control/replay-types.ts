import type { SimulatedSideBody } from './simulate-types.ts'

/** POST /api/v1/replay, the request. */
export interface ReplayRequest {
  /** Absolute path of the configuration that is tried, read on the server's machine. */
  readonly config: string
  /** Recorded queries, one a line. */
  readonly queries: string
}

/** POST /api/v1/replay: what other answers recorded queries would get. */
export interface ReplayBody {
  readonly before: SimulatedSideBody
  readonly after: SimulatedSideBody
  /** Lines that were asked, and queries that they stand for. */
  readonly lines: number
  readonly queries: number
  /** Queries whose answer changes. */
  readonly changed: number
  /** How many queries have each kind of change; an answer may change in several ways. */
  readonly aspects: Readonly<Record<ChangedAspect, number>>
  /** Most changed first. */
  readonly names: readonly ReplayedNameBody[]
  readonly badLines: readonly { readonly line: number; readonly reason: string }[]
  /** How many more bad lines there are. */
  readonly badLinesLeftOut: number
  /** Sentences about what the numbers do not say. */
  readonly notes: readonly string[]
  readonly seconds: number
}

/** What can be different about an answer: its records or how often they are given, its TTL, its ECS scope, its rcode. */
export type ChangedAspect = 'records' | 'ttl' | 'scope' | 'rcode'

/** What happens to one name and type. */
export interface ReplayedNameBody {
  readonly name: string
  readonly type: string
  readonly queries: number
  readonly changed: number
  /** Those that are alike counted together, most queries first. */
  readonly changes: readonly ReplayedChangeBody[]
  /** How many more kinds of change there are. */
  readonly changesLeftOut: number
}

export interface ReplayedChangeBody {
  readonly aspects: readonly ChangedAspect[]
  readonly queries: number
  readonly from: ReplayedAnswerBody
  readonly to: ReplayedAnswerBody
  /** Lines of the log in which it is so, the first few. */
  readonly examples: readonly ReplayedExampleBody[]
}

/** An answer as far as it changes: what does not is left out. */
export interface ReplayedAnswerBody {
  readonly rcode?: string
  /** Sets of records that may be answered, with their shares. Addresses stand alone, other records with their type. */
  readonly records?: readonly { readonly share: number; readonly set: readonly string[] }[]
  /** Seconds; null where the answer has no records. */
  readonly ttl?: number | null
  /** Null where the query names no client subnet. */
  readonly scope?: number | null
}

export interface ReplayedExampleBody {
  readonly line: number
  readonly client: string | null
  readonly resolver: string
}

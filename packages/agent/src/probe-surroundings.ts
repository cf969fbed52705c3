import type { PatternMatcher } from './pattern-matcher.ts'
import type { ResolveName } from './resolve-name.ts'
import type { TrustStore } from './trust-store.ts'

/** What the probes of an agent share with each other. */
export interface ProbeSurroundings {
  readonly resolveName: ResolveName
  readonly trust: TrustStore
  readonly patterns: PatternMatcher
  /** Epoch milliseconds, to compare with the dates of certificates. */
  readonly now: () => number
}

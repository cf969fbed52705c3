import { STABILITY_MAX, Verdict } from '@windrose/steering'

/** A verdict with all that is known about it: of a target at a vantage, of a target globally, of an endpoint. */
export interface Standing {
  readonly verdict: Verdict
  /** Epoch milliseconds at which it became the verdict, by the clock of whoever aggregates; 0 while unknown. */
  readonly since: number
  readonly reason: string
  /** Seconds before checks can change it. */
  readonly stability: number
  readonly degraded: boolean
  /** Too few vantages speak: the last verdict stands. */
  readonly stale: boolean
}

/** Nothing has been heard. */
export const UNHEARD: Standing = {
  verdict: Verdict.unknown,
  since: 0,
  reason: 'no report yet',
  stability: 0,
  degraded: false,
  stale: false,
}

/** Nothing is checked, so nothing can be wrong. */
export const UNCHECKED: Standing = {
  verdict: Verdict.up,
  since: 0,
  reason: 'no checks',
  stability: STABILITY_MAX,
  degraded: false,
  stale: false,
}

export function equalStandings(a: Standing, b: Standing): boolean {
  return (
    a.verdict === b.verdict &&
    a.since === b.since &&
    a.reason === b.reason &&
    a.stability === b.stability &&
    a.degraded === b.degraded &&
    a.stale === b.stale
  )
}

export type VerdictWord = 'unknown' | 'up' | 'down'

export function printVerdict(verdict: Verdict): VerdictWord {
  return VERDICT_WORDS[verdict]
}

const VERDICT_WORDS = ['unknown', 'up', 'down'] as const

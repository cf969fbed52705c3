import { FULL_RAMP, type RampStep, STABILITY_MAX, Verdict } from '@windrose/steering'

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
  /** The votes say down, but too much turned down at once and nobody else confirms it: it is held up. */
  readonly suspect: boolean
  /** How much of its weight it has after coming back; of meaning while it is up. */
  readonly ramp: RampStep
}

/** Nothing has been heard. */
export const UNHEARD: Standing = {
  verdict: Verdict.unknown,
  since: 0,
  reason: 'no report yet',
  stability: 0,
  degraded: false,
  stale: false,
  suspect: false,
  ramp: FULL_RAMP,
}

/** Nothing is checked, so nothing can be wrong. */
export const UNCHECKED: Standing = {
  ...UNHEARD,
  verdict: Verdict.up,
  reason: 'no checks',
  stability: STABILITY_MAX,
}

export type VerdictWord = 'unknown' | 'up' | 'down'

export function printVerdict(verdict: Verdict): VerdictWord {
  return VERDICT_WORDS[verdict]
}

const VERDICT_WORDS = ['unknown', 'up', 'down'] as const

import { STABILITY_MAX, Verdict } from '@windrose/steering'
import type { Check } from './check.ts'
import type { ProbeResult } from './probe-result.ts'

/**
 * Turns the results of one check at one agent into a verdict that does not flap.
 *
 *   unknown   the first result decides at once
 *   up        `fall` failures take it down; they count on until `tolerant` successes in a row (1 by default) clear them
 *   down      `rise` successes in a row bring it up
 *
 * An inconclusive result is remembered and counts for nothing.
 */
export function applyResult(state: RiseFallState, result: ProbeResult, rule: RiseFallRule, at: number): RiseFallState {
  if (result.outcome === 'inconclusive') {
    const reason = state.verdict === Verdict.unknown ? result.reason : state.reason
    return { ...state, reason, lastResult: result, lastAt: at }
  }
  const success = result.outcome === 'success'
  const counted = success ? countSuccess(state, rule) : countFailure(state, rule)
  const { verdict } = counted
  return {
    ...counted,
    since: verdict === state.verdict ? state.since : at,
    reason: success === (verdict === Verdict.up) ? result.reason : state.reason,
    degraded: verdict === Verdict.up && (success ? result.degraded : state.degraded),
    lastResult: result,
    lastAt: at,
  }
}

export interface RiseFallState {
  readonly verdict: Verdict
  /** Epoch milliseconds of the result that made the verdict; of no meaning while it is unknown. */
  readonly since: number
  /** Of the latest result that agrees with the verdict. */
  readonly reason: string
  /** Up, but the latest success said that somebody should look. */
  readonly degraded: boolean
  /** Successes in a row: towards `rise` while down, towards `tolerant` while up with failures counted. */
  readonly successes: number
  /** Failures counted towards `fall` while up. */
  readonly failures: number
  readonly lastResult: ProbeResult | undefined
  /** Epoch milliseconds of the latest result. */
  readonly lastAt: number
}

/** The part of a check that the state machine needs. */
export type RiseFallRule = Pick<Check, 'rise' | 'fall' | 'tolerant'>

/** The state of a target before its first result. */
export const NOT_PROBED: RiseFallState = {
  verdict: Verdict.unknown,
  since: 0,
  reason: 'not probed yet',
  degraded: false,
  successes: 0,
  failures: 0,
  lastResult: undefined,
  lastAt: 0,
}

/** Whether results have begun to speak against the verdict: the next ones may turn it. */
export function isInTransition({ verdict, failures, successes }: RiseFallState): boolean {
  if (verdict === Verdict.up) return failures > 0
  return verdict === Verdict.down && successes > 0
}

/**
 * Seconds before results can change the verdict: the time until as many as are still needed can be there, at most
 * STABILITY_MAX; 0 while nothing is known. Counted from the latest result. Jitter and the time that probes themselves
 * take may shorten the whole span, not each interval of it, by one jitter and one timeout.
 */
export function stabilityOf(state: RiseFallState, check: RiseFallRule & RiseFallPace): number {
  if (state.verdict === Verdict.unknown) return 0
  const { intervalMs, fastIntervalMs = intervalMs } = check
  const needed = state.verdict === Verdict.up ? check.fall - state.failures : check.rise - state.successes
  const firstMs = isInTransition(state) ? fastIntervalMs : intervalMs
  return Math.min((firstMs + fastIntervalMs * (needed - 1)) / 1000, STABILITY_MAX)
}

/** How often results come. */
export type RiseFallPace = Pick<Check, 'intervalMs' | 'fastIntervalMs'>

type Counted = Pick<RiseFallState, 'verdict' | 'successes' | 'failures'>

function countSuccess(state: RiseFallState, rule: RiseFallRule): Counted {
  if (state.verdict === Verdict.unknown) return SETTLED_UP
  const successes = state.successes + 1
  if (state.verdict === Verdict.down)
    return successes >= rule.rise ? SETTLED_UP : { verdict: Verdict.down, successes, failures: 0 }
  if (state.failures === 0 || successes >= (rule.tolerant ?? 1)) return SETTLED_UP
  return { verdict: Verdict.up, successes, failures: state.failures }
}

function countFailure(state: RiseFallState, rule: RiseFallRule): Counted {
  if (state.verdict !== Verdict.up) return SETTLED_DOWN
  const failures = state.failures + 1
  return failures >= rule.fall ? SETTLED_DOWN : { verdict: Verdict.up, successes: 0, failures }
}

const SETTLED_UP: Counted = { verdict: Verdict.up, successes: 0, failures: 0 }
const SETTLED_DOWN: Counted = { verdict: Verdict.down, successes: 0, failures: 0 }

import { FIRST_RAMP, FULL_RAMP, nextRampStep, type RampStep, STABILITY_MAX, Verdict } from '@windrose/steering'
import { addFailure, suppressedUntil } from './damping.ts'
import type { HealthRules } from './health-rules.ts'
import { equalViews, UNSEEN, type ViewState } from './health-state.ts'
import type { Poll } from './poll.ts'
import { shortenReason } from './shorten-reason.ts'

/** What a vote leaves behind, whatever other targets do. */
export type Noted = Pick<
  ViewState,
  'voted' | 'failedAt' | 'fellAt' | 'penalty' | 'penaltyAt' | 'suppressedUntil' | 'heldUntil' | 'suspect'
>

/**
 * Takes down what the votes say now: the first half of a step, for which a target is looked at alone.
 *
 * What a failure costs is reckoned when the target comes up again, because only then it matters, and because only then it
 * is known whether the failure ever was in force: one that the brake held back until it was over costs nothing.
 */
export function noteVote(before: ViewState = UNSEEN, poll: Poll, timeMs: number, rules: HealthRules): Noted {
  const { voted, failedAt, penalty, penaltyAt, suspect } = before
  const fellAt = Math.min(before.fellAt, timeMs)
  const longestMs = rules.damping?.maxMs ?? 0
  const held = {
    suppressedUntil: laterThan(before.suppressedUntil, timeMs, longestMs),
    heldUntil: laterThan(before.heldUntil, timeMs, rules.holdDownMs),
  }
  const same: Noted = { voted, failedAt, fellAt, penalty, penaltyAt, suspect, ...held }
  if (poll.verdict === Verdict.unknown || poll.verdict === voted) return equalNoted(before, same) ? before : same
  if (poll.verdict === Verdict.down) {
    const failed = voted === Verdict.up ? timeMs : 0
    const turns = before.verdict !== Verdict.down && voted === Verdict.up
    return {
      ...same,
      voted: Verdict.down,
      failedAt: failed,
      fellAt: turns ? timeMs : 0,
      suppressedUntil: 0,
      heldUntil: 0,
    }
  }
  const recovered: Noted = { ...same, voted: Verdict.up, failedAt: 0, fellAt: 0, suspect: false }
  if (failedAt === 0 || suspect) return recovered
  const { damping, holdDownMs } = rules
  const next = damping === undefined ? { penalty, penaltyAt } : addFailure({ penalty, penaltyAt }, failedAt, damping)
  const until = damping === undefined ? 0 : suppressedUntil(next, damping)
  return {
    ...recovered,
    ...next,
    suppressedUntil: laterThan(until, timeMs, longestMs),
    heldUntil: laterThan(failedAt + holdDownMs, timeMs, holdDownMs),
  }
}

/** Most views stay as they are at most times: then nothing new is kept. */
function equalNoted(a: Noted, b: Noted): boolean {
  return a.suppressedUntil === b.suppressedUntil && a.heldUntil === b.heldUntil && a.fellAt === b.fellAt
}

/** What other targets have to do with it. */
export interface Surroundings {
  /** The brake holds it up. */
  readonly suspect: boolean
  /** The brake may yet hold it up. */
  readonly unsure: boolean
  /** When time alone may change what the brake says; 0 if it does not. */
  readonly reviewAt: number
  /** Nothing else of a pool is up: damping does not apply. */
  readonly last: boolean
}

/** The second half: from what was noted to what is in force. `stepMs` is the time between steps of the ramp, if there are. */
export function settleView(
  before: ViewState = UNSEEN,
  noted: Noted,
  poll: Poll,
  { suspect, unsure, reviewAt, last }: Surroundings,
  timeMs: number,
  stepMs: number | undefined,
): ViewState {
  const isHeld = noted.heldUntil > 0 || (noted.suppressedUntil > 0 && !last)
  const verdict = verdictOf(noted.voted, poll, suspect, isHeld)
  const isUp = verdict === Verdict.up
  const isRestored = suspect && isUp && before.verdict !== Verdict.up
  const since = before.verdict === verdict ? before.since : isRestored ? before.upSince : timeMs
  const comesBack = isUp && before.verdict === Verdict.down && !isRestored
  const isPromised = !suspect && !unsure && noted.heldUntil === 0 && noted.suppressedUntil === 0
  const after: ViewState = {
    verdict,
    since: verdict === Verdict.unknown ? 0 : since,
    reason: shortenReason(poll.reason),
    stability: isPromised ? Math.min(STABILITY_MAX, Math.floor(poll.stability)) : 0,
    degraded: isUp && poll.degraded,
    stale: poll.stale,
    voted: noted.voted,
    failedAt: noted.failedAt,
    penalty: noted.penalty,
    penaltyAt: noted.penaltyAt,
    suppressedUntil: noted.suppressedUntil,
    heldUntil: noted.heldUntil,
    // One that is held has not fallen yet: when it is let go it falls.
    fellAt: suspect ? noted.failedAt : noted.suspect ? timeMs : noted.fellAt,
    suspect,
    upSince: isUp ? since : before.upSince,
    ...rampOf(before, isUp, comesBack, timeMs, stepMs),
    reviewAt,
  }
  return equalViews(before, after) ? before : after
}

function verdictOf(voted: Verdict, poll: Poll, suspect: boolean, isHeld: boolean): Verdict {
  if (poll.verdict === Verdict.unknown) return Verdict.unknown
  if (voted === Verdict.down) return suspect ? Verdict.up : Verdict.down
  return isHeld ? Verdict.down : Verdict.up
}

/** While it is down the ramp rests: coming back starts it anew, and a turn that the brake takes back changes nothing. */
function rampOf(
  before: ViewState,
  isUp: boolean,
  comesBack: boolean,
  timeMs: number,
  stepMs: number | undefined,
): { ramp: RampStep; rampAt: number } {
  if (stepMs === undefined) return { ramp: FULL_RAMP, rampAt: 0 }
  if (comesBack) return { ramp: FIRST_RAMP, rampAt: timeMs + stepMs }
  let { ramp } = before
  // A clock that was set back must not stop the ramp.
  let rampAt = Math.min(before.rampAt, timeMs + stepMs)
  while (isUp && ramp !== FULL_RAMP && rampAt <= timeMs) {
    ramp = nextRampStep(ramp)
    rampAt += stepMs
  }
  return { ramp, rampAt: ramp === FULL_RAMP ? 0 : rampAt }
}

/** An end that has not come; 0 if it has. Not farther off than it can be, lest a clock that was set back prolong it. */
function laterThan(until: number, timeMs: number, longestMs: number): number {
  const end = Math.min(until, timeMs + longestMs)
  return end > timeMs ? end : 0
}

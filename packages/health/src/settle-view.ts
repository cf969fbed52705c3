import { FIRST_RAMP, FULL_RAMP, nextRampStep, type RampStep, STABILITY_MAX, Verdict } from '@windrose/steering'
import { addFailure, suppressedUntil } from './damping.ts'
import type { HealthRules } from './health-rules.ts'
import type { Poll } from './poll.ts'
import { shortenReason } from './shorten-reason.ts'
import { equalViews, UNSEEN, type ViewState } from './target-state.ts'

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
export function noteVote(before: ViewState | undefined, poll: Poll, timeMs: number, rules: HealthRules): Noted {
  if (before === undefined) return FIRST_VOTES[poll.verdict]
  const { voted, failedAt, penalty, penaltyAt } = before
  const suspect = before.suspect && rules.brake !== undefined
  const fellAt = fallThatCounts(before.fellAt, suspect, timeMs, rules)
  const longestMs = rules.damping?.maxMs ?? 0
  const held = {
    suppressedUntil: pendingEnd(before.suppressedUntil, timeMs, longestMs),
    heldUntil: pendingEnd(before.heldUntil, timeMs, rules.holdDownMs),
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
      fellAt: turns && rules.brake !== undefined ? timeMs : 0,
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
    suppressedUntil: pendingEnd(until, timeMs, longestMs),
    heldUntil: pendingEnd(failedAt + holdDownMs, timeMs, holdDownMs),
  }
}

/**
 * When it fell, as long as that makes it one of those that turn together: a while, and while it is held up. After that it
 * is over for good, whatever becomes of the clock.
 */
function fallThatCounts(fellAt: number, suspect: boolean, timeMs: number, { brake }: HealthRules): number {
  const at = Math.min(fellAt, timeMs)
  return suspect || (brake !== undefined && at > timeMs - brake.intervalMs) ? at : 0
}

/** Whatever is said first, nothing has failed by it. */
const FIRST_VOTES: Readonly<Record<Verdict, Noted>> = {
  [Verdict.unknown]: UNSEEN,
  [Verdict.up]: { ...UNSEEN, voted: Verdict.up },
  [Verdict.down]: { ...UNSEEN, voted: Verdict.down },
}

/**
 * Whether a view is as the votes say, and nothing is open that time or other targets could end: then the step leaves it as
 * it is. The answer is only a short cut, for most views at most times.
 */
export function isStill(view: ViewState | undefined, poll: Poll): boolean {
  if (view === undefined || view.verdict !== poll.verdict || view.reason !== shortenReason(poll.reason)) return false
  const isUp = poll.verdict === Verdict.up
  return (
    (poll.verdict === Verdict.unknown ? view.since === 0 : view.voted === poll.verdict) &&
    view.stability === promiseOf(poll.stability) &&
    view.degraded === (isUp && poll.degraded) &&
    view.stale === poll.stale &&
    (!isUp || view.upSince === view.since) &&
    view.ramp === FULL_RAMP &&
    !isOpen(view)
  )
}

function isOpen({ suspect, fellAt, suppressedUntil, heldUntil, rampAt, reviewAt }: ViewState): boolean {
  return suspect || fellAt > 0 || suppressedUntil > 0 || heldUntil > 0 || rampAt > 0 || reviewAt > 0
}

function promiseOf(stability: number): number {
  return Math.min(STABILITY_MAX, Math.floor(stability))
}

/** Most views stay as they are at most times: then nothing new is kept. */
function equalNoted(a: Noted, b: Noted): boolean {
  return (
    a.suppressedUntil === b.suppressedUntil &&
    a.heldUntil === b.heldUntil &&
    a.fellAt === b.fellAt &&
    a.suspect === b.suspect
  )
}

/** What the correlation brake says of one view of a target. */
export interface Braking {
  /** It is held up. */
  readonly suspect: boolean
  /** For how many seconds at least the brake will not hold it up. */
  readonly sureFor: number
  /** When time alone may change what the brake says; 0 if it does not. */
  readonly reviewAt: number
}

export const RELEASED: Braking = { suspect: false, sureFor: Number.POSITIVE_INFINITY, reviewAt: 0 }

/**
 * The second half: from what was noted to what is in force. To the last of a pool damping does not apply. `stepMs` is the
 * time between steps of the ramp, if there are.
 */
export function settleView(
  before: ViewState = UNSEEN,
  noted: Noted,
  poll: Poll,
  { suspect, sureFor, reviewAt }: Braking,
  isLast: boolean,
  timeMs: number,
  stepMs: number | undefined,
): ViewState {
  const isHeld = noted.heldUntil > 0 || (noted.suppressedUntil > 0 && !isLast)
  const verdict = verdictOf(noted.voted, poll, suspect, isHeld)
  const isUp = verdict === Verdict.up
  const isRestored = suspect && isUp && before.verdict !== Verdict.up
  const since = before.verdict === verdict ? before.since : isRestored ? before.upSince : timeMs
  const comesBack = isUp && before.verdict === Verdict.down && !isRestored
  const { ramp, rampAt } = rampOf(before, isUp, comesBack, timeMs, stepMs)
  const isPromised = !suspect && noted.heldUntil === 0 && noted.suppressedUntil === 0
  // In the order of UNSEEN: values of one shape are compared the fastest.
  const after: ViewState = {
    verdict,
    since: verdict === Verdict.unknown ? 0 : since,
    reason: shortenReason(poll.reason),
    stability: isPromised ? promiseOf(Math.min(poll.stability, sureFor)) : 0,
    degraded: isUp && poll.degraded,
    stale: poll.stale,
    suspect,
    ramp,
    voted: noted.voted,
    upSince: isUp ? since : before.upSince,
    failedAt: noted.failedAt,
    // One that is held has not fallen yet: when it is let go it falls.
    fellAt: suspect ? noted.failedAt : noted.suspect ? timeMs : noted.fellAt,
    penalty: noted.penalty,
    penaltyAt: noted.penaltyAt,
    suppressedUntil: noted.suppressedUntil,
    heldUntil: noted.heldUntil,
    rampAt,
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
function pendingEnd(until: number, timeMs: number, longestMs: number): number {
  const end = Math.min(until, timeMs + longestMs)
  return end > timeMs ? end : 0
}

import { Verdict } from '@windrose/steering'
import { type Standing, UNHEARD } from './standing.ts'

/** One target as the latest step left it. */
export interface TargetState {
  readonly global: ViewState
  /** By name of the vantage: those that have reported. */
  readonly vantages: ReadonlyMap<string, ViewState>
}

/**
 * One view of a target: the standing that is in force, and what it came from. Times are epoch milliseconds by the clock of
 * whoever steps, 0 where there is none.
 */
export interface ViewState extends Standing {
  /** What the votes said last, whatever was made of it. */
  readonly voted: Verdict
  /** When the standing last became up: restored when the brake takes a turn back. */
  readonly upSince: number
  /** When the votes turned from up to down, if they are down. */
  readonly failedAt: number
  /** When the standing turned down from up with them, or the brake let it: such a turn can be one of too many at once. */
  readonly fellAt: number
  /** Flap damping: whole points at `penaltyAt`; they decay from then on. */
  readonly penalty: number
  readonly penaltyAt: number
  /** The votes say up, but it is kept down until then: for flapping, */
  readonly suppressedUntil: number
  /** or because of the hold-down. */
  readonly heldUntil: number
  /** When the next step of the ramp is due, if it is up then. */
  readonly rampAt: number
  /** When time alone may change what the brake says. */
  readonly reviewAt: number
}

/** A view of which nothing is known. */
export const UNSEEN: ViewState = {
  ...UNHEARD,
  voted: Verdict.unknown,
  upSince: 0,
  failedAt: 0,
  fellAt: 0,
  penalty: 0,
  penaltyAt: 0,
  suppressedUntil: 0,
  heldUntil: 0,
  rampAt: 0,
  reviewAt: 0,
}

/** Names the global view where views are spoken of by their vantage; no vantage has an empty name. */
export const GLOBAL = ''

export function viewAt(target: TargetState | undefined, view: string): ViewState | undefined {
  return view === GLOBAL ? target?.global : target?.vantages.get(view)
}

/** The time at which time alone changes the target, in epoch milliseconds; Infinity if it does not, or is not known. */
export function targetChangesAt(target: TargetState | undefined): number {
  if (target === undefined) return Number.POSITIVE_INFINITY
  let at = viewChangesAt(target.global)
  for (const view of target.vantages.values()) at = Math.min(at, viewChangesAt(view))
  return at
}

function viewChangesAt({ verdict, suppressedUntil, heldUntil, rampAt, reviewAt }: ViewState): number {
  let at = Number.POSITIVE_INFINITY
  if (suppressedUntil > 0) at = suppressedUntil
  if (heldUntil > 0) at = Math.min(at, heldUntil)
  if (rampAt > 0 && verdict === Verdict.up) at = Math.min(at, rampAt)
  if (reviewAt > 0) at = Math.min(at, reviewAt)
  return at
}

/**
 * Whether what is in force depends on other targets too: it turned down lately, or is held up by the brake, or is kept
 * down for flapping unless it is the last of its pool.
 */
export function dependsOnOthers({ global, vantages }: TargetState): boolean {
  if (isEntangled(global)) return true
  for (const view of vantages.values()) if (isEntangled(view)) return true
  return false
}

function isEntangled({ suspect, reviewAt, suppressedUntil }: ViewState): boolean {
  return suspect || reviewAt > 0 || suppressedUntil > 0
}

export function equalViews(a: ViewState, b: ViewState): boolean {
  return (
    a.verdict === b.verdict &&
    a.since === b.since &&
    a.stability === b.stability &&
    a.degraded === b.degraded &&
    a.stale === b.stale &&
    a.suspect === b.suspect &&
    a.ramp === b.ramp &&
    a.voted === b.voted &&
    a.upSince === b.upSince &&
    a.failedAt === b.failedAt &&
    a.fellAt === b.fellAt &&
    a.penalty === b.penalty &&
    a.penaltyAt === b.penaltyAt &&
    a.suppressedUntil === b.suppressedUntil &&
    a.heldUntil === b.heldUntil &&
    a.rampAt === b.rampAt &&
    a.reviewAt === b.reviewAt &&
    a.reason === b.reason
  )
}

/** The reason of a view with what was made of the votes, for people. */
export function explainView({ verdict, voted, reason, suspect, heldUntil, suppressedUntil }: ViewState): string {
  if (verdict === Verdict.unknown) return reason
  if (suspect) return `held up, too much turned down at once: ${reason}`
  if (voted === Verdict.down) return reason
  if (heldUntil > 0) return `kept down after a failure: ${reason}`
  if (suppressedUntil > 0)
    return `flapping, ${verdict === Verdict.down ? 'kept down' : 'but the last of its pool'}: ${reason}`
  return reason
}

import { Verdict } from '@windrose/steering'
import { type Standing, UNHEARD } from './standing.ts'

/** Everything that the next step needs beside what has been heard. Immutable; built by `healthStateOf`. */
export interface HealthState {
  /** By the id of the probe target. */
  readonly targets: ReadonlyMap<string, TargetState>
  /** Ids of the targets that time, or news of others, may turn: what a step looks at beside those with news. */
  readonly unsettled: ReadonlySet<string>
}

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

/** The state before any report. */
export const NO_HEALTH: HealthState = { targets: new Map(), unsettled: new Set() }

/** The state of these targets, for instance of records that were read back. */
export function healthStateOf(targets: ReadonlyMap<string, TargetState>): HealthState {
  const unsettled = new Set<string>()
  for (const [id, target] of targets) if (isUnsettled(target)) unsettled.add(id)
  return { targets, unsettled }
}

/** Leaves out the targets that are no longer probed. */
export function forgetTargets(state: HealthState, probed: ReadonlySet<string>): HealthState {
  const kept = [...state.targets].filter(([id]) => probed.has(id))
  return kept.length === state.targets.size ? state : healthStateOf(new Map(kept))
}

/** The time at which time alone changes something, in epoch milliseconds; Infinity if it does not. */
export function nextChangeAt(state: HealthState): number {
  let at = Number.POSITIVE_INFINITY
  for (const id of state.unsettled) at = Math.min(at, targetChangesAt(state.targets.get(id)))
  return at
}

/** The same for one target, if it is known. */
export function targetChangesAt(target: TargetState | undefined): number {
  return target === undefined ? Number.POSITIVE_INFINITY : Math.min(...viewsOf(target).map(dueAt))
}

export function isUnsettled(target: TargetState): boolean {
  return viewsOf(target).some((view) => view.suspect || dueAt(view) < Number.POSITIVE_INFINITY)
}

function dueAt({ verdict, suppressedUntil, heldUntil, rampAt, reviewAt }: ViewState): number {
  const times = [suppressedUntil, heldUntil, verdict === Verdict.up ? rampAt : 0, reviewAt]
  return Math.min(...times.filter((at) => at > 0))
}

function viewsOf(target: TargetState): ViewState[] {
  return [target.global, ...target.vantages.values()]
}

export function equalViews(a: ViewState, b: ViewState): boolean {
  return KEYS.every((key) => a[key] === b[key])
}

const KEYS = Object.keys(UNSEEN) as (keyof ViewState)[]

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

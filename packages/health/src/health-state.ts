import { equalPolls, type Poll } from './poll.ts'
import { dependsOnOthers, type TargetState } from './target-state.ts'
import { TargetStates } from './target-states.ts'
import { VotedCount, type VotedTargets } from './voted-targets.ts'

/** Everything that the next step needs beside what has been heard. Immutable; built by `healthStateOf`. */
export interface HealthState {
  /** By the id of the probe target. */
  readonly targets: TargetStates
  /**
   * The targets that news of others may turn, and what was said of each in the latest step: every step looks at them, and
   * need not ask again. Undefined where nobody was asked, as after a record was read.
   */
  readonly entangled: ReadonlyMap<string, readonly Poll[] | undefined>
  readonly voted: VotedTargets
}

/** The state before any report. */
export const NO_HEALTH: HealthState = { targets: TargetStates.of([]), entangled: new Map(), voted: new Map() }

/** The state of these targets, for instance of records that were read back. */
export function healthStateOf(targets: Iterable<readonly [string, TargetState]>): HealthState {
  return replaceTargets(NO_HEALTH, [...targets])
}

/** Puts other states in the place of those of the same ids. */
export function replaceTargets(state: HealthState, replaced: readonly (readonly [string, TargetState])[]): HealthState {
  const entangled = new Map(state.entangled)
  const voted = new VotedCount(state.voted)
  for (const [id, target] of replaced) {
    voted.change(state.targets.get(id), target)
    if (dependsOnOthers(target)) entangled.set(id, undefined)
    else entangled.delete(id)
  }
  return { targets: state.targets.with(replaced), entangled, voted: voted.count }
}

/**
 * There is news of these that a later step will be told. Until then steps that look at them all the same, because they
 * depend on others, ask again.
 */
export function expectNews(state: HealthState, ids: Iterable<string>): HealthState {
  if (state.entangled.size === 0) return state
  const expected = [...ids].filter((id) => state.entangled.get(id) !== undefined)
  if (expected.length === 0) return state
  return { ...state, entangled: new Map([...state.entangled, ...expected.map((id) => [id, undefined] as const)]) }
}

/** What is to be known of the targets that depend on others; what it was before, if that is the same. */
export function entangle(
  now: ReadonlyMap<string, { readonly polls: readonly Poll[] }>,
  before: HealthState['entangled'],
): HealthState['entangled'] {
  if (now.size === before.size && [...now].every(([id, { polls }]) => arePollsEqual(polls, before.get(id)))) {
    return before
  }
  return new Map([...now].map(([id, { polls }]) => [id, polls]))
}

/** Leaves out the targets that are no longer probed. */
export function forgetTargets(state: HealthState, probed: { has(id: string): boolean }): HealthState {
  const kept = [...state.targets].filter(([id]) => probed.has(id))
  return kept.length === state.targets.size ? state : healthStateOf(kept)
}

/** The time at which time alone changes something, in epoch milliseconds; Infinity if it does not. */
export function nextChangeAt(state: HealthState): number {
  return state.targets.changesAt()
}

function arePollsEqual(now: readonly Poll[], before: readonly Poll[] | undefined): boolean {
  return now === before || (now.length === before?.length && now.every((poll, i) => equalPolls(poll, before[i]!)))
}

import type { Electorate } from './electorate.ts'
import type { HealthRules } from './health-rules.ts'
import type { Poll } from './poll.ts'
import type { Noted } from './settle-view.ts'
import type { TargetState, ViewState } from './target-state.ts'
import type { TargetStates } from './target-states.ts'

/**
 * A step half done. Most targets are what they are whatever becomes of the others: they are settled. Those that turn down,
 * or flap, wait until it is known what else does.
 */
export interface HalfStep {
  readonly electorate: Electorate
  readonly rules: HealthRules
  readonly timeMs: number
  /** As far as they are settled, or were not looked at; of those that wait, as they were before. */
  readonly targets: TargetStates
  readonly waiting: ReadonlyMap<string, HalfTarget>
  /** With the votes of this step. */
  readonly voted: ReadonlyMap<string, number>
}

export interface HalfTarget {
  readonly before: TargetState | undefined
  readonly polls: readonly Poll[]
  /** One for each poll: the global view first, then those of the vantages in the order of their names. */
  readonly views: readonly HalfView[]
}

export interface HalfView {
  /** The id of the target. */
  readonly target: string
  readonly before: ViewState | undefined
  readonly poll: Poll
  readonly noted: Noted
}

export function halfViewAt(target: HalfTarget | undefined, view: string): HalfView | undefined {
  for (const half of target?.views ?? []) if (half.poll.view === view) return half
  return undefined
}

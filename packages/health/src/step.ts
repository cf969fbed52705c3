import type { HealthRules } from './health-rules.ts'
import type { HealthState, TargetState, ViewState } from './health-state.ts'
import type { Electorate } from './heard.ts'
import type { Poll } from './poll.ts'
import type { Noted } from './settle-view.ts'

/** A step half done: every target that is looked at was polled and noted, and nothing is in force yet. */
export interface HalfStep {
  readonly state: HealthState
  readonly electorate: Electorate
  readonly rules: HealthRules
  readonly timeMs: number
  readonly targets: ReadonlyMap<string, HalfTarget>
}

export interface HalfTarget {
  readonly global: HalfView
  readonly vantages: ReadonlyMap<string, HalfView>
}

export interface HalfView {
  readonly before: ViewState | undefined
  readonly poll: Poll
  readonly noted: Noted
}

/** Names the global view where views are spoken of by their vantage; no vantage has an empty name. */
export const GLOBAL = ''

export function halfViewAt(target: HalfTarget | undefined, view: string): HalfView | undefined {
  return view === GLOBAL ? target?.global : target?.vantages.get(view)
}

export function viewAt(target: TargetState | undefined, view: string): ViewState | undefined {
  return view === GLOBAL ? target?.global : target?.vantages.get(view)
}

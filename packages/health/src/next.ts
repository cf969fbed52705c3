import { AlikeViews } from './alike-views.ts'
import { brakeViews, isTurning } from './brake.ts'
import { callElectorate } from './electorate.ts'
import type { HealthRules } from './health-rules.ts'
import { entangle, type HealthState } from './health-state.ts'
import type { Heard } from './heard.ts'
import { isLastOfPool } from './last-of-pool.ts'
import { type Poll, pollTarget } from './poll.ts'
import { type Braking, isStill, noteVote, RELEASED, settleView } from './settle-view.ts'
import type { HalfStep, HalfTarget, HalfView } from './step.ts'
import { type TargetState, type ViewState, viewAt } from './target-state.ts'
import { VotedCount } from './voted-targets.ts'

/**
 * The one step from reports to verdicts, for all targets: those of the state and those of the configured pools.
 *
 *   poll ........ poll.ts            what agents say, vantage by vantage, and what the vantages say together
 *   note ........ settle-view.ts     who turned, and what a failure costs
 *   brake ....... brake.ts           too much at once is held up until somebody else confirms it
 *   settle ...... settle-view.ts     damping, hold-down, ramp: the standing that is in force
 *
 * Pure: the same state, reports and time make the same state on every server, whatever the order of agents and reports.
 * Only the time of whoever steps counts, no agent's. Targets that stay as they are keep their identity, and a step that
 * changes nothing gives the same state back.
 */
export function next(state: HealthState, heard: Heard, timeMs: number, rules: HealthRules): HealthState {
  return nextTargets(state, everyTarget(state, rules), heard, timeMs, rules)
}

/** Ids of targets. */
export interface News extends Iterable<string> {
  has(id: string): boolean
}

/**
 * The same step for callers that know of which targets there is news. News are reports; of all targets, that agents came,
 * went or lost their network, that the rules are others, and that the clock was set back. It looks at these, at those that
 * are due and at those that depend on others, and what it gives is what `next` gives.
 */
export function nextTargets(
  state: HealthState,
  news: News,
  heard: Heard,
  timeMs: number,
  rules: HealthRules,
): HealthState {
  const electorate = callElectorate(heard, rules)
  const alike = new AlikeViews()
  const votes = new VotedCount(state.voted)
  const settled: [string, TargetState][] = []
  const waiting = new Map<string, HalfTarget>()
  const look = (id: string, said?: readonly Poll[]): void => {
    const before = state.targets.get(id)
    const polls = said ?? pollTarget(id, before, heard, electorate, rules)
    if (isStillTarget(before, polls)) return
    const half = { before, polls, views: noteTarget(id, before, polls, timeMs, rules) }
    votes.note(half)
    if (half.views.some(waitsForOthers)) {
      waiting.set(id, half)
      return
    }
    const after = settleTarget(id, half, timeMs, rules, alike)
    if (after !== before) settled.push([id, after])
  }
  for (const id of news) look(id)
  const due = new Set(state.targets.due(timeMs))
  for (const id of due) if (!news.has(id)) look(id)
  for (const [id, polls] of state.entangled) if (!news.has(id) && !due.has(id)) look(id, polls)

  const voted = votes.count
  const step: HalfStep = { electorate, rules, timeMs, targets: state.targets.with(settled), waiting, voted }
  const targets = step.targets.with(settleWaiting(step, alike))
  const entangled = entangle(waiting, state.entangled)
  return targets === state.targets && entangled === state.entangled ? state : { targets, entangled, voted }
}

function everyTarget({ targets }: HealthState, { groups }: HealthRules): News {
  const has = (id: string): boolean => groups.byTarget.has(id) || targets.has(id)
  return {
    has,
    *[Symbol.iterator]() {
      yield* groups.byTarget.keys()
      for (const id of targets.keys()) if (!groups.byTarget.has(id)) yield id
    },
  }
}

/** Most targets stay as they are at most times. */
function isStillTarget(before: TargetState | undefined, polls: readonly Poll[]): boolean {
  if (before?.vantages.size !== polls.length - 1) return false
  return polls.every((poll) => isStill(viewAt(before, poll.view), poll))
}

function noteTarget(
  target: string,
  before: TargetState | undefined,
  polls: readonly Poll[],
  timeMs: number,
  rules: HealthRules,
): readonly HalfView[] {
  return polls.map((poll) => {
    const view = viewAt(before, poll.view)
    return { target, before: view, poll, noted: noteVote(view, poll, timeMs, rules) }
  })
}

/** The brake may hold it up because others turn too; damping keeps nothing down that is the last of its pool. */
function waitsForOthers({ noted }: HalfView): boolean {
  return noted.suppressedUntil > 0 || isTurning(noted)
}

function settleWaiting(step: HalfStep, alike: AlikeViews): [string, TargetState][] {
  const { waiting, timeMs, rules } = step
  const braking = brakeViews(step)
  const changes: [string, TargetState][] = []
  for (const [id, half] of waiting) {
    const after = settleTarget(id, half, timeMs, rules, alike, braking, ({ poll, noted }) => {
      // Asked only where it matters: it looks at whole pools.
      return noted.suppressedUntil > 0 && isLastOfPool(id, poll.view, step)
    })
    if (after !== half.before) changes.push([id, after])
  }
  return changes
}

function settleTarget(
  id: string,
  { before, views }: HalfTarget,
  timeMs: number,
  rules: HealthRules,
  alike: AlikeViews,
  brakingOf: (view: HalfView) => Braking = () => RELEASED,
  isLast: (view: HalfView) => boolean = () => false,
): TargetState {
  const stepMs = rampStepMs(id, rules)
  const after = views.map((view) => {
    const settled = settleView(view.before, view.noted, view.poll, brakingOf(view), isLast(view), timeMs, stepMs)
    return settled === view.before ? settled : alike.share(settled)
  })
  const isSame = before?.vantages.size === after.length - 1 && views.every((view, i) => view.before === after[i])
  if (isSame) return before
  const vantages = new Map<string, ViewState>()
  for (let i = 1; i < after.length; i++) vantages.set(views[i]!.poll.view, after[i]!)
  return { global: after[0]!, vantages }
}

/** As long as resolvers may keep an answer, the last step has not reached everybody. */
function rampStepMs(id: string, { ramp, groups }: HealthRules): number | undefined {
  if (ramp === undefined) return undefined
  return Math.max(ramp.stepMs, ...(groups.byTarget.get(id) ?? []).map(({ ttlMs }) => ttlMs))
}

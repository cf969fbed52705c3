import { Verdict } from '@windrose/steering'
import { type Braking, brakeView } from './brake.ts'
import type { HealthRules } from './health-rules.ts'
import { type HealthState, isUnsettled, type TargetState, type ViewState } from './health-state.ts'
import { callElectorate, type Heard } from './heard.ts'
import { isLastOfPool } from './last-of-pool.ts'
import { Confirmation, type Poll, pollTarget, type TargetPoll } from './poll.ts'
import { noteVote, settleView } from './settle-view.ts'
import { UNHEARD } from './standing.ts'
import { GLOBAL, type HalfStep, type HalfTarget, type HalfView } from './step.ts'

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
  return nextTargets(state, [...state.targets.keys(), ...rules.groups.byTarget.keys()], heard, timeMs, rules)
}

/**
 * The same step for callers that know of which targets there is news: reports, or agents that came, went or lost their
 * network. It looks at these and at the targets that are unsettled, and what it gives is what `next` gives.
 */
export function nextTargets(
  state: HealthState,
  news: Iterable<string>,
  heard: Heard,
  timeMs: number,
  rules: HealthRules,
): HealthState {
  const step = beginStep(state, new Set([...news, ...state.unsettled]), heard, timeMs, rules)
  const braking = brakeOnce(step)
  let targets: Map<string, TargetState> | undefined
  let unsettled: Set<string> | undefined
  for (const [id, half] of step.targets) {
    const before = state.targets.get(id)
    const after = settleTarget(id, before, half, step, braking)
    if (after === before) continue
    targets ??= new Map(state.targets)
    targets.set(id, after)
    if (isUnsettled(after) === state.unsettled.has(id)) continue
    unsettled ??= new Set(state.unsettled)
    if (isUnsettled(after)) unsettled.add(id)
    else unsettled.delete(id)
  }
  return targets === undefined ? state : { targets, unsettled: unsettled ?? state.unsettled }
}

function beginStep(
  state: HealthState,
  ids: ReadonlySet<string>,
  heard: Heard,
  timeMs: number,
  rules: HealthRules,
): HalfStep {
  const electorate = callElectorate(heard, rules)
  const targets = new Map<string, HalfTarget>()
  for (const id of ids) {
    const before = state.targets.get(id)
    const poll = pollTarget(id, before, heard, electorate, rules)
    const vantages = new Map<string, HalfView>()
    for (const vantage of namesOf(poll, before, rules)) {
      vantages.set(vantage, noteView(before?.vantages.get(vantage), poll.vantages.get(vantage) ?? SILENCE))
    }
    targets.set(id, { global: noteView(before?.global, poll.global), vantages })
  }
  return { state, electorate, rules, timeMs, targets }

  function noteView(before: ViewState | undefined, poll: HalfView['poll']): HalfView {
    return { before, poll, noted: noteVote(before, poll, timeMs, rules) }
  }
}

/** The vantages that speak, and those that spoke and still count: what they said last matters when they come back. */
function namesOf(poll: TargetPoll, before: TargetState | undefined, { vantages }: HealthRules): string[] {
  const names = new Set(poll.vantages.keys())
  for (const [name, { voted }] of before?.vantages ?? []) {
    if (voted !== Verdict.unknown && (vantages.length === 0 || vantages.includes(name))) names.add(name)
  }
  return [...names].sort()
}

const SILENCE: Poll = { ...UNHEARD, reason: 'no agent speaks', confirmed: Confirmation.none }

function settleTarget(
  id: string,
  before: TargetState | undefined,
  half: HalfTarget,
  step: HalfStep,
  braking: (view: string, target: string) => Braking,
): TargetState {
  const stepMs = rampStepMs(id, step.rules)
  const settle = (name: string, view: HalfView): ViewState => {
    // Asked only where it matters: it looks at whole pools.
    const last = view.noted.suppressedUntil > 0 && isLastOfPool(id, name, step)
    return settleView(view.before, view.noted, view.poll, { ...braking(name, id), last }, step.timeMs, stepMs)
  }
  const global = settle(GLOBAL, half.global)
  const vantages = new Map([...half.vantages].map(([name, view]) => [name, settle(name, view)]))
  const isSame =
    global === before?.global &&
    vantages.size === before.vantages.size &&
    [...vantages].every(([name, view]) => view === before.vantages.get(name))
  return isSame ? before : { global, vantages }
}

/** As long as resolvers may keep an answer, the last step has not reached everybody. */
function rampStepMs(id: string, { ramp, groups }: HealthRules): number | undefined {
  if (ramp === undefined) return undefined
  return Math.max(ramp.stepMs, ...(groups.byTarget.get(id) ?? []).map(({ ttlMs }) => ttlMs))
}

/** Each view's brake is looked at once in a step. */
function brakeOnce(step: HalfStep): (view: string, target: string) => Braking {
  const brakes = new Map<string, (target: string) => Braking>()
  return (view, target) => {
    let brake = brakes.get(view)
    if (brake === undefined) {
      brake = brakeView(view, step)
      brakes.set(view, brake)
    }
    return brake(target)
  }
}

import { Verdict } from '@windrose/steering'
import { Confirmation } from './poll.ts'
import { GLOBAL, type HalfStep, type HalfView, halfViewAt, viewAt } from './step.ts'
import type { TargetGroup } from './target-groups.ts'

/** What the correlation brake says of one view of a target. */
export interface Braking {
  readonly suspect: boolean
  readonly unsure: boolean
  readonly reviewAt: number
}

/**
 * The correlation brake of one view: many targets that turn down at once may be a fault of those who look at them.
 *
 *   more than `poolShare` of a pool's endpoints turn within one interval ..... a second, disjoint set of agents must say so
 *   more than `vantageShare` of a vantage's targets do ....................... another vantage must say so
 *
 * and what nobody confirms is held up, as suspect. It takes two to be correlated, so one target alone never is.
 *
 * Targets turn one after the other, as probes come round. When the one comes that makes it too many, those that turned
 * before it in the same interval are taken back with it. So the brake depends on what turned, and not on the order.
 */
export function brakeView(view: string, step: HalfStep): (target: string) => Braking {
  const { rules, timeMs, targets } = step
  const { brake } = rules
  if (brake === undefined) return () => RELEASED
  const turning = new Map<string, HalfView>()
  for (const [id, target] of targets) {
    const half = halfViewAt(target, view)
    if (half !== undefined && isTurning(half, timeMs, brake.intervalMs)) turning.set(id, half)
  }
  if (turning.size === 0) return () => RELEASED
  const crowded = crowdedGroups(turning, step, brake.poolShare)
  const isCrowdedVantage = isVantageCrowded(view, turning.size, step, brake.vantageShare)
  const needs = (id: string): Confirmation => {
    if (isCrowdedVantage) return Confirmation.vantage
    return rules.groups.byTarget.get(id)?.some((group) => crowded.has(group)) ? Confirmation.agents : Confirmation.none
  }
  const suspects = new Set<string>()
  let endsAt = Number.POSITIVE_INFINITY
  for (const [id, half] of turning) {
    if (isStatic(half) ? half.noted.suspect : half.poll.confirmed < needs(id)) suspects.add(id)
    else endsAt = Math.min(endsAt, fallOf(half, timeMs) + brake.intervalMs)
  }
  return (id) => {
    const half = turning.get(id)
    if (half === undefined) return RELEASED
    if (suspects.has(id)) return { suspect: true, unsure: true, reviewAt: Number.isFinite(endsAt) ? endsAt : 0 }
    const unsure = half.poll.confirmed < Confirmation.vantage
    return { suspect: false, unsure, reviewAt: fallOf(half, timeMs) + brake.intervalMs }
  }
}

const RELEASED: Braking = { suspect: false, unsure: false, reviewAt: 0 }

/** It turned down from up within the interval, or was held when it did and still is. */
function isTurning({ noted }: HalfView, timeMs: number, intervalMs: number): boolean {
  if (noted.voted !== Verdict.down || noted.fellAt === 0) return false
  return noted.suspect || noted.fellAt > timeMs - intervalMs
}

/** One that was held and is let go falls now. */
function fallOf({ noted }: HalfView, timeMs: number): number {
  return noted.suspect ? timeMs : noted.fellAt
}

/** While nobody speaks, what was held is held and what was not is not. */
function isStatic({ poll }: HalfView): boolean {
  return poll.stale || poll.verdict === Verdict.unknown
}

function crowdedGroups(turning: ReadonlyMap<string, HalfView>, { rules }: HalfStep, share: number): Set<TargetGroup> {
  const asked = new Set([...turning.keys()].flatMap((id) => rules.groups.byTarget.get(id) ?? []))
  const isCrowded = ({ endpoints }: TargetGroup): boolean => {
    const count = endpoints.filter((targets) => targets.some((target) => turning.has(target))).length
    return isCrowd(count, endpoints.length, share)
  }
  return new Set([...asked].filter(isCrowded))
}

function isCrowd(count: number, all: number, share: number): boolean {
  return count >= 2 && count > share * all * (1 + 1e-12)
}

/** Another vantage can only be asked where there is one. One target alone is no crowd, and then nothing is counted. */
function isVantageCrowded(view: string, count: number, step: HalfStep, share: number): boolean {
  if (view === GLOBAL || step.electorate.vantages < 2 || count < 2) return false
  return isCrowd(count, countVoted(view, step), share)
}

/** The targets on which a vantage has ever had a verdict. */
function countVoted(view: string, { state, targets }: HalfStep): number {
  let count = 0
  for (const half of targets.values()) if (isVoted(halfViewAt(half, view)?.noted)) count++
  for (const [id, target] of state.targets) if (!targets.has(id) && isVoted(viewAt(target, view))) count++
  return count
}

function isVoted(view: { readonly voted: Verdict } | undefined): boolean {
  return view !== undefined && view.voted !== Verdict.unknown
}

import { Verdict } from '@windrose/steering'
import type { BrakeRule } from './health-rules.ts'
import { leastAbove } from './least-above.ts'
import { Confirmation } from './poll.ts'
import { type Braking, type Noted, RELEASED } from './settle-view.ts'
import { type HalfStep, type HalfView, halfViewAt } from './step.ts'
import type { TargetGroup } from './target-groups.ts'
import { GLOBAL } from './target-state.ts'

/**
 * The correlation brake, view by view: many targets that turn down at once may be a fault of those who look at them.
 *
 *   more than `poolShare` of a pool's endpoints turn within one interval ..... a second, disjoint set of agents must say so
 *   more than `vantageShare` of a vantage's targets do ....................... another vantage must say so
 *
 * and what nobody confirms is held up, as suspect. It takes two to be correlated, so one target alone never is.
 *
 * Targets turn one after the other, as probes come round. When the one comes that makes it too many, those that turned
 * before it in the same interval are taken back with it. So the brake depends on what turned, and not on the order.
 */
export function brakeViews(step: HalfStep): (half: HalfView) => Braking {
  const { rules, timeMs, waiting } = step
  const { brake } = rules
  if (brake === undefined) return () => RELEASED
  const turning = new Map<string, HalfView[]>()
  for (const { views } of waiting.values()) {
    for (const half of views) {
      if (!isTurning(half.noted)) continue
      const together = turning.get(half.poll.view)
      if (together === undefined) turning.set(half.poll.view, [half])
      else together.push(half)
    }
  }
  const brakes = new Map([...turning].map(([view, halves]) => [view, brakeView(view, halves, step, brake)]))
  return (half) => {
    if (!isTurning(half.noted)) return RELEASED
    const { needs, endsAt } = brakes.get(half.poll.view)!
    if (isSuspect(half, needs)) return { suspect: true, sureFor: 0, reviewAt: endsAt }
    const { confirmed, confirmedFor } = half.poll
    const sureFor = confirmed < Confirmation.vantage ? 0 : confirmedFor
    return { suspect: false, sureFor, reviewAt: fallOf(half, timeMs) + brake.intervalMs }
  }
}

/** The brake of one view. */
interface ViewBrake {
  /** Who must say that a target is down, beside the first set of agents. */
  readonly needs: (target: string) => Confirmation
  /** When those that are not held up cease to count, the first of them, so that there may be fewer than too many; or 0. */
  readonly endsAt: number
}

function brakeView(view: string, turning: readonly HalfView[], step: HalfStep, brake: BrakeRule): ViewBrake {
  const { groups } = step.rules
  const crowded = crowdedGroups(view, turning, step, brake)
  const isCrowdedVantage = isVantageCrowded(view, turning.length, step, brake.vantageShare)
  const needs = (target: string): Confirmation => {
    if (isCrowdedVantage) return Confirmation.vantage
    if (crowded.size === 0) return Confirmation.none
    return groups.byTarget.get(target)?.some((group) => crowded.has(group)) ? Confirmation.agents : Confirmation.none
  }
  let endsAt = Number.POSITIVE_INFINITY
  for (const half of turning) {
    if (!isSuspect(half, needs)) endsAt = Math.min(endsAt, fallOf(half, step.timeMs) + brake.intervalMs)
  }
  return { needs, endsAt: Number.isFinite(endsAt) ? endsAt : 0 }
}

/** While nobody speaks, what was held is held and what was not is not. */
function isSuspect(half: HalfView, needs: ViewBrake['needs']): boolean {
  const { poll, noted, target } = half
  return poll.stale || poll.verdict === Verdict.unknown ? noted.suspect : poll.confirmed < needs(target)
}

/** It turned down from up within the interval, or was held when it did and still is. */
export function isTurning({ voted, fellAt }: Noted): boolean {
  return voted === Verdict.down && fellAt > 0
}

/** One that was held and is let go falls now. */
function fallOf({ noted }: HalfView, timeMs: number): number {
  return noted.suspect ? timeMs : noted.fellAt
}

function crowdedGroups(
  view: string,
  turning: readonly HalfView[],
  { rules, waiting }: HalfStep,
  { poolShare }: BrakeRule,
): ReadonlySet<TargetGroup> {
  const turns = (target: string): boolean => {
    const half = halfViewAt(waiting.get(target), view)
    return half !== undefined && isTurning(half.noted)
  }
  const asked = new Set(turning.flatMap(({ target }) => rules.groups.byTarget.get(target) ?? []))
  const isCrowded = ({ endpoints }: TargetGroup): boolean => {
    const count = endpoints.filter((targets) => targets.some(turns)).length
    return isCrowd(count, endpoints.length, poolShare)
  }
  return new Set([...asked].filter(isCrowded))
}

function isCrowd(count: number, all: number, share: number): boolean {
  return count >= 2 && count >= leastAbove(share, all)
}

/**
 * Whether these many are too many of the targets on which a vantage has ever had a verdict. Another vantage can only be
 * asked where there is one.
 */
function isVantageCrowded(view: string, count: number, { electorate, voted }: HalfStep, share: number): boolean {
  if (view === GLOBAL || electorate.vantages < 2) return false
  return isCrowd(count, voted.get(view) ?? 0, share)
}

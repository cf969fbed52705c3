import { Verdict } from '@windrose/steering'
import { GLOBAL, type HalfStep, halfViewAt, viewAt } from './step.ts'

/**
 * Whether a pool of the target has no other endpoint that is up by itself: by the votes, and under neither damping nor
 * hold-down. It depends on what was noted of the others, not on what comes to be in force, so the order does not matter.
 *
 * An endpoint of which a vantage knows nothing is there what it is globally.
 */
export function isLastOfPool(target: string, view: string, step: HalfStep): boolean {
  const groups = step.rules.groups.byTarget.get(target) ?? []
  return groups.some(({ endpoints }) =>
    endpoints.every((targets) => targets.includes(target) || targets.some((other) => !isFreelyUp(other, view, step))),
  )
}

function isFreelyUp(target: string, view: string, step: HalfStep): boolean {
  const half = halfViewAt(step.targets.get(target), view)
  const known = half === undefined ? viewAt(step.state.targets.get(target), view) : half.noted
  const verdict = half === undefined ? viewAt(step.state.targets.get(target), view)?.verdict : half.poll.verdict
  if (known === undefined || verdict === Verdict.unknown) {
    return view !== GLOBAL && isFreelyUp(target, GLOBAL, step)
  }
  return known.voted === Verdict.up && known.heldUntil === 0 && known.suppressedUntil === 0
}

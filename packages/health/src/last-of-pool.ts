import { Verdict } from '@windrose/steering'
import { type HalfStep, halfViewAt } from './step.ts'
import { GLOBAL, viewAt } from './target-state.ts'

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
  const waiting = step.waiting.get(target)
  const half = halfViewAt(waiting, view)
  const settled = waiting === undefined ? viewAt(step.targets.get(target), view) : undefined
  const known = half?.noted ?? settled
  const verdict = half?.poll.verdict ?? settled?.verdict
  if (known === undefined || verdict === Verdict.unknown) {
    return view !== GLOBAL && isFreelyUp(target, GLOBAL, step)
  }
  return known.voted === Verdict.up && known.heldUntil === 0 && known.suppressedUntil === 0
}

import type { Check, LoadFigure, ProbedCheck, ProbeResult } from '@windrose/health'

/** What an agent says of a target's load. */
export interface HeldLoad {
  readonly load: LoadFigure
  /** When the figure was read, or the problem was first there, on the monotonic clock in milliseconds. */
  readonly at: number
}

/**
 * What is said after one more probe. One that gave no figure, because it failed or the answer had none, leaves the last
 * figure standing for HELD_INTERVALS intervals of the check; then it is said why there is none.
 */
export function holdLoad(
  held: HeldLoad | undefined,
  { outcome, reason, load }: Pick<ProbeResult, 'outcome' | 'reason' | 'load'>,
  check: Check,
  now: number = performance.now(),
): HeldLoad | undefined {
  if (!looksForLoad(check)) return undefined
  if (load !== undefined && 'figure' in load) return { load, at: now }
  const isFresh = held !== undefined && 'figure' in held.load && now - held.at <= HELD_INTERVALS * check.intervalMs
  if (isFresh) return held
  const problem = load?.problem ?? (outcome === 'success' ? 'the answer was not looked at' : reason)
  if (held !== undefined && 'problem' in held.load && held.load.problem === problem) return held
  return { load: { problem }, at: now }
}

/** Whether what is said differs: by more than a part of the figure, or in kind. */
export function isOtherFigure(before: LoadFigure | undefined, after: LoadFigure | undefined, part: number): boolean {
  if (before === undefined || after === undefined) return before !== after
  if ('problem' in before || 'problem' in after) {
    return !('problem' in before && 'problem' in after && before.problem === after.problem)
  }
  return Math.abs(after.figure - before.figure) > Math.abs(before.figure) * part
}

const HELD_INTERVALS = 3

function looksForLoad(check: Check): check is ProbedCheck {
  return (check.type === 'http' || check.type === 'https') && check.load !== undefined
}

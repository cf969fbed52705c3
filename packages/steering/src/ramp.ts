/**
 * How much of its weight an endpoint has after it came back: two bits of its cell. 0 is all of it, which is what a cell
 * says that knows of no ramp; 1 to 3 are the steps on the way there.
 */
export type RampStep = 0 | 1 | 2 | 3

/** Where no ramp is under way. */
export const FULL_RAMP = 0
/** Where a ramp begins. */
export const FIRST_RAMP = 1

/** Percent of the weight, by step. */
const PERCENT = [100, 10, 25, 50] as const

export function rampPercent(step: RampStep): number {
  return PERCENT[step]
}

export function nextRampStep(step: RampStep): RampStep {
  return NEXT[step]
}

const NEXT = [0, 2, 3, 0] as const

/**
 * What a new count of demand counts against all before, when it comes so many milliseconds after the last: the past loses
 * half its weight every DEMAND_HALF_LIFE_MS. Counts of seconds waver by themselves, small areas' most; and load that has moved
 * must be seen before long.
 */
export function demandWeight(elapsedMs: number): number {
  return 1 - 2 ** (-elapsedMs / DEMAND_HALF_LIFE_MS)
}

export const DEMAND_HALF_LIFE_MS = 15_000

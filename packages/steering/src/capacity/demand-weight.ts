/**
 * What a new count of demand counts against all before, when it comes so many milliseconds after the last: the past loses
 * half its weight every half-life. With that of DEMAND_HALF_LIFE_MS counts of seconds, which waver by themselves, small areas'
 * most, are smooth, and load that has moved is seen before long.
 */
export function demandWeight(elapsedMs: number, halfLifeMs: number = DEMAND_HALF_LIFE_MS): number {
  return 1 - 2 ** (-elapsedMs / halfLifeMs)
}

export const DEMAND_HALF_LIFE_MS = 15_000

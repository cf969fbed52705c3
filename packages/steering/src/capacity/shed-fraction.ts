import { lowLoad, type SiteLimits, targetLoad } from './workload.ts'

/** The part of what would come that a site gives away at a load: 0 up to the low mark, 1 from the high mark on. */
export function shedFraction(load: number, low: number, high: number): number {
  if (load >= high) return 1
  return load <= low ? 0 : (load - low) / (high - low)
}

/**
 * The load at which a site rests that sheds by `shedFraction`: L with L = arriving * (1 - shedFraction(L)) + fixed.
 *
 * Between the marks that is a straight line in L, so it can be solved. Repeating the rule on the load of before instead
 * swings between all and nothing as soon as more than `high - low` arrives. `fixed` is what comes and cannot be given away.
 */
export function restingLoad(arriving: number, fixed: number, low: number, high: number): number {
  if (arriving + fixed <= low) return arriving + fixed
  if (fixed >= high) return fixed
  const width = high - low
  return (arriving * high + fixed * width) / (arriving + width)
}

/** The part of what comes that a site gives away at its resting load; nothing where it has no limit. */
export function fractionAtRest(site: SiteLimits, arriving: number, fixed: number): number {
  const low = lowLoad(site)
  const high = targetLoad(site)
  if (high === Number.POSITIVE_INFINITY) return 0
  if (arriving === 0) return shedFraction(fixed, low, high)
  const kept = (restingLoad(arriving, fixed, low, high) - fixed) / arriving
  return Math.min(1, Math.max(0, 1 - kept))
}

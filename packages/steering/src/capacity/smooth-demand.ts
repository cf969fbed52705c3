/**
 * Demand by area after one more interval: it moves a part of the way to what was counted. Counts of ten seconds waver by
 * themselves, small areas' most; a crowd that comes at once is seen by two thirds after three intervals.
 *
 * `smoothed` is changed. Both by area, in the same unit.
 */
export function smoothDemand(smoothed: Float64Array, counted: Float64Array): void {
  for (let area = 0; area < smoothed.length; area++)
    smoothed[area]! += (counted[area]! - smoothed[area]!) * DEMAND_WEIGHT
}

const DEMAND_WEIGHT = 0.3

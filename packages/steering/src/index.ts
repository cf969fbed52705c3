export { allSteps } from './all-steps.ts'
export { assignBuckets, type SiteShare } from './capacity/assign-buckets.ts'
export { balanceLoad } from './capacity/balance-load.ts'
export { DEMAND_HALF_LIFE_MS, demandWeight } from './capacity/demand-weight.ts'
export { keyBits, shareError } from './capacity/key-bits.ts'
export {
  type LoadReading,
  nextLoadFactor,
  nextSentLong,
  typicalLoadFactor,
} from './capacity/load-factor.ts'
export { placeDisplaced } from './capacity/place-displaced.ts'
export { type CapacityRule, DEFAULT_STEP, type Placement } from './capacity/placement.ts'
export { decodeShares, encodeShares, WHOLE } from './capacity/share-row.ts'
export { shedLoad, shedLoadUncapped } from './capacity/shed-load.ts'
export { spillLoad } from './capacity/spill-load.ts'
export {
  type Assignment,
  costOf,
  loadsOf,
  NO_HOME,
  RESERVE,
  type SiteLimits,
  STALE_AFTER_INTERVALS,
  type Workload,
} from './capacity/workload.ts'
export { type ClassNames, classKey } from './class-key.ts'
export { BUCKETS, bucketOf, bucketSeed } from './client-bucket.ts'
export { type ClientClass, DEFAULT_AREA, UNPLACED } from './client-class.ts'
export { type ClassCosts, type ClientMap, SPECIAL_CLASS } from './client-map.ts'
export { decide } from './decide.ts'
export {
  type Decision,
  FULL_KEYS,
  type Ground,
  type KeyLengths,
  type LeftOut,
  type Stage,
  type TraceLine,
  VARIANTS_MAX,
  type Variant,
} from './decision.ts'
export { failedPools } from './failed-pools.ts'
export {
  cellAt,
  cellRamp,
  cellStability,
  cellVerdict,
  DEGRADED,
  DRAINED,
  FORCED,
  type HealthTable,
  healthCell,
  RAMP_SHIFT,
  STABILITY_MAX,
  STALE,
  Verdict,
} from './health-table.ts'
export { type Move, movesBetween, NOBODY, type Outcome, outcomeOf, outcomeOfVariant } from './outcome.ts'
export type { PlacedLoad } from './placed-load.ts'
export { preferPools } from './prefer-pools.ts'
export { FIRST_RAMP, FULL_RAMP, nextRampStep, type RampStep, rampPercent } from './ramp.ts'
export type {
  DrawKind,
  Endpoint,
  Family,
  GeoArea,
  LatencyTolerance,
  OnAllDown,
  Pool,
  Service,
  Step,
} from './service.ts'

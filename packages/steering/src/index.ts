export { BUCKETS, bucketOf, bucketSeed } from './client-bucket.ts'
export { type ClientClass, UNPLACED } from './client-class.ts'
export { type ClientMap, SPECIAL_CLASS } from './client-map.ts'
export { decide } from './decide.ts'
export { type Decision, type Ground, type Stage, type TraceLine, VARIANTS_MAX, type Variant } from './decision.ts'
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
export { FIRST_RAMP, FULL_RAMP, nextRampStep, type RampStep, rampPercent } from './ramp.ts'
export type { Endpoint, Family, OnAllDown, Pool, Service, Step } from './service.ts'

import type { RunningParts } from '../running-parts.ts'
import { ALIAS_METRICS } from './alias-metrics.ts'
import { ANSWERING_METRICS } from './answering-metrics.ts'
import { CAPACITY_METRICS } from './capacity-metrics.ts'
import { CONTROL_METRICS } from './control-metrics.ts'
import { HEALTH_METRICS } from './health-metrics.ts'
import { KERNEL_METRICS } from './kernel-metrics.ts'
import { collect, type Metric } from './metric.ts'
import type { MetricFamily } from './print-metrics.ts'
import { PROCESS_METRICS } from './process-metrics.ts'
import { STEERING_METRICS } from './steering-metrics.ts'
import { STORE_METRICS } from './store-metrics.ts'

/** Every metric there is (docs/metrics.md). */
export const METRICS: readonly Metric[] = [
  ...ANSWERING_METRICS,
  ...HEALTH_METRICS,
  ...STORE_METRICS,
  ...CAPACITY_METRICS,
  ...STEERING_METRICS,
  ...CONTROL_METRICS,
  ...ALIAS_METRICS,
  ...PROCESS_METRICS,
  ...KERNEL_METRICS,
]

/** All metrics as they are now. */
export function collectMetrics(parts: RunningParts): readonly MetricFamily[] {
  return collect(METRICS, parts)
}

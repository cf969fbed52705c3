import type { RunningParts } from '../running-parts.ts'
import type { MetricFamily, Sample } from './print-metrics.ts'

/** What a metric is, and how it is read off the running server. Nothing is counted twice for it. */
export interface Metric extends Omit<MetricFamily, 'samples'> {
  readonly collect: (parts: RunningParts) => readonly Sample[]
}

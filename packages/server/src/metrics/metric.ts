import type { RunningParts } from '../running-parts.ts'
import type { MetricFamily, Sample } from './print-metrics.ts'

/** What a metric is, and how it is read off what is running: a server by default. Nothing is counted twice for it. */
export interface Metric<Source = RunningParts> extends Omit<MetricFamily, 'samples'> {
  readonly collect: (source: Source) => readonly Sample[]
}

/** These metrics as they are now. */
export function collect<Source>(metrics: readonly Metric<Source>[], source: Source): readonly MetricFamily[] {
  return metrics.map(({ name, type, help, collect }) => ({ name, type, help, samples: collect(source) }))
}

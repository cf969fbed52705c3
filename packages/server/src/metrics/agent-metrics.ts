import type { AgentStats, SkipReason } from '@windrose/agent'
import type { MetricFamily, Sample } from './print-metrics.ts'

/** What an agent does, as it says itself: the one inside a server, and one that runs by itself. */
export interface AgentMetric extends Omit<MetricFamily, 'samples'> {
  readonly collect: (stats: AgentStats) => readonly Sample[]
}

export const AGENT_METRICS: readonly AgentMetric[] = [
  {
    name: 'windrose_agent_targets',
    type: 'gauge',
    help: 'Targets that the agent probes, by check.',
    collect: ({ checks }) => checks.map(({ name, targets }) => ({ labels: { check: name }, value: targets })),
  },
  {
    name: 'windrose_agent_probes_running',
    type: 'gauge',
    help: 'Probes under way, by check.',
    collect: ({ checks }) => checks.map(({ name, running }) => ({ labels: { check: name }, value: running })),
  },
  {
    name: 'windrose_agent_probes_total',
    type: 'counter',
    help: 'Probes made, by check and outcome.',
    collect: ({ checks }) =>
      checks.flatMap(({ name, results }) =>
        Object.entries(results).map(([outcome, value]) => ({ labels: { check: name, outcome }, value })),
      ),
  },
  {
    name: 'windrose_agent_probes_skipped_total',
    type: 'counter',
    help: 'Probes that were due and left out, by check and reason.',
    collect: ({ checks }) =>
      checks.flatMap(({ name, skipped }) =>
        REASONS.map(([reason, key]) => ({ labels: { check: name, reason }, value: skipped[key] })),
      ),
  },
  {
    name: 'windrose_agent_reports_total',
    type: 'counter',
    help: 'Reports that the store has taken.',
    collect: ({ published }) => [{ value: published }],
  },
  {
    name: 'windrose_agent_publish_failures_total',
    type: 'counter',
    help: 'Batches of reports that did not reach the store and were sent again.',
    collect: ({ publishFailures }) => [{ value: publishFailures }],
  },
]

const REASONS: readonly (readonly [reason: string, key: SkipReason])[] = [
  ['still_running', 'stillRunning'],
  ['too_many_running', 'tooManyRunning'],
  ['max_concurrent', 'maxConcurrent'],
  ['max_rate', 'maxRate'],
]

import { type AgentStats, DURATION_BOUNDS_MS, type DurationCounts, type SkipReason } from '@windrose/agent'
import type { Metric } from './metric.ts'
import type { Sample } from './print-metrics.ts'

/** What an agent does, as it says itself: the one inside a server, and one that runs by itself. */
export const AGENT_METRICS: readonly Metric<AgentStats>[] = [
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
    name: 'windrose_agent_probe_duration_seconds',
    type: 'histogram',
    help: "How long probes took that succeeded or failed, by the check's type.",
    collect: ({ durations }) => durations.flatMap(({ type, ...counts }) => histogram({ type }, counts)),
  },
  {
    name: 'windrose_agent_isolated',
    type: 'gauge',
    help: '1 while most control targets cannot be reached: the agent has no vote.',
    collect: ({ isolated }) => [{ value: isolated ? 1 : 0 }],
  },
  {
    name: 'windrose_agent_lease_held',
    type: 'gauge',
    help: '1 while the agent holds its lease in the store: without it, it has no vote.',
    collect: ({ leaseHeld }) => [{ value: leaseHeld ? 1 : 0 }],
  },
  {
    name: 'windrose_agent_incarnation',
    type: 'gauge',
    help: 'The number of its start, by the store.',
    collect: ({ incarnation }) => (incarnation === undefined ? [] : [{ value: incarnation }]),
  },
  {
    name: 'windrose_agent_publish_age_seconds',
    type: 'gauge',
    help: 'How long ago the store last took reports. They are sent when something is new.',
    collect: ({ sincePublishedMs }) => (sincePublishedMs === undefined ? [] : [{ value: sincePublishedMs / 1000 }]),
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

function histogram(labels: Readonly<Record<string, string>>, { atMost, sumMs }: DurationCounts): readonly Sample[] {
  const count = atMost.at(-1)!
  const buckets = atMost.map((value, i) => {
    const bound = DURATION_BOUNDS_MS[i]
    return { suffix: '_bucket', labels: { ...labels, le: bound === undefined ? '+Inf' : bound / 1000 }, value } as const
  })
  return [...buckets, { suffix: '_sum', labels, value: sumMs / 1000 }, { suffix: '_count', labels, value: count }]
}

const REASONS: readonly (readonly [reason: string, key: SkipReason])[] = [
  ['still_running', 'stillRunning'],
  ['too_many_running', 'tooManyRunning'],
  ['max_concurrent', 'maxConcurrent'],
  ['max_rate', 'maxRate'],
]

import type { AgentStats } from '@windrose/agent'
import { type EndpointStatus, printVerdict } from '@windrose/health'
import { Verdict } from '@windrose/steering'
import type { RunningParts } from '../running-parts.ts'
import { AGENT_METRICS } from './agent-metrics.ts'
import type { Metric } from './metric.ts'

/** What is known of endpoints, and what the embedded agent does. */
export const HEALTH_METRICS: readonly Metric[] = [
  perEndpoint('windrose_endpoint_up', '1 where steering takes the endpoint for up, else 0.', (status) =>
    status.effective === Verdict.up ? 1 : 0,
  ),
  perEndpoint('windrose_endpoint_drained', '1 where an override drains the endpoint.', (status) =>
    status.drained ? 1 : 0,
  ),
  perEndpoint('windrose_endpoint_forced', '1 where an override forces the endpoint up or down.', (status) =>
    status.override !== undefined && status.override.action !== 'drain' ? 1 : 0,
  ),
  {
    name: 'windrose_endpoint_verdict',
    type: 'gauge',
    help: '1 for the verdict of the checks, before overrides; 0 for the others.',
    collect: (parts) =>
      endpointsOf(parts).flatMap(({ labels, status }) =>
        [Verdict.up, Verdict.down, Verdict.unknown].map((verdict) => ({
          labels: { ...labels, verdict: printVerdict(verdict) },
          value: status.real.verdict === verdict ? 1 : 0,
        })),
      ),
  },
  {
    name: 'windrose_transitions_total',
    type: 'counter',
    help: 'Verdicts that turned, over all endpoints.',
    collect: ({ transitions }) => [{ value: transitions.count }],
  },
  {
    name: 'windrose_overrides',
    type: 'gauge',
    help: 'Overrides in force, by action.',
    collect: ({ health }) =>
      (['drain', 'down', 'up'] as const).map((action) => ({
        labels: { action },
        value: health.overrides.filter((override) => override.action === action).length,
      })),
  },
  ...AGENT_METRICS.map(ofEmbeddedAgent),
]

function perEndpoint(name: string, help: string, value: (status: EndpointStatus) => number): Metric {
  return {
    name,
    type: 'gauge',
    help,
    collect: (parts) => endpointsOf(parts).map(({ labels, status }) => ({ labels, value: value(status) })),
  }
}

function endpointsOf({ reloader, health }: RunningParts): { labels: Record<string, string>; status: EndpointStatus }[] {
  const { services, sites, endpoints } = reloader.current.compiled.configuration
  return health.statuses().map((status, index) => {
    const { endpoint, service, site } = endpoints[index]!
    const labels = { service: services[service]!.name, site: sites[site]!.name, endpoint: endpoint.label }
    return { labels, status }
  })
}

function ofEmbeddedAgent({ collect, ...metric }: Metric<AgentStats>): Metric {
  return {
    ...metric,
    collect: (parts) => {
      const stats = parts.agent()?.stats()
      return stats === undefined ? [] : collect(stats)
    },
  }
}

import type { AgentStats } from '@windrose/agent'
import type { Store } from '@windrose/store'
import { AGENT_METRICS } from './agent-metrics.ts'
import type { Metric } from './metric.ts'
import { BUILD_INFO, PROCESS_METRICS, type ProcessParts } from './process-metrics.ts'
import { STORE_UP } from './store-metrics.ts'

/** What of an agent that runs by itself is measured. */
export interface StandaloneAgent extends ProcessParts {
  readonly name: string
  readonly vantage: string
  readonly store: Pick<Store, 'kind' | 'link'>
  readonly stats: () => AgentStats
}

/** Every metric of an agent that runs by itself (docs/metrics.md). */
export const STANDALONE_AGENT_METRICS: readonly Metric<StandaloneAgent>[] = [
  {
    name: 'windrose_agent_info',
    type: 'gauge',
    help: '1, with the name of the agent and its vantage.',
    collect: ({ name, vantage }) => [{ labels: { agent: name, vantage }, value: 1 }],
  },
  ...AGENT_METRICS.map(ofStandaloneAgent),
  STORE_UP,
  BUILD_INFO,
  ...PROCESS_METRICS,
]

function ofStandaloneAgent({ collect, ...metric }: Metric<AgentStats>): Metric<StandaloneAgent> {
  return { ...metric, collect: ({ stats }) => collect(stats()) }
}

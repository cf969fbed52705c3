import type { Store } from '@windrose/store'
import { agentState } from '../control/fleet-bodies.ts'
import type { Metric } from './metric.ts'

export const STORE_UP: Metric<{ readonly store: Pick<Store, 'kind' | 'link'> }> = {
  name: 'windrose_store_up',
  type: 'gauge',
  help: '1 while the store is within reach.',
  collect: ({ store }) => [{ labels: { store: store.kind }, value: store.link.up ? 1 : 0 }],
}

/** The store that servers and agents share, and who is known from it. */
export const STORE_METRICS: readonly Metric[] = [
  STORE_UP,
  {
    name: 'windrose_store_age_seconds',
    type: 'gauge',
    help: 'How long the store has been out of reach; 0 while it is not.',
    collect: ({ store: { link }, now }) => [{ value: link.up ? 0 : Math.max(0, (now() - link.since) / 1000) }],
  },
  {
    name: 'windrose_store_refused_total',
    type: 'counter',
    help: 'Records in the store that were not taken, by the agent that they name.',
    collect: ({ refusals }) => [...refusals.counts].map(([agent, value]) => ({ labels: { agent }, value })),
  },
  {
    name: 'windrose_keeper',
    type: 'gauge',
    help: '1 where this server writes the verdict state.',
    collect: ({ health }) => [{ value: health.isKeeper ? 1 : 0 }],
  },
  {
    name: 'windrose_keeper_disagreements_total',
    type: 'counter',
    help: "Verdicts of the keeper's record that this server's own step turned back.",
    collect: ({ health }) => [{ value: health.disagreements }],
  },
  {
    name: 'windrose_load_answers_per_second',
    type: 'gauge',
    help: 'Steered answers a second of all servers that share the store, smoothed, by where they lead.',
    collect: ({ store }) =>
      store.loads.byPool().map(({ service, site, smoothed }) => ({ labels: { service, site }, value: smoothed })),
  },
  {
    name: 'windrose_load_servers',
    type: 'gauge',
    help: 'Servers whose load is known, this one included.',
    collect: ({ store }) => [{ value: store.loads.servers.size }],
  },
  {
    name: 'windrose_load_age_seconds',
    type: 'gauge',
    help: 'How long ago the oldest of their loads arrived.',
    collect: ({ store }) => {
      const age = store.loads.age()
      return age === undefined ? [] : [{ value: age / 1000 }]
    },
  },
  {
    name: 'windrose_agents',
    type: 'gauge',
    help: 'Agents that the store tells of, by vantage and state.',
    collect: ({ store }) => {
      const counts = new Map<string, number>()
      for (const agent of store.book.agents.values()) {
        for (const state of STATES) {
          const key = JSON.stringify([agent.vantage, state])
          counts.set(key, (counts.get(key) ?? 0) + (agentState(agent) === state ? 1 : 0))
        }
      }
      return [...counts].map(([key, value]) => {
        const [vantage, state] = JSON.parse(key) as [string, string]
        return { labels: { vantage, state }, value }
      })
    },
  },
]

const STATES = ['alive', 'isolated', 'gone'] as const

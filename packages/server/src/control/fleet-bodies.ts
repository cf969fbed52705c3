import { type HealthState, judgeEndpoint, type ProbedEndpoint, printVerdict } from '@windrose/health'
import type { KnownAgent, ReportBook } from '@windrose/store'
import { hasPlace } from '../health/voteless-agents.ts'
import type { RunningParts } from '../running-parts.ts'
import type { KnownAgentBody, StoreBody, VantageBody } from './api-types.ts'
import { printTime } from './print-values.ts'

/** The store as this server sees it. */
export function storeBody({ store, health, refusals, key, now }: RunningParts): StoreBody {
  const { up, since, reason } = store.link
  return {
    kind: store.kind,
    up,
    since: since === 0 ? null : printTime(since),
    reason: up ? '' : reason,
    ageSeconds: up || since === 0 ? 0 : secondsSince(since, now()),
    keeper: health.isKeeper,
    refused: Object.fromEntries(refusals.counts),
    signing: key === undefined ? null : { agent: key.agent, publicKey: key.publicKey },
  }
}

/** All agents that the store tells of, by vantage and name. */
export function agentBodies({ store, health, now }: RunningParts): KnownAgentBody[] {
  return [...store.book.agents.values()]
    .sort((a, b) => (`${a.vantage}/${a.agent}` < `${b.vantage}/${b.agent}` ? -1 : 1))
    .map((agent) => ({
      name: agent.agent,
      vantage: agent.vantage,
      incarnation: agent.incarnation,
      state: agentState(agent),
      vote: hasPlace(agent, health.watched.rules),
      since: printTime(agent.since),
      ageSeconds: secondsSince(agent.heardAt, now()),
      targets: agent.targets,
      version: agent.version,
    }))
}

export function agentState({ alive, isolated }: Pick<KnownAgent, 'alive' | 'isolated'>): KnownAgentBody['state'] {
  return alive ? (isolated ? 'isolated' : 'alive') : 'gone'
}

/** An endpoint as every vantage has it that has ever spoken of it. */
export function vantageBodies(endpoint: ProbedEndpoint, state: HealthState, book: ReportBook): VantageBody[] {
  const names = new Set(endpoint.targets.flatMap(({ id }) => [...(state.targets.get(id)?.vantages.keys() ?? [])]))
  return [...names].sort().map((vantage) => {
    const { verdict, since, reason, degraded, stale } = judgeEndpoint(endpoint, state, vantage)
    return {
      vantage,
      verdict: printVerdict(verdict),
      since: since === 0 ? null : printTime(since),
      reason,
      flags: [...(degraded ? (['degraded'] as const) : []), ...(stale ? (['stale'] as const) : [])],
      latencyMs: medianLatency(endpoint, vantage, book),
    }
  })
}

/** Of the vantage's agents, over all checks of the endpoint. */
function medianLatency({ targets }: ProbedEndpoint, vantage: string, book: ReportBook): number | null {
  const latencies = targets
    .flatMap(({ id }) => book.reports(id))
    .flatMap((report) => (report.vantage === vantage && report.latencyMs !== undefined ? [report.latencyMs] : []))
    .sort((a, b) => a - b)
  return latencies[latencies.length >> 1] ?? null
}

function secondsSince(thenMs: number, nowMs: number): number {
  return Math.max(0, Math.round((nowMs - thenMs) / 100) / 10)
}

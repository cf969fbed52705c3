import type { EndpointStatus } from '@windrose/health'
import { printVerdict } from '@windrose/health'
import { Counter } from '@windrose/nameserver'
import { cellStability, DEGRADED, DRAINED, FORCED, STALE, Verdict } from '@windrose/steering'
import type { ThreadStatus } from '../answering.ts'
import type { DatabaseSummary, ServedConfiguration } from '../compile/compiled.ts'
import { EMBEDDED_AGENT, embeddedVantage } from '../health/embedded-agent.ts'
import { printListenAddress } from '../listen-error.ts'
import type { Reloader, ReloadFailure } from '../reload.ts'
import type { RunningParts } from '../running-parts.ts'
import { tokenFile } from '../state/token.ts'
import { VERSION } from '../version.ts'
import type {
  AgentBody,
  ConfigBody,
  DatabaseBody,
  EndpointBody,
  FailureBody,
  ServiceBody,
  StatusBody,
  ThreadBody,
} from './api-types.ts'
import { heldBodies } from './failback-route.ts'
import { agentBodies, storeBody, vantageBodies } from './fleet-bodies.ts'
import { flattenProblem, printOverride, printTime } from './print-values.ts'
import { siteBodies } from './site-bodies.ts'

/** Everything about the running server, as `windrose status` and the dashboard show it. */
export function buildStatus(parts: RunningParts): StatusBody {
  const { readiness, reloader, health, stateDir } = parts
  const { configuration, geography } = reloader.current.compiled
  const nowMs = parts.now()
  const statuses = health.statuses()
  const answering = parts.answering()
  return {
    version: VERSION,
    pid: process.pid,
    startedAt: printTime(parts.startedAt),
    now: printTime(nowMs),
    ready: readiness.ready,
    waitingFor: readiness.waitingFor(),
    config: configBody(reloader),
    stateDir,
    tokenFile: tokenFile(stateDir),
    listen: (answering?.addresses ?? configuration.listen).map(printListenAddress),
    control: parts.controlAddress(),
    transport: answering?.transport ?? { name: 'none', reason: 'queries are not answered yet' },
    threads: answering?.threads().map(threadBody) ?? [],
    geo: {
      databases: geography.databases.map((database) => databaseBody(database, nowMs)),
      ...(reloader.lastGeoFailure === undefined ? {} : { lastError: failureBody(reloader.lastGeoFailure) }),
    },
    sites: siteBodies(parts),
    zones: configuration.zones,
    services: configuration.services.map((_, index) => serviceBody(configuration, index, statuses)),
    endpoints: configuration.endpoints.map((_, index) => ({
      ...endpointBody(configuration, index, statuses[index]!),
      vantages: vantageBodies(health.watched.endpoints[index]!, health.state, parts.store.book),
    })),
    overrides: health.overrides.map(printOverride),
    agent: agentBody(parts),
    held: heldBodies(parts.holds.until),
    store: storeBody(parts),
    agents: agentBodies(parts),
  }
}

function configBody(reloader: Reloader): ConfigBody {
  const { compiled, loadedAt } = reloader.current
  const { file, revision } = compiled.configuration
  const { lastFailure, restartNeeded } = reloader
  const error =
    lastFailure === undefined
      ? {}
      : { lastError: { ...failureBody(lastFailure), problems: lastFailure.problems.map(flattenProblem) } }
  return { file, revision, loadedAt: printTime(loadedAt), restartNeeded, ...error }
}

function failureBody({ at, message }: ReloadFailure): FailureBody {
  return { at: printTime(at), message }
}

function threadBody({ name, counters, restarts, kernelDrops, sendFailures }: ThreadStatus): ThreadBody {
  const { queriesUdp4, queriesUdp6, queriesTcp4, queriesTcp6 } = Counter
  const queries = [queriesUdp4, queriesUdp6, queriesTcp4, queriesTcp6].reduce<number>(
    (sum, cell) => sum + counters[cell]!,
    0,
  )
  return { name, queries, restarts, kernelDrops, sendFailures }
}

function databaseBody({ file, type, precision, builtAt, attribution }: DatabaseSummary, nowMs: number): DatabaseBody {
  const ageDays = Math.round((nowMs - builtAt) / 8_640_000) / 10
  const shown = attribution === '' ? {} : { attribution }
  return { file, type, precision, built: printTime(builtAt), ageDays, ...shown }
}

function serviceBody(
  { services, endpoints }: ServedConfiguration,
  index: number,
  statuses: readonly EndpointStatus[],
): ServiceBody {
  const { name, ttl, steps } = services[index]!
  const own = endpoints.flatMap(({ service, endpoint }) => (service === index ? [statuses[endpoint.index]!] : []))
  const count = (verdict: Verdict): number => own.filter(({ effective }) => effective === verdict).length
  return {
    name,
    ttl,
    policy: steps.map(({ kind }) => kind),
    endpoints: {
      total: own.length,
      up: count(Verdict.up),
      down: count(Verdict.down),
      unknown: count(Verdict.unknown),
      drained: own.filter(({ drained }) => drained).length,
    },
  }
}

function endpointBody(
  configuration: ServedConfiguration,
  index: number,
  status: EndpointStatus,
): Omit<EndpointBody, 'vantages'> {
  const { endpoint, service, site } = configuration.endpoints[index]!
  const { effective, real, reason, override, cell } = status
  const isForced = (cell & FORCED) !== 0
  const sinceMs = isForced ? (override?.createdAt ?? 0) : real.since
  const stability = cellStability(cell)
  return {
    id: endpoint.id,
    service: configuration.services[service]!.name,
    site: configuration.sites[site]!.name,
    target: endpoint.label,
    weight: endpoint.weight,
    verdict: printVerdict(effective),
    real: printVerdict(real.verdict),
    flags: FLAGS.flatMap(({ bit, name }) => ((cell & bit) === 0 ? [] : [name])),
    since: sinceMs === 0 ? null : printTime(sinceMs),
    reason,
    realReason: real.reason,
    stabilitySeconds: Number.isFinite(stability) ? stability : null,
    override: override?.id ?? null,
  }
}

const FLAGS = [
  { bit: DRAINED, name: 'drained' },
  { bit: FORCED, name: 'forced' },
  { bit: DEGRADED, name: 'degraded' },
  { bit: STALE, name: 'stale' },
] as const

function agentBody(parts: RunningParts): AgentBody | null {
  const stats = parts.agent()?.stats()
  if (stats === undefined) return null
  const { targets, running, results, skipped, checks } = stats
  const { configuration } = parts.reloader.current.compiled
  return { name: EMBEDDED_AGENT, vantage: embeddedVantage(configuration), targets, running, results, skipped, checks }
}

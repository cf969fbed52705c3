import {
  applyResult,
  isInTransition,
  NOT_PROBED,
  type ProbeResult,
  type ProbeTarget,
  type RiseFallState,
  stabilityOf,
} from '@windrose/health'
import type { Store } from '@windrose/store'
import { createPatternMatcher } from './pattern-matcher.ts'
import { probe } from './probe.ts'
import type { ProbeSurroundings } from './probe-surroundings.ts'
import { Publisher, type PublisherStats, type ReportContent } from './publisher.ts'
import { createNameResolver, type ResolveName } from './resolve-name.ts'
import { Scheduler, type SchedulerStats } from './scheduler.ts'
import { createTrustStore } from './trust-store.ts'

/**
 * Probes targets and reports on them until it is stopped; until then it keeps the process alive.
 *
 * A report goes out when its verdict, stability, reason or degradation is new, and otherwise at least once in three
 * intervals, so that readers can tell an agent that agrees from one that is gone.
 */
export function startAgent(options: AgentOptions): Agent {
  const { store, name, vantage, now } = options
  const resolveName = options.resolveName ?? createNameResolver()
  const probed = new Map<string, ProbedTarget>()
  const results = { success: 0, failure: 0, inconclusive: 0 }
  const publisher = new Publisher(store, name, vantage)
  const patterns = createPatternMatcher()
  let surroundings: ProbeSurroundings

  const scheduler = new Scheduler({
    random: options.random,
    maxRunning: options.maxRunning ?? MAX_RUNNING,
    probe: (target, signal) => probe(target, surroundings, signal),
    isInTransition: ({ id }) => isInTransition(probed.get(id)?.state ?? NOT_PROBED),
    onResult: (target, result) => {
      results[result.outcome]++
      const before = probed.get(target.id) ?? NEVER_PROBED
      const state = applyResult(before.state, result, target.check, now())
      const content = contentOf(target, state)
      const publish = mustPublish(before, content, target)
      if (publish) publisher.report(content)
      probed.set(
        target.id,
        publish ? { state, published: content, publishedAt: performance.now() } : { ...before, state },
      )
      options.onResult?.(target, result, state)
    },
  })

  const setTargets = (all: readonly ProbeTarget[]) => {
    const targets = all.filter(({ check }) => check.type !== 'push')
    const ids = new Set(targets.map((target) => target.id))
    for (const id of probed.keys()) if (!ids.has(id)) probed.delete(id)
    // Made anew, so that a reload reads the CA files again.
    surroundings = { resolveName, now, patterns, trust: createTrustStore() }
    publisher.retain([...ids])
    scheduler.setTargets(targets)
  }
  setTargets(options.targets)

  return {
    setTargets,
    stop: async () => {
      scheduler.stop()
      patterns.close()
      await publisher.stop()
    },
    stats: () => ({ ...scheduler.stats, ...publisher.stats, results: { ...results } }),
  }
}

export interface AgentOptions {
  /** The agent's name, unique over all vantages. */
  readonly name: string
  /** The place it speaks for. */
  readonly vantage: string
  readonly store: Store
  /** Those with a push check speak for themselves and are left out. */
  readonly targets: readonly ProbeTarget[]
  /** 0 to below 1. */
  readonly random: () => number
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Probes at the same time, 1,000 by default: each has a file descriptor. */
  readonly maxRunning?: number
  /** How host names become addresses; the machine's resolvers by default. */
  readonly resolveName?: ResolveName
  /** Hears of every result, with the state that it led to. */
  readonly onResult?: (target: ProbeTarget, result: ProbeResult, state: RiseFallState) => void
}

export interface Agent {
  /** Probes these from now on. Targets with a known id keep their state and their rhythm; CA files are read again. */
  setTargets(targets: readonly ProbeTarget[]): void
  /** Ends all probes, timers and connections. What was reported stands. */
  stop(): Promise<void>
  stats(): AgentStats
}

export interface AgentStats extends SchedulerStats, PublisherStats {
  /** Probes since the start, by how they ended. */
  readonly results: Readonly<Record<ProbeResult['outcome'], number>>
}

const MAX_RUNNING = 1000

interface ProbedTarget {
  readonly state: RiseFallState
  /** What the publisher was last given. */
  readonly published: ReportContent | undefined
  /** On the monotonic clock. */
  readonly publishedAt: number
}

const NEVER_PROBED: ProbedTarget = { state: NOT_PROBED, published: undefined, publishedAt: Number.NEGATIVE_INFINITY }

function contentOf(target: ProbeTarget, state: RiseFallState): ReportContent {
  const { verdict, since, reason, degraded, lastAt } = state
  const stability = stabilityOf(state, target.check)
  return { target: target.id, verdict, since, stability, reason, at: lastAt, ...(degraded ? { degraded } : {}) }
}

function mustPublish(before: ProbedTarget, content: ReportContent, target: ProbeTarget): boolean {
  const { published } = before
  return (
    published === undefined ||
    published.verdict !== content.verdict ||
    published.since !== content.since ||
    published.stability !== content.stability ||
    published.reason !== content.reason ||
    published.degraded !== content.degraded ||
    performance.now() - before.publishedAt >= heartbeatMs(target)
  )
}

/** Early enough that waiting for the next result, which may be late by the jitter, would not exceed three intervals. */
function heartbeatMs({ check }: ProbeTarget): number {
  return check.intervalMs * (2 - check.jitter) - check.timeoutMs
}

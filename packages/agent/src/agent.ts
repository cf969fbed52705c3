import {
  applyResult,
  type Check,
  isInTransition,
  NOT_PROBED,
  type ProbeResult,
  type ProbeTarget,
  printVerdict,
  type RiseFallState,
  stabilityOf,
} from '@windrose/health'
import type { AgentSide, TargetReport } from '@windrose/store'
import { type DurationCounts, DurationHistogram } from './duration-histogram.ts'
import { type HeldLoad, holdLoad, isOtherFigure } from './held-load.ts'
import { LeaseRenewal } from './lease-renewal.ts'
import { createPatternMatcher } from './pattern-matcher.ts'
import { probe } from './probe.ts'
import type { ProbeSurroundings } from './probe-surroundings.ts'
import { Publisher, type PublisherStats } from './publisher.ts'
import { createNameResolver, type ResolveName } from './resolve-name.ts'
import { Scheduler, type SchedulerStats } from './scheduler.ts'
import { type Floor, Seat } from './seat.ts'
import { createTrustStore } from './trust-store.ts'
import { Uplink } from './uplink.ts'

/**
 * Probes targets and reports on them until it is stopped; until then it keeps the process alive.
 *
 * A report goes out when its verdict, stability, reason or degradation is new; that the agent lives is what its lease
 * says. An agent that loses its network says that it is isolated, takes everything back, and begins anew when the network
 * is there again: nothing that it saw in between says anything about a target.
 */
export function startAgent(options: AgentOptions): Agent {
  const { store, name, vantage, now, random } = options
  const resolveName = options.resolveName ?? createNameResolver()
  const probed = new Map<string, ProbedTarget>()
  const durations = new Map<Check['type'], DurationHistogram>()
  const seat = new Seat(name, vantage, store, options.floor)
  const patterns = createPatternMatcher()
  let surroundings: ProbeSurroundings
  let targets: ReadonlySet<string> = new Set()
  /** Since when the network is there, on the monotonic clock: probes that began before it count for nothing. */
  let backSince = Number.NEGATIVE_INFINITY

  const durationsOf = (type: Check['type']): DurationHistogram => {
    const histogram = durations.get(type) ?? new DurationHistogram()
    durations.set(type, histogram)
    return histogram
  }
  const onFenced = () => {
    seat.fence()
    scheduler.stop()
    options.onFenced?.()
  }
  const publisher = new Publisher(seat, { now, random, onFenced, onEnrolled: () => void lease.renew() })
  const lease = new LeaseRenewal(seat, {
    ttlMs: options.leaseMs ?? LEASE_MS,
    version: options.version,
    onFenced,
    onUnknown: () => publisher.repeat(),
  })
  const uplink = new Uplink((isolated) => {
    if (!isolated) backSince = performance.now()
    // What it said before it was cut off is old when it is back.
    probed.clear()
    publisher.retain(NO_TARGETS)
    publisher.retain(targets)
    void lease.setIsolated(isolated)
    options.onIsolated?.(isolated)
  })

  const publish = (target: ProbeTarget) => {
    const known = probed.get(target.id)
    if (known === undefined || seat.isFenced) return
    const report = reportOf(target, known)
    const isNews = isOtherWord(known.published, report)
    if (!isNews && !isOtherLatency(known, report) && !isOtherLoad(known, report)) return
    probed.set(target.id, { ...known, published: report, publishedAt: performance.now() })
    if (isNews) publisher.report(report)
    else publisher.mention(report)
  }

  const scheduler = new Scheduler({
    agent: name,
    random,
    maxRunning: options.maxRunning ?? MAX_RUNNING,
    probe: async (target, signal) =>
      target.check.type === 'command' && options.allowCommands === false
        ? COMMANDS_REFUSED
        : probe(target, surroundings, signal),
    isInTransition: ({ id }) => isInTransition(probed.get(id)?.state ?? NOT_PROBED),
    onResult: (target, result) => {
      if (result.outcome !== 'inconclusive') durationsOf(target.check.type).observe(result.durationMs)
      // Cut off, it sees nothing but its own trouble.
      if (uplink.isolated || performance.now() - result.durationMs < backSince) return
      const before = probed.get(target.id) ?? NEVER_PROBED
      const state = applyResult(before.state, result, target.check, now())
      const held = holdLoad(before.held, result, target.check)
      probed.set(target.id, { ...before, state, latencyMs: smooth(before.latencyMs, result), held })
      options.onResult?.(target, result, state)
      const saysDown = printVerdict(state.verdict) === 'down' && before.published?.verdict !== state.verdict
      if (saysDown) void uplink.confirm().then((isThere) => isThere && publish(target))
      else publish(target)
    },
  })

  const setTargets = (all: readonly ProbeTarget[], controlTargets: readonly string[]) => {
    const wanted = all.filter(({ check }) => check.type !== 'push')
    targets = new Set(wanted.map(({ id }) => id))
    for (const id of probed.keys()) if (!targets.has(id)) probed.delete(id)
    // Made anew, so that a reload reads the CA files again.
    surroundings = { resolveName, now, patterns, trust: createTrustStore() }
    lease.targets = targets.size
    publisher.retain(targets)
    uplink.setTargets(controlTargets)
    scheduler.setTargets(wanted)
  }
  setTargets(options.targets, options.controlTargets ?? [])

  return {
    setTargets: (wanted, controlTargets = []) => setTargets(wanted, controlTargets),
    stop: async () => {
      scheduler.stop()
      uplink.stop()
      patterns.close()
      await publisher.stop()
      await lease.stop()
    },
    stats: () => ({
      ...scheduler.stats,
      ...publisher.stats,
      isolated: uplink.isolated,
      fenced: seat.isFenced,
      leaseHeld: lease.isHeld,
      incarnation: seat.incarnation,
      durations: [...durations].map(([type, histogram]) => ({ type, ...histogram.counts })),
    }),
  }
}

export interface AgentOptions {
  /** The agent's name, unique over all vantages. */
  readonly name: string
  /** The place it speaks for. */
  readonly vantage: string
  readonly store: AgentSide
  /** Those with a push check speak for themselves and are left out. */
  readonly targets: readonly ProbeTarget[]
  /** `address:port` each: whether the agent has its network is judged by these. */
  readonly controlTargets?: readonly string[]
  /** Of the program. */
  readonly version: string
  /** 0 to below 1. */
  readonly random: () => number
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Probes at the same time, 1,000 by default: each has a file descriptor. */
  readonly maxRunning?: number
  /** Whether checks may start programs on this machine: yes by default. */
  readonly allowCommands?: boolean
  /** How long its lease stands, in milliseconds: 5,000 by default. */
  readonly leaseMs?: number
  /** What its incarnation must be above; in memory by default. */
  readonly floor?: Floor
  /** How host names become addresses; the machine's resolvers by default. */
  readonly resolveName?: ResolveName
  /** Hears of every result that counts, with the state that it led to. */
  readonly onResult?: (target: ProbeTarget, result: ProbeResult, state: RiseFallState) => void
  /** Another process runs under the same name and was started later: this agent has stopped probing. */
  readonly onFenced?: () => void
  readonly onIsolated?: (isolated: boolean) => void
}

export interface Agent {
  /** Probes these from now on. Targets with a known id keep their state and their rhythm; CA files are read again. */
  setTargets(targets: readonly ProbeTarget[], controlTargets?: readonly string[]): void
  /** Ends all probes, timers and connections, and gives the lease up. What was reported stands. */
  stop(): Promise<void>
  stats(): AgentStats
}

export interface AgentStats extends SchedulerStats, PublisherStats {
  readonly isolated: boolean
  readonly fenced: boolean
  /** Whether what it says counts, as far as the lease goes. */
  readonly leaseHeld: boolean
  /** Undefined until the store has been reached. */
  readonly incarnation: number | undefined
  /** How long probes took that succeeded or failed, by the check's type. */
  readonly durations: readonly (DurationCounts & { readonly type: Check['type'] })[]
}

const COMMANDS_REFUSED: ProbeResult = {
  outcome: 'inconclusive',
  reason: 'this agent was not started with --allow-commands',
  degraded: false,
  durationMs: 0,
}

const MAX_RUNNING = 1000
const LEASE_MS = 5000
const NO_TARGETS: ReadonlySet<string> = new Set()

interface ProbedTarget {
  readonly state: RiseFallState
  /** Of the successful probes, smoothed. */
  readonly latencyMs: number | undefined
  /** Undefined where the check looks for no load, or nothing was probed. */
  readonly held: HeldLoad | undefined
  /** What the publisher was last given. */
  readonly published: TargetReport | undefined
  /** On the monotonic clock. */
  readonly publishedAt: number
}

const NEVER_PROBED: ProbedTarget = {
  state: NOT_PROBED,
  latencyMs: undefined,
  held: undefined,
  published: undefined,
  publishedAt: Number.NEGATIVE_INFINITY,
}

function reportOf(target: ProbeTarget, { state, latencyMs, held }: ProbedTarget): TargetReport {
  const { verdict, since, reason, degraded } = state
  return {
    target: target.id,
    verdict,
    since,
    stability: stabilityOf(state, target.check),
    reason,
    ...(degraded ? { degraded } : {}),
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(held === undefined ? {} : { load: held.load }),
  }
}

function isOtherWord(before: TargetReport | undefined, after: TargetReport): boolean {
  return (
    before === undefined ||
    before.verdict !== after.verdict ||
    before.since !== after.since ||
    before.stability !== after.stability ||
    before.reason !== after.reason ||
    before.degraded !== after.degraded
  )
}

/** A latency alone is worth a word when it is a quarter more or less, and not every moment. */
function isOtherLatency({ published, publishedAt }: ProbedTarget, { latencyMs: after }: TargetReport): boolean {
  const before = published?.latencyMs
  if (performance.now() - publishedAt < LATENCY_MS) return false
  if (before === undefined || after === undefined) return before !== after
  return Math.abs(after - before) > Math.max(before / 4, 1)
}

const LATENCY_MS = 30_000

/** So is a load when it is other by a fiftieth, and every few seconds. */
function isOtherLoad({ published, publishedAt }: ProbedTarget, { load: after }: TargetReport): boolean {
  return performance.now() - publishedAt >= LOAD_MS && isOtherFigure(published?.load, after, LOAD_PART)
}

const LOAD_MS = 5000
const LOAD_PART = 0.02

/** Each success moves it by a quarter of the difference. */
function smooth(before: number | undefined, { outcome, durationMs }: ProbeResult): number | undefined {
  if (outcome !== 'success') return before
  return before === undefined ? durationMs : before + (durationMs - before) / 4
}

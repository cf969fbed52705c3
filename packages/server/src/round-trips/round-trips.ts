import type { Snapshot } from '@windrose/nameserver'
import { allSteps, type LatencyTolerance } from '@windrose/steering'
import type { ReportBook } from '@windrose/store'
import { viewsOf } from '../build-snapshot.ts'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** What is served now. */
export interface MeasuredConfiguration {
  readonly configuration: Pick<ServedConfiguration, 'services' | 'endpoints' | 'health'>
  readonly snapshot: Pick<Snapshot, 'health' | 'epochs'>
}

export interface RoundTripsOptions {
  readonly served: () => MeasuredConfiguration
  readonly book: Pick<ReportBook, 'reports' | 'agents'>
  /** Whether this server decides which round trips hold, and the others follow. */
  readonly isKeeper: () => boolean
  readonly publish: (record: Uint8Array) => void
  readonly onRefused: (problem: string) => void
  /** Epoch milliseconds. */
  readonly now: () => number
}

/**
 * The round trips that `latency` steps steer by: for each vantage and endpoint the connect times of its agents, smoothed,
 * and of that a value that holds still. It moves to what is measured only when that has been different by more than the
 * step's tolerance for DWELL_MS: steering has no memory of its own, so what it reads must not waver.
 */
export class RoundTrips {
  readonly #options: RoundTripsOptions
  readonly #timer: NodeJS.Timeout
  /** By `endpoint vantage`; the vantage of the global view is empty. */
  readonly #measured = new Map<string, Measured>()
  #settled: ReadonlyMap<string, number> = new Map()

  constructor(options: RoundTripsOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.step(), STEP_MS).unref()
  }

  /** Microseconds that hold, by endpoint id and vantage. */
  get settled(): ReadonlyMap<string, number> {
    return this.#settled
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  step(): void {
    const { served, isKeeper, publish, now } = this.#options
    const { configuration } = served()
    const tolerances = tolerancesOf(configuration)
    if (!isKeeper() || tolerances.size === 0) return
    const nowMs = now()
    const settled = new Map<string, number>()
    for (const { endpoint, service, targets } of configuration.endpoints) {
      const tolerance = tolerances.get(service)
      if (tolerance === undefined) continue
      for (const [vantage, sample] of this.#sample(targets, viewsOf(configuration.health))) {
        const key = keyOf(endpoint.id, vantage)
        const measured = nextMeasured(this.#measured.get(key), { sample, tolerance, nowMs })
        this.#measured.set(key, measured)
        if (measured.settled > 0) settled.set(key, measured.settled)
      }
    }
    if (sameValues(settled, this.#settled)) return
    this.#settled = settled
    this.lay(served())
    publish(new TextEncoder().encode(JSON.stringify({ format: FORMAT, settled: [...settled] })))
  }

  /** What the keeper has settled on. */
  follow(record: Uint8Array): void {
    const read = decodeSettled(record)
    if ('problem' in read) {
      this.#options.onRefused(read.problem)
      return
    }
    this.#settled = read
    // Should this server decide next, it goes on from there.
    for (const [key, settled] of read)
      this.#measured.set(key, { samples: SAMPLES_MIN, smoothed: settled, settled, differsSince: 0 })
    this.lay(this.#options.served())
  }

  /** Writes round trips into a snapshot; the epochs of services that they are new to move. */
  lay({ configuration, snapshot }: MeasuredConfiguration): void {
    const { roundTrips, endpoints } = snapshot.health
    const moved = new Set<number>()
    const vantages = ['', ...viewsOf(configuration.health)]
    for (const { endpoint, servedBy } of configuration.endpoints) {
      for (const [view, vantage] of vantages.entries()) {
        const microseconds = this.#settled.get(keyOf(endpoint.id, vantage)) ?? 0
        const at = view * endpoints + endpoint.index
        if (roundTrips[at] === microseconds) continue
        roundTrips[at] = microseconds
        for (const service of servedBy) moved.add(service)
      }
    }
    for (const service of moved) Atomics.add(snapshot.epochs, service, 1)
  }

  /** Microseconds by vantage, and of all together under the empty name: the median of the agents, the least of the targets. */
  #sample(targets: readonly string[], views: readonly string[]): ReadonlyMap<string, number> {
    const byVantage = new Map<string, number[]>()
    for (const target of targets) {
      for (const { agent, vantage, latencyMs } of this.#options.book.reports(target)) {
        const presence = this.#options.book.agents.get(agent)
        if (latencyMs === undefined || presence?.alive !== true || presence.isolated) continue
        byVantage.set(vantage, [...(byVantage.get(vantage) ?? []), latencyMs * 1000])
      }
    }
    const samples = new Map([...byVantage].map(([vantage, values]) => [vantage, median(values)]))
    const all = [...samples.values()]
    const result = new Map<string, number>(views.map((view) => [view, samples.get(view) ?? 0]))
    return result.set('', all.length === 0 ? 0 : median(all))
  }
}

/** What is known of one round trip. */
interface Measured {
  readonly samples: number
  /** Microseconds. */
  readonly smoothed: number
  /** What steering reads; 0 as long as too little is known. */
  readonly settled: number
  /** Since when the smoothed value differs from the settled one by more than the tolerance; 0 when it does not. */
  readonly differsSince: number
}

/** A sample of 0 says that nobody measures any more. */
export function nextMeasured(
  before: Measured = { samples: 0, smoothed: 0, settled: 0, differsSince: 0 },
  {
    sample,
    tolerance,
    nowMs,
  }: { readonly sample: number; readonly tolerance: LatencyTolerance; readonly nowMs: number },
): Measured {
  if (sample <= 0) return { samples: 0, smoothed: 0, settled: 0, differsSince: 0 }
  const samples = before.samples + 1
  const smoothed = before.samples === 0 ? sample : before.smoothed + (sample - before.smoothed) * WEIGHT
  if (samples < SAMPLES_MIN) return { samples, smoothed, settled: 0, differsSince: 0 }
  if (before.settled === 0) return { samples, smoothed, settled: Math.max(1, Math.round(smoothed)), differsSince: 0 }
  const allowed = Math.max(tolerance.milliseconds * 1000, (before.settled * tolerance.percent) / 100)
  if (Math.abs(smoothed - before.settled) <= allowed) return { ...before, samples, smoothed, differsSince: 0 }
  const differsSince = before.differsSince === 0 ? nowMs : before.differsSince
  if (nowMs - differsSince < DWELL_MS) return { ...before, samples, smoothed, differsSince }
  return { samples, smoothed, settled: Math.max(1, Math.round(smoothed)), differsSince: 0 }
}

/** By service that has a latency step anywhere in its policy: its tolerance. */
function tolerancesOf({ services }: Pick<ServedConfiguration, 'services'>): ReadonlyMap<number, LatencyTolerance> {
  const tolerances = new Map<number, LatencyTolerance>()
  for (const { index, steps } of services) {
    for (const step of allSteps(steps)) if (step.kind === 'latency') tolerances.set(index, step.tolerance)
  }
  return tolerances
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1]!
}

function keyOf(endpoint: string, vantage: string): string {
  return `${endpoint} ${vantage}`
}

function sameValues(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)
}

function decodeSettled(record: Uint8Array): ReadonlyMap<string, number> | { readonly problem: string } {
  let value: { format?: unknown; settled?: unknown } | null
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(record)) as typeof value
  } catch {
    return { problem: 'round trips that are not JSON' }
  }
  if (value === null || typeof value !== 'object') return { problem: 'round trips that are no object' }
  if (value.format !== FORMAT) {
    return { problem: `round trips of format ${String(value.format)}, not ${FORMAT}: written by another version` }
  }
  const settled = new Map<string, number>()
  for (const entry of Array.isArray(value.settled) ? (value.settled as unknown[]) : []) {
    const [key, microseconds] = Array.isArray(entry) ? (entry as unknown[]) : []
    if (typeof key !== 'string' || !Number.isInteger(microseconds)) return { problem: 'round trips of no endpoint' }
    settled.set(key, microseconds as number)
  }
  return settled
}

const FORMAT = 1
/** Agents say changed latencies together, every few seconds. */
const STEP_MS = 5000
/** What a new sample counts against all before. */
const WEIGHT = 0.3
const SAMPLES_MIN = 3
/** A better site must have been better for so long. */
const DWELL_MS = 300_000

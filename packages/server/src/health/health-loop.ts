import {
  type AgentPresence,
  type EndpointStatus,
  endpointStatus,
  fillTable,
  forgetTargets,
  type HealthState,
  type Heard,
  NO_HEALTH,
  nextTargets,
  type Override,
  type ProbedEndpoint,
  printVerdict,
  type Report,
  SINGLE_AGENT,
  type Situation,
  type Transition,
  type VerdictWord,
} from '@windrose/health'
import { cellVerdict, Verdict } from '@windrose/steering'
import type { Store, StoreEvent } from '@windrose/store'
import type { WatchedEndpoints } from './watched-endpoints.ts'

/**
 * From what the store says to what the answering threads read: reports become verdicts, verdicts and overrides become
 * cells of the table, and the epoch of every service moves whose cells changed.
 *
 * Cells are written first and the epochs moved after: a thread that decides in between remembers its answer under the
 * old epoch, and so not for long.
 */
export class HealthLoop {
  readonly #options: HealthLoopOptions
  /** The latest report of every agent, by target. */
  readonly #reports = new Map<string, Map<string, Report>>()
  #state: HealthState = NO_HEALTH
  #overrides: readonly Override[] = []
  #watched: WatchedEndpoints
  #timer: NodeJS.Timeout | undefined
  #unsubscribe: () => void = () => undefined
  #stopped = false
  #onVerdicts: () => void = () => undefined

  constructor(options: HealthLoopOptions, watched: WatchedEndpoints) {
    this.#options = options
    this.#watched = watched
  }

  /** Takes what the store has, and follows it from now on. */
  async start(): Promise<void> {
    const { store } = this.#options
    this.#unsubscribe = store.subscribe((event) => this.#hear(event))
    const [reports, overrides] = await Promise.all([store.reports(), store.overrides()])
    this.#overrides = overrides
    this.#hear({ kind: 'reports', reports })
    const { table, endpoints } = this.#watched
    fillTable(table.health, endpoints, this.#situation())
    this.#armTimer()
  }

  /**
   * Goes on with other endpoints and another table, which is filled before this returns. The verdicts of targets that
   * are still probed stand. To be called before the table's snapshot is published.
   */
  adopt(watched: WatchedEndpoints): void {
    const before = verdictsOf(this.#watched)
    this.#watched = watched
    this.#state = forgetTargets(this.#state, new Set(watched.byTarget.keys()))
    for (const id of this.#reports.keys()) if (!watched.byTarget.has(id)) this.#reports.delete(id)
    const situation = this.#situation()
    fillTable(watched.table.health, watched.endpoints, situation)
    for (const endpoint of watched.endpoints) {
      const from = before.get(endpoint.id)
      const { effective, reason } = endpointStatus(endpoint, situation)
      const to = printVerdict(effective)
      // An endpoint that is new has not turned.
      if (from === undefined || from === to) continue
      this.#options.onTransition({ endpoint: endpoint.id, from, to, at: situation.timeMs, reason })
    }
    this.#onVerdicts()
  }

  /** Every endpoint as it stands now, in the order of the table. */
  statuses(): readonly EndpointStatus[] {
    const situation = this.#situation()
    return this.#watched.endpoints.map((endpoint) => endpointStatus(endpoint, situation))
  }

  get overrides(): readonly Override[] {
    return this.#overrides
  }

  /** Probe targets on which nothing is known yet. */
  countUnknown(): number {
    let unknown = 0
    for (const id of this.#watched.byTarget.keys()) {
      if ((this.#state.targets.get(id)?.global.verdict ?? Verdict.unknown) === Verdict.unknown) unknown++
    }
    return unknown
  }

  countTargets(): number {
    return this.#watched.byTarget.size
  }

  /** Resolves when something is known on every target, or when the time is over. */
  async firstVerdicts(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs)
      this.#onVerdicts = () => {
        if (this.countUnknown() > 0 && !this.#stopped) return
        clearTimeout(timer)
        resolve()
      }
      this.#onVerdicts()
    })
    this.#onVerdicts = () => undefined
  }

  stop(): void {
    this.#stopped = true
    this.#unsubscribe()
    clearTimeout(this.#timer)
    this.#onVerdicts()
  }

  #hear(event: StoreEvent): void {
    if (this.#stopped) return
    if (event.kind === 'overrides') {
      this.#overrides = event.overrides
      this.#fill(this.#watched.endpoints)
      this.#armTimer()
      return
    }
    const touched = new Set<string>()
    for (const report of event.reports) {
      if (!this.#watched.byTarget.has(report.target)) continue
      if (this.#note(report, event.kind)) touched.add(report.target)
    }
    const endpoints = new Set<ProbedEndpoint>()
    const before = this.#state
    this.#state = nextTargets(before, touched, this.#heard(), this.#options.now(), SINGLE_AGENT)
    for (const id of touched) {
      if (this.#state.targets.get(id) === before.targets.get(id)) continue
      for (const endpoint of this.#watched.byTarget.get(id) ?? []) endpoints.add(endpoint)
    }
    if (endpoints.size > 0) this.#fill([...endpoints])
    this.#onVerdicts()
  }

  /** Every agent that has reported counts: the store says nothing of leases. */
  #heard(): Heard {
    const agents = new Map<string, AgentPresence>()
    for (const held of this.#reports.values()) {
      for (const { agent, vantage, incarnation } of held.values()) {
        agents.set(agent, { agent, vantage, incarnation, isolated: false, alive: true })
      }
    }
    return { agents, reports: (target) => [...(this.#reports.get(target)?.values() ?? [])] }
  }

  /** Whether the report changes what is held. */
  #note(report: Report, kind: 'reports' | 'withdrawn'): boolean {
    let held = this.#reports.get(report.target)
    if (kind === 'withdrawn') return held?.delete(report.agent) ?? false
    if (held === undefined) {
      held = new Map()
      this.#reports.set(report.target, held)
    }
    held.set(report.agent, report)
    return true
  }

  #fill(endpoints: readonly ProbedEndpoint[]): void {
    const { table, services } = this.#watched
    const { changed, transitions } = fillTable(table.health, endpoints, this.#situation())
    for (const service of new Set(changed.map((index) => services[index]!))) Atomics.add(table.epochs, service, 1)
    for (const transition of transitions) this.#options.onTransition(transition)
  }

  #situation(): Situation {
    return { verdicts: this.#state, overrides: this.#overrides, timeMs: this.#options.now() }
  }

  /** One timer for the next override that ends; looked at again in between, so that a clock that is set is followed. */
  #armTimer(): void {
    clearTimeout(this.#timer)
    const nowMs = this.#options.now()
    const ends = this.#overrides.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [expiresAt]))
    if (ends.length === 0 || this.#stopped) return
    const delayMs = Math.max(1, Math.min(RECHECK_MS, Math.min(...ends) - nowMs))
    this.#timer = setTimeout(() => this.#endOverrides(), delayMs).unref()
  }

  /** Fills first, then tidies up: what has ended is out of force whether the store can be told or not. */
  #endOverrides(): void {
    const nowMs = this.#options.now()
    const ended = this.#overrides.filter(({ expiresAt }) => expiresAt !== undefined && expiresAt <= nowMs)
    if (ended.length > 0) {
      this.#fill(this.#watched.endpoints)
      this.#overrides = this.#overrides.filter((override) => !ended.includes(override))
    }
    for (const override of ended) {
      this.#options.onOverrideEnd(override)
      this.#options.store.removeOverride(override.id).catch(() => undefined)
    }
    this.#armTimer()
  }
}

export interface HealthLoopOptions {
  readonly store: Store
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly onTransition: (transition: Transition) => void
  readonly onOverrideEnd: (override: Override) => void
}

const RECHECK_MS = 60_000

function verdictsOf({ endpoints, table }: WatchedEndpoints): ReadonlyMap<string, VerdictWord> {
  return new Map(endpoints.map(({ id, index }) => [id, printVerdict(cellVerdict(table.health.cells[index]!))]))
}

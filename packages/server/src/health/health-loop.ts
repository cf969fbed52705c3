import {
  type EndpointStatus,
  endpointStatuses,
  expectNews,
  fillTable,
  forgetTargets,
  type HealthState,
  NO_HEALTH,
  nextChangeAt,
  nextTargets,
  type Override,
  type ProbedEndpoint,
  printVerdict,
  replaceTargets,
  type Situation,
  type TargetState,
  type Transition,
  type VerdictWord,
} from '@windrose/health'
import { cellVerdict, type HealthTable, Verdict } from '@windrose/steering'
import type { Follower, Refusal, ServerSide, StoreLink } from '@windrose/store'
import { adoptWord, KeepersWord, readWords } from './keepers-word.ts'
import { NewsBacklog } from './news-backlog.ts'
import { StateKeeper } from './state-keeper.ts'
import type { WarmState } from './warm-state.ts'
import type { WatchedEndpoints } from './watched-endpoints.ts'

/**
 * From what the store says to what the answering threads read: reports become verdicts, verdicts and overrides become
 * cells of the table, and the epoch of every service moves whose cells changed.
 *
 * Every server steps by itself, as soon as it hears something; the step is the same function of the same reports. What
 * the keeper writes is taken over as the state to step on from, so that what does not follow from the reports alone
 * (since when, what flapping has cost) is the same everywhere, too. Without a keeper or a store each goes on by itself.
 *
 * Cells are written first and the epochs moved after: a thread that decides in between remembers its answer under the
 * old epoch, and so not for long.
 */
export class HealthLoop {
  readonly #options: HealthLoopOptions
  readonly #keeper: StateKeeper
  readonly #word = new KeepersWord()
  #state: HealthState
  /** What the keeper decided for all beside verdicts, by id: see `publishRecord`. */
  readonly records: Map<string, Uint8Array> = new Map()
  #overrides: readonly Override[]
  #watched: WatchedEndpoints
  #timer: NodeJS.Timeout | undefined
  #unfollow: () => void = () => undefined
  /** All targets that are watched. */
  #everyTarget: ReadonlySet<string>
  /** Those with news that were not stepped yet. */
  readonly #backlog = new NewsBacklog((slice) => this.#step(slice))
  /** By the clock, when it was looked at last. */
  #steppedAt = 0
  #verifying: NodeJS.Timeout | undefined
  #started = false
  #stopped = false
  #disagreements = 0
  #onVerdicts: () => void = () => undefined

  constructor(options: HealthLoopOptions, watched: WatchedEndpoints) {
    const { warm, store, server } = options
    this.#options = options
    this.#watched = watched
    this.#everyTarget = new Set(watched.byTarget.keys())
    this.#state = warm === undefined ? NO_HEALTH : forgetTargets(warm.state, watched.byTarget)
    this.#overrides = warm?.overrides ?? []
    this.#keeper = new StateKeeper({
      store,
      server,
      state: () => this.#state,
      records: () => this.records,
      onChange: (isKeeper) => {
        // Of what it writes itself it is not told.
        this.#word.take([], true)
        options.onKeeper?.(isKeeper)
      },
    })
  }

  /** Takes what the store has, and follows it from now on. Resolves when that is there, or cannot be reached now. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#unfollow = this.#options.store.follow(this.#follower(resolve))
    })
    // Without a store nobody speaks: what it starts with is the last word, and flagged so.
    if (!this.#options.store.link.up) this.#state = this.#stepFrom(this.#state, this.#everyTarget)
    const { table, endpoints } = this.#watched
    fillTable(table.health, endpoints, this.#situation())
    this.#started = true
    this.#armTimer()
    this.#keeper.start()
    this.#verifying = setInterval(() => this.#verify(), VERIFY_MS).unref()
  }

  /**
   * Goes on with other endpoints and another table, which is filled before this returns. The verdicts of targets that
   * are still probed stand. To be called before the table's snapshot is published.
   */
  adopt(watched: WatchedEndpoints): void {
    const before = verdictsOf(this.#watched)
    this.#watched = watched
    this.#everyTarget = new Set(watched.byTarget.keys())
    this.#backlog.keep(this.#everyTarget)
    this.#state = this.#stepFrom(forgetTargets(this.#state, watched.byTarget), this.#everyTarget)
    const situation = this.#situation()
    fillTable(watched.table.health, watched.endpoints, situation)
    for (const { id, effective, reason } of endpointStatuses(watched.endpoints, situation)) {
      const from = before.get(id)
      const to = printVerdict(effective)
      // An endpoint that is new has not turned.
      if (from === undefined || from === to) continue
      this.#options.onTransition({ endpoint: id, from, to, at: situation.timeMs, reason })
    }
    this.#keeper.note(this.#everyTarget)
    this.#armTimer()
    this.#onVerdicts()
  }

  /** Every endpoint as it stands now, in the order of the table. */
  statuses(): readonly EndpointStatus[] {
    return endpointStatuses(this.#watched.endpoints, this.#situation())
  }

  /** Writes into another table what the checks say of the endpoints, as if there were no overrides. */
  writeChecked(health: HealthTable): void {
    fillTable(health, this.#watched.endpoints, { ...this.#situation(), overrides: [] })
  }

  get overrides(): readonly Override[] {
    return this.#overrides
  }

  get state(): HealthState {
    return this.#state
  }

  get watched(): WatchedEndpoints {
    return this.#watched
  }

  /** Has the other servers know what this one decides for all, while it is the keeper. */
  publishRecord(id: string, record: Uint8Array): void {
    this.records.set(id, record)
    this.#keeper.note([id])
  }

  get isKeeper(): boolean {
    return this.#keeper.isKeeper
  }

  /** Verdicts that the keeper's record turned and this server's own step turned back, since the start. */
  get disagreements(): number {
    return this.#disagreements
  }

  /** Probe targets on which nothing is known yet. */
  countUnknown(): number {
    let unknown = 0
    for (const id of this.#watched.byTarget.keys()) if (verdictOf(this.#state, id) === Verdict.unknown) unknown++
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
    this.#backlog.stop()
    this.#unfollow()
    clearTimeout(this.#timer)
    clearInterval(this.#verifying)
    void this.#keeper.stop()
    this.#onVerdicts()
  }

  #follower(onFirst: () => void): Follower {
    const { onLink, onRefused } = this.#options
    const isOn = (): boolean => !this.#stopped
    return {
      onAll: ({ overrides, states }) => {
        if (isOn()) this.#takeAll(overrides, states)
        onFirst()
      },
      onReports: (keys) => {
        if (isOn()) this.#hear(new Set(keys.flatMap((key) => this.#watched.byKey.get(key) ?? [])))
      },
      onAgents: () => {
        if (isOn()) this.#hearAll()
      },
      onOverrides: (overrides) => {
        if (isOn()) this.#takeOverrides(overrides)
      },
      onStates: (states) => {
        if (isOn()) this.#takeStates(states)
      },
      onLink: (link) => {
        onLink?.(link)
        if (!link.up) onFirst()
      },
      onRefused: (refusal) => onRefused?.(refusal),
    }
  }

  #takeAll(overrides: readonly Override[], states: ReadonlyMap<string, Uint8Array>): void {
    this.#overrides = overrides
    this.#adoptStates(states, true)
    // The store may know less than this server does.
    this.#keeper.repeat()
    // Before the start nothing can turn.
    if (this.#started) this.#fill(this.#watched.endpoints)
    this.#armTimer()
    this.#hearAll()
  }

  #takeOverrides(overrides: readonly Override[]): void {
    this.#overrides = overrides
    this.#fill(this.#watched.endpoints)
    this.#armTimer()
  }

  /** The keeper's word, and then what this server has heard since. */
  #takeStates(states: ReadonlyMap<string, Uint8Array>): void {
    if (this.isKeeper) return
    const before = this.#state
    const words = this.#adoptStates(states, false)
    this.#state = this.#stepFrom(this.#state, new Set(words.map(([id]) => id)))
    for (const [id, { global }] of words) {
      const isOwn = global.verdict === verdictOf(before, id) || global.verdict === verdictOf(this.#state, id)
      if (!isOwn) this.#disagreements++
    }
    this.#showChanges(before)
  }

  /** What lasts against the keeper's word is given up: see there. */
  #verify(): void {
    if (this.isKeeper || !this.#options.store.link.up) return
    const before = this.#state
    this.#state = this.#word.verify(before, (state, ids) => this.#stepFrom(state, ids))
    if (this.#state !== before) this.#showChanges(before)
  }

  /** Gives those of this server's configuration among them. */
  #adoptStates(states: ReadonlyMap<string, Uint8Array>, whole: boolean): readonly (readonly [string, TargetState])[] {
    const { onRecord, onRefused } = this.#options
    for (const [id, octets] of states) {
      if (!id.startsWith(RECORD_MARK)) continue
      this.records.set(id, octets)
      onRecord?.(id, octets)
    }
    const words = readWords(states, this.#watched.byTarget, (problem) => onRefused?.({ agent: '', problem }))
    this.#word.take(words, whole)
    const { targets } = this.#state
    // At the start, and after a time away, what this server has is old.
    const adopted = whole ? words : words.map(([id, word]) => [id, adoptWord(targets.get(id), word)] as const)
    if (words.length > 0) this.#state = replaceTargets(this.#state, adopted)
    return words
  }

  #hearAll(): void {
    this.#options.onAgents?.()
    this.#hear(this.#everyTarget)
  }

  #hear(targets: ReadonlySet<string>): void {
    this.#state = expectNews(this.#state, targets)
    this.#backlog.add(targets)
  }

  #step(targets: ReadonlySet<string>): void {
    const before = this.#state
    this.#state = this.#stepFrom(before, targets)
    if (this.#state !== before) this.#showChanges(before)
    this.#onVerdicts()
  }

  #stepFrom(state: HealthState, news: ReadonlySet<string>): HealthState {
    const { store, now } = this.#options
    const timeMs = now()
    const isSetBack = timeMs < this.#steppedAt
    this.#steppedAt = timeMs
    return nextTargets(state, isSetBack ? this.#everyTarget : news, store.book, timeMs, this.#watched.rules)
  }

  #showChanges(before: HealthState): void {
    const changed = this.#state.targets.changedSince(before.targets)
    const endpoints = new Set<ProbedEndpoint>()
    for (const id of changed) {
      for (const endpoint of this.#watched.byTarget.get(id) ?? []) endpoints.add(endpoint)
    }
    if (endpoints.size > 0) this.#fill([...endpoints])
    this.#keeper.note(changed)
    this.#armTimer()
  }

  #fill(endpoints: readonly ProbedEndpoint[]): void {
    const { table, services } = this.#watched
    const { changed, transitions } = fillTable(table.health, endpoints, this.#situation())
    for (const service of new Set(changed.flatMap((index) => services[index]!))) Atomics.add(table.epochs, service, 1)
    for (const transition of transitions) this.#options.onTransition(transition)
    if (changed.length > 0) this.#options.onCells?.()
  }

  #situation(): Situation {
    const { vantages } = this.#watched
    return { verdicts: this.#state, vantages, overrides: this.#overrides, timeMs: this.#options.now() }
  }

  /**
   * One timer for the next moment at which time alone changes something: an override ends, a ramp goes on, flapping is
   * forgiven. Looked at again in between, so that a clock that is set is followed.
   */
  #armTimer(): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    const ends = this.#overrides.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [expiresAt]))
    const nextAt = Math.min(nextChangeAt(this.#state), ...ends)
    if (nextAt === Number.POSITIVE_INFINITY) return
    const delayMs = Math.max(1, Math.min(RECHECK_MS, nextAt - this.#options.now()))
    this.#timer = setTimeout(() => this.#passTime(), delayMs).unref()
  }

  #passTime(): void {
    this.#endOverrides()
    this.#step(NO_NEWS)
    this.#armTimer()
  }

  /** Fills first, then tidies up: what has ended is out of force whether the store can be told or not. */
  #endOverrides(): void {
    const nowMs = this.#options.now()
    const ended = this.#overrides.filter(({ expiresAt }) => expiresAt !== undefined && expiresAt <= nowMs)
    if (ended.length === 0) return
    this.#fill(this.#watched.endpoints)
    this.#overrides = this.#overrides.filter((override) => !ended.includes(override))
    for (const override of ended) {
      this.#options.onOverrideEnd(override)
      this.#options.store.endOverride(override).catch(() => undefined)
    }
  }
}

/** What verdicts are made from and kept in. */
export type HealthStore = Pick<ServerSide, 'book' | 'endOverride' | 'follow' | 'keep' | 'link' | 'putStates'>

export interface HealthLoopOptions {
  readonly store: HealthStore
  /** This server's name, among those that share the store. */
  readonly server: string
  /** What it starts with until the store has spoken. */
  readonly warm?: WarmState | undefined
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly onTransition: (transition: Transition) => void
  readonly onOverrideEnd: (override: Override) => void
  /** Agents came, went or changed. */
  readonly onAgents?: () => void
  readonly onLink?: (link: StoreLink) => void
  readonly onKeeper?: (isKeeper: boolean) => void
  readonly onRefused?: (refusal: Refusal) => void
  /** Hears that cells of the table are others now, or will be at another time. */
  readonly onCells?: () => void
  /** Hears what the keeper decides for all beside verdicts; ids begin with RECORD_MARK. */
  readonly onRecord?: (id: string, record: Uint8Array) => void
}

/** No target's id begins with it. */
export const RECORD_MARK = '@'

const RECHECK_MS = 60_000
/** As long as the keeper's lease. */
const VERIFY_MS = 3000
const NO_NEWS: ReadonlySet<string> = new Set()

function verdictOf(state: HealthState, target: string): Verdict {
  return state.targets.get(target)?.global.verdict ?? Verdict.unknown
}

function verdictsOf({ endpoints, table }: WatchedEndpoints): ReadonlyMap<string, VerdictWord> {
  return new Map(endpoints.map(({ id, index }) => [id, printVerdict(cellVerdict(table.health.cells[index]!))]))
}

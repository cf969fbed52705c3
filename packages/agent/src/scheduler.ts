import { createHash } from 'node:crypto'
import type { Check, ProbeResult, ProbeTarget } from '@windrose/health'
import { CheckLoad, type CheckStats, type ProbeCounts, type SkipReason, sumCounts } from './check-load.ts'

/**
 * Decides when each target is probed.
 *
 *   first     soon after the start, spread over a second at most, so that verdicts are there when the server needs them
 *   then      once an interval, at a place in it that the target's id and the agent's name give: the load is even and
 *             stays so, agents that were started together do not ask together, and no delay adds up; each start is late
 *             by a random part of the jitter
 *   faster    at the check's fast interval, where it has one, while the target's verdict is in transition
 *   skipped   when the target's last probe is still running, or too many are, or its check has used up what it may: a late
 *             probe tells nothing that the next one will not, and a queue would only make all of them late
 *
 * Where there is room for some only, all have the same chance: a target that was left out asks anywhere in its next
 * interval, else those with the same place would always lose. One without any verdict, or with one in transition, does
 * not wait so long: it asks again and again.
 *
 * Runs on the monotonic clock: setting the machine's time moves nothing.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #entries = new Map<string, Entry>()
  readonly #origin = performance.now()
  readonly #loads = new Map<string, CheckLoad>()
  #running = 0

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  /** From now on these are probed. What was probed before goes on undisturbed; what is no longer here is cut off. */
  setTargets(targets: readonly ProbeTarget[]): void {
    const wanted = new Map(targets.map((target) => [target.id, target]))
    for (const [id, entry] of this.#entries) if (!wanted.has(id)) this.#remove(entry)
    const added = [...wanted.values()].filter((target) => {
      const known = this.#entries.get(target.id)
      if (known !== undefined) known.target = target
      return known === undefined
    })
    for (const load of this.#loads.values()) load.targets = 0
    for (const { check } of wanted.values()) this.#loadOf(check).targets++
    const spreadMs = Math.min(FIRST_SPREAD_MAX_MS, Math.max(FIRST_SPREAD_MIN_MS, added.length))
    for (const target of added) this.#add(target, spreadMs)
  }

  /** Ends every timer and every running probe; their results are not told. */
  stop(): void {
    this.setTargets([])
  }

  get stats(): SchedulerStats {
    const checks = [...this.#loads.values()].map(({ stats }) => stats)
    return { targets: this.#entries.size, ...sumCounts(checks), checks }
  }

  #add(target: ProbeTarget, spreadMs: number): void {
    const place = placeOf(target, this.#options.agent)
    const { intervalMs, initialDelayMs = 0, maxRate = Number.POSITIVE_INFINITY } = target.check
    const allowedMs = (this.#loadOf(target.check).targets / maxRate) * 1000
    const startAt = performance.now() + initialDelayMs + place * Math.min(intervalMs, Math.max(spreadMs, allowedMs))
    const entry: Entry = {
      target,
      started: false,
      hurried: false,
      refusals: 0,
      timer: undefined,
      abort: undefined,
      firstSlotAt: this.#origin + place * intervalMs,
      slot: 0,
    }
    // The second start is a whole interval at least after the first: what the first result promises must hold.
    entry.slot = slotFrom(entry, startAt + intervalMs) - 1
    this.#entries.set(target.id, entry)
    this.#fireAt(entry, startAt)
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry.target.id)
    clearTimeout(entry.timer)
    entry.abort?.abort()
  }

  #fireAt(entry: Entry, time: number): void {
    entry.timer = setTimeout(() => this.#fire(entry), Math.max(0, time - performance.now()))
  }

  #fire(entry: Entry): void {
    const now = performance.now()
    const reason = this.#refuse(entry, now)
    if (reason === undefined) {
      const nextSlot = entry.refusals === 0 ? entry.slot + 1 : slotFrom(entry, now + entry.target.check.intervalMs)
      this.#start(entry, now)
      // Of one in a hurry, its result sets the next time.
      if (!entry.hurried) this.#fireInSlot(entry, nextSlot)
      return
    }
    const asksAgain = reason !== 'stillRunning' && (!entry.started || entry.hurried)
    if (!asksAgain || entry.refusals === 0) this.#loadOf(entry.target.check).skip(reason)
    if (reason !== 'stillRunning') entry.refusals++
    if (asksAgain) this.#fireAt(entry, now + Math.min(RETRY_MS * entry.refusals, RETRY_MAX_MS))
    else this.#fireInSlot(entry, entry.slot + 1)
  }

  #refuse({ target, abort }: Entry, now: number): SkipReason | undefined {
    if (abort !== undefined) return 'stillRunning'
    if (this.#running >= this.#options.maxRunning) return 'tooManyRunning'
    return this.#loadOf(target.check).refuse(target.check, now)
  }

  /** In this slot, or the first after it that has not passed: after a pause of the process none is made up for. */
  #fireInSlot(entry: Entry, slot: number): void {
    const { intervalMs, jitter } = entry.target.check
    entry.slot = Math.max(slot, slotFrom(entry, performance.now()))
    const late = this.#options.random() * (entry.refusals > 0 ? 1 : jitter)
    this.#fireAt(entry, entry.firstSlotAt + (entry.slot + late) * intervalMs)
  }

  async #start(entry: Entry, startedAt: number): Promise<void> {
    const abort = new AbortController()
    const load = this.#loadOf(entry.target.check)
    entry.abort = abort
    entry.started = true
    entry.refusals = 0
    this.#running++
    load.begin(entry.target.check)
    const result = await this.#options.probe(entry.target, abort.signal)
    this.#running--
    load.end(abort.signal.aborted ? undefined : result)
    entry.abort = undefined
    if (abort.signal.aborted) return
    this.#options.onResult(entry.target, result)
    // Whoever heard of it may have taken the target away.
    if (this.#entries.get(entry.target.id) === entry) this.#pace(entry, startedAt)
  }

  /** A verdict that has settled promises a whole interval again, from the probe that settled it. */
  #pace(entry: Entry, startedAt: number): void {
    const { intervalMs, fastIntervalMs } = entry.target.check
    const hurried = fastIntervalMs !== undefined && this.#options.isInTransition(entry.target)
    if (!hurried && !entry.hurried) return
    entry.hurried = hurried
    clearTimeout(entry.timer)
    if (hurried) this.#fireAt(entry, startedAt + fastIntervalMs)
    else this.#fireInSlot(entry, slotFrom(entry, startedAt + intervalMs))
  }

  #loadOf(check: Check): CheckLoad {
    let load = this.#loads.get(check.name)
    if (load === undefined) {
      load = new CheckLoad(check)
      this.#loads.set(check.name, load)
    }
    return load
  }
}

export interface SchedulerOptions {
  /** The agent's name. */
  readonly agent: string
  /** Never rejects, and ends soon after the signal. */
  readonly probe: (target: ProbeTarget, signal: AbortSignal) => Promise<ProbeResult>
  readonly onResult: (target: ProbeTarget, result: ProbeResult) => void
  /** Whether the target's latest result spoke against its verdict; asked after `onResult`. */
  readonly isInTransition: (target: ProbeTarget) => boolean
  /** 0 to below 1. */
  readonly random: () => number
  /** Probes at the same time. */
  readonly maxRunning: number
}

export interface SchedulerStats extends ProbeCounts {
  readonly targets: number
  /** By the check's name; those that went are kept, so that what they count does not go back. */
  readonly checks: readonly CheckStats[]
}

interface Entry {
  target: ProbeTarget
  started: boolean
  /** Probed at the fast interval: each result sets the timer of the next probe. */
  hurried: boolean
  /** Times in a row that there was no room for its probe. */
  refusals: number
  timer: NodeJS.Timeout | undefined
  /** There while a probe is running. */
  abort: AbortController | undefined
  /** The monotonic time of slot 0. Slots are counted, one an interval: sums of times would be rounded into the next. */
  readonly firstSlotAt: number
  /** The slot that the timer stands for; before the first probe, the one before the second. */
  slot: number
}

/** First probes are a millisecond apart on average, within these bounds. */
const FIRST_SPREAD_MIN_MS = 250
const FIRST_SPREAD_MAX_MS = 1000

/** Between two attempts of a target that is not to wait for its next slot: longer each time. */
const RETRY_MS = 50
const RETRY_MAX_MS = 1000

/** A place in the interval, 0 to below 1. */
function placeOf({ id }: ProbeTarget, agent: string): number {
  return createHash('sha256').update(`${agent} ${id}`).digest().readUInt32BE() / 2 ** 32
}

/** The first slot that begins at or after `time`. */
function slotFrom({ firstSlotAt, target }: Entry, time: number): number {
  return Math.ceil((time - firstSlotAt) / target.check.intervalMs)
}

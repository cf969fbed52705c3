import { createHash } from 'node:crypto'
import type { ProbeResult, ProbeTarget } from '@windrose/health'

/**
 * Decides when each target is probed.
 *
 *   first     soon after the start, spread over a second at most, so that verdicts are there when the server needs them
 *   then      once an interval, at a place in it that the target's id and the agent's name give: the load is even and
 *             stays so, agents that were started together do not ask together, and no delay adds up; each start is late
 *             by a random part of the jitter
 *   faster    at the check's fast interval, where it has one, while the target's verdict is in transition
 *   skipped   when the target's last probe is still running, or too many are: a late probe tells nothing that the next
 *             one will not, and a queue would only make all of them late
 *
 * Runs on the monotonic clock: setting the machine's time moves nothing.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #entries = new Map<string, Entry>()
  readonly #origin = performance.now()
  readonly #skipped = { stillRunning: 0, tooManyRunning: 0 }
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
    const spreadMs = Math.min(FIRST_SPREAD_MAX_MS, Math.max(FIRST_SPREAD_MIN_MS, added.length))
    for (const target of added) this.#add(target, spreadMs)
  }

  /** Ends every timer and every running probe; their results are not told. */
  stop(): void {
    this.setTargets([])
  }

  get stats(): SchedulerStats {
    return { targets: this.#entries.size, running: this.#running, skipped: { ...this.#skipped } }
  }

  #add(target: ProbeTarget, spreadMs: number): void {
    const place = placeOf(target, this.#options.agent)
    const { intervalMs } = target.check
    const startAt = performance.now() + (target.check.initialDelayMs ?? 0) + place * Math.min(intervalMs, spreadMs)
    const entry: Entry = {
      target,
      started: false,
      hurried: false,
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
    if (this.#running >= this.#options.maxRunning) {
      this.#skipped.tooManyRunning++
      // A target without any verdict, or with one in transition, does not wait a whole interval for its next chance.
      if (!entry.started || entry.hurried) {
        this.#fireAt(entry, performance.now() + RETRY_MS)
        return
      }
    } else if (entry.abort !== undefined) this.#skipped.stillRunning++
    else {
      this.#start(entry)
      // Its result sets the next time.
      if (entry.hurried) return
    }
    this.#fireInSlot(entry, entry.slot + 1)
  }

  /** In this slot, or the first after it that has not passed: after a pause of the process none is made up for. */
  #fireInSlot(entry: Entry, slot: number): void {
    const { intervalMs, jitter } = entry.target.check
    entry.slot = Math.max(slot, slotFrom(entry, performance.now()))
    this.#fireAt(entry, entry.firstSlotAt + (entry.slot + this.#options.random() * jitter) * intervalMs)
  }

  async #start(entry: Entry): Promise<void> {
    const abort = new AbortController()
    entry.abort = abort
    entry.started = true
    this.#running++
    const startedAt = performance.now()
    const result = await this.#options.probe(entry.target, abort.signal)
    this.#running--
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

export interface SchedulerStats {
  readonly targets: number
  readonly running: number
  /** Probes left out since the start. */
  readonly skipped: { readonly stillRunning: number; readonly tooManyRunning: number }
}

interface Entry {
  target: ProbeTarget
  started: boolean
  /** Probed at the fast interval: each result sets the timer of the next probe. */
  hurried: boolean
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

const RETRY_MS = 50

/** A place in the interval, 0 to below 1. */
function placeOf({ id }: ProbeTarget, agent: string): number {
  return createHash('sha256').update(`${agent} ${id}`).digest().readUInt32BE() / 2 ** 32
}

/** The first slot that begins at or after `time`. */
function slotFrom({ firstSlotAt, target }: Entry, time: number): number {
  return Math.ceil((time - firstSlotAt) / target.check.intervalMs)
}

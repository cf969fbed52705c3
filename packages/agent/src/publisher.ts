import type { BatchOutcome, ReportBatch, TargetReport } from '@windrose/store'
import { Backoff } from './backoff.ts'
import type { Seat } from './seat.ts'

/**
 * Brings what an agent has to say to the store: that of one turn of the loop together, one batch at a time. The first
 * batch of an incarnation says everything, and so does the first after any that failed: whether it arrived is not known.
 *
 * What waits is a set of targets, so that a store that is away for an hour costs no memory.
 */
export class Publisher {
  readonly #seat: Seat
  readonly #options: PublisherOptions
  readonly #backoff: Backoff
  readonly #stats = { published: 0, batches: 0, publishFailures: 0 }
  /** On the monotonic clock. */
  #takenAt: number | undefined
  /** All that the agent says now. */
  readonly #said = new Map<string, TargetReport>()
  #changed = new Set<string>()
  #dropped = new Set<string>()
  #isWholeDue = true
  /** Since all was said at once. */
  #reportsSince = 0
  #batchesSince = 0
  #sending: Promise<void> | undefined
  #wake: () => void = () => undefined
  /** What was said in passing waits for it, unless something else is sent before. */
  #passing: NodeJS.Timeout | undefined
  #stopped = false

  constructor(seat: Seat, options: PublisherOptions) {
    this.#seat = seat
    this.#options = options
    this.#backoff = new Backoff(options.retryMs ?? RETRY_MS, RETRY_MAX_MS, options.random)
  }

  /** Says which targets the agent has from now on. */
  retain(targets: ReadonlySet<string>): void {
    for (const target of this.#said.keys()) {
      if (targets.has(target)) continue
      this.#said.delete(target)
      this.#changed.delete(target)
      this.#dropped.add(target)
    }
    this.#send()
  }

  report(report: TargetReport): void {
    this.#note(report)
    this.#send()
  }

  /** For what nobody waits for: it goes with the next batch, in a few seconds at the latest. */
  mention(report: TargetReport): void {
    this.#note(report)
    this.#passing ??= setTimeout(() => this.#send(), this.#options.passingMs ?? PASSING_MS)
  }

  /** Says everything once more. */
  repeat(): void {
    this.#isWholeDue = true
    this.#send()
  }

  /** Resolves when nothing is under way. What still waits is given up. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#passing)
    this.#wake()
    await this.#sending
  }

  get stats(): PublisherStats {
    const sincePublishedMs = this.#takenAt === undefined ? undefined : performance.now() - this.#takenAt
    return { ...this.#stats, sincePublishedMs }
  }

  #note(report: TargetReport): void {
    this.#said.set(report.target, report)
    this.#dropped.delete(report.target)
    this.#changed.add(report.target)
  }

  #send(): void {
    clearTimeout(this.#passing)
    this.#passing = undefined
    if (this.#stopped || this.#seat.isFenced) return
    this.#sending ??= this.#sendAll()
  }

  async #sendAll(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (!this.#stopped && !this.#seat.isFenced && this.#hasNews()) {
      try {
        await this.#sendBatch()
        this.#backoff.succeeded()
      } catch {
        this.#stats.publishFailures++
        this.#isWholeDue = true
        await this.#pause(this.#backoff.next())
      }
    }
    // In the same turn as the look that found nothing waiting: a report after it starts anew.
    this.#sending = undefined
  }

  #hasNews(): boolean {
    return this.#isWholeDue || this.#changed.size > 0 || this.#dropped.size > 0
  }

  async #sendBatch(): Promise<void> {
    const seat = this.#seat
    const isNew = seat.incarnation === undefined
    if (isNew) {
      await seat.enroll()
      this.#isWholeDue = true
    }
    const isWhole = this.#isWholeDue || this.#isLong()
    const changed = this.#changed
    const reports = isWhole ? [...this.#said.values()] : [...changed].map((target) => this.#said.get(target)!)
    const batch: ReportBatch = {
      agent: seat.agent,
      incarnation: seat.incarnation!,
      sequence: seat.nextSequence(),
      at: this.#options.now(),
      reports,
      dropped: [...this.#dropped],
    }
    this.#changed = new Set()
    this.#dropped = new Set()
    this.#isWholeDue = false
    const outcome = await (isWhole ? seat.store.publishWhole(batch) : seat.store.publish(batch))
    this.#takeOutcome(outcome, batch.incarnation, isWhole, reports.length)
    if (isNew && outcome === 'taken') this.#options.onEnrolled()
  }

  #takeOutcome(outcome: BatchOutcome, incarnation: number, isWhole: boolean, reports: number): void {
    if (outcome === 'fenced') {
      this.#seat.fence()
      this.#options.onFenced()
    } else if (outcome === 'unknown') {
      this.#seat.forget(incarnation)
      this.#isWholeDue = true
    } else {
      this.#stats.published += reports
      this.#stats.batches++
      this.#takenAt = performance.now()
      this.#reportsSince = isWhole ? 0 : this.#reportsSince + reports
      this.#batchesSince = isWhole ? 0 : this.#batchesSince + 1
    }
  }

  /** Whether what readers must catch up with is longer than everything would be. */
  #isLong(): boolean {
    return this.#batchesSince >= BATCHES_MAX || this.#reportsSince >= Math.max(REPORTS_MIN, this.#said.size)
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.#stopped) this.#wake()
    })
  }
}

export interface PublisherOptions {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** 0 to below 1. */
  readonly random: () => number
  /** A later incarnation of the agent is known. */
  readonly onFenced: () => void
  /** All that the agent says is in the store under a new incarnation. */
  readonly onEnrolled: () => void
  /** The first pause after a batch that did not reach the store, in milliseconds. */
  readonly retryMs?: number
  /** How long what is said in passing waits at most, in milliseconds. */
  readonly passingMs?: number
}

export interface PublisherStats {
  /** Reports that the store has taken. */
  readonly published: number
  readonly batches: number
  /** Batches that had to be tried again. */
  readonly publishFailures: number
  /** How long ago the store took the latest; undefined before the first. */
  readonly sincePublishedMs: number | undefined
}

const RETRY_MS = 100
const RETRY_MAX_MS = 2000
const PASSING_MS = 5000
const BATCHES_MAX = 200
const REPORTS_MIN = 500

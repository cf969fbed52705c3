import type { Report } from '@windrose/health'
import type { Store } from '@windrose/store'

/** What an agent has to say on a target; the publisher adds who says it and in which order. */
export type ReportContent = Omit<Report, 'agent' | 'vantage' | 'incarnation' | 'sequence'>

/**
 * Brings an agent's reports to the store: those of one turn of the loop together, one batch at a time, and again after
 * a while when the store could not be reached. Only the latest report of a target waits, so that a store that is away
 * for an hour costs no memory.
 */
export class Publisher {
  readonly #store: Store
  readonly #agent: string
  readonly #vantage: string
  readonly #retryMs: number
  readonly #stats = { published: 0, refused: 0, publishFailures: 0 }
  #waiting = new Map<string, ReportContent>()
  #retained: readonly string[] | undefined
  #incarnation: number | undefined
  #sequence = 0
  #sending: Promise<void> | undefined
  #wake: () => void = () => undefined
  #stopped = false

  /** `retryMs` is the pause after a batch that did not reach the store. */
  constructor(store: Store, agent: string, vantage: string, retryMs: number = RETRY_MS) {
    this.#store = store
    this.#retryMs = retryMs
    this.#agent = agent
    this.#vantage = vantage
  }

  /** Says which targets the agent has from now on. */
  retain(targets: readonly string[]): void {
    const kept = new Set(targets)
    for (const target of this.#waiting.keys()) if (!kept.has(target)) this.#waiting.delete(target)
    this.#retained = targets
    this.#send()
  }

  report(content: ReportContent): void {
    this.#waiting.set(content.target, content)
    this.#send()
  }

  /** Resolves when nothing is under way. What still waits is given up. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake()
    await this.#sending
  }

  get stats(): PublisherStats {
    return { ...this.#stats }
  }

  #send(): void {
    if (this.#stopped) return
    this.#sending ??= this.#sendAll()
  }

  async #sendAll(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (!this.#stopped && (this.#retained !== undefined || this.#waiting.size > 0)) {
      const retained = this.#retained
      const batch = this.#waiting
      this.#retained = undefined
      this.#waiting = new Map()
      try {
        await this.#sendBatch(retained, batch)
      } catch {
        this.#stats.publishFailures++
        this.#putBack(retained, batch)
        await this.#pause()
      }
    }
    // In the same turn as the look that found nothing waiting: a report after it starts anew.
    this.#sending = undefined
  }

  async #sendBatch(retained: readonly string[] | undefined, batch: ReadonlyMap<string, ReportContent>): Promise<void> {
    const agent = this.#agent
    this.#incarnation ??= await this.#store.enroll(agent)
    const incarnation = this.#incarnation
    if (retained !== undefined) await this.#store.retain({ agent, incarnation }, retained)
    if (batch.size === 0) return
    const reports = [...batch.values()].map((content) => ({
      ...content,
      agent,
      vantage: this.#vantage,
      incarnation,
      sequence: ++this.#sequence,
    }))
    const refused = await this.#store.publish(reports)
    this.#stats.refused += refused.length
    this.#stats.published += reports.length - refused.length
  }

  /** What came meanwhile is newer, and what was dropped meanwhile stays dropped. */
  #putBack(retained: readonly string[] | undefined, batch: ReadonlyMap<string, ReportContent>): void {
    const kept = this.#retained === undefined ? undefined : new Set(this.#retained)
    this.#retained ??= retained
    for (const [target, content] of batch)
      if (!this.#waiting.has(target) && (kept === undefined || kept.has(target))) this.#waiting.set(target, content)
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#retryMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.#stopped) this.#wake()
    })
  }
}

export interface PublisherStats {
  readonly published: number
  /** By the store, as older than what it has: a later incarnation of the same agent is running. */
  readonly refused: number
  /** Batches that had to be tried again. */
  readonly publishFailures: number
}

const RETRY_MS = 1000

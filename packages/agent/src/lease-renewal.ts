import type { Seat } from './seat.ts'

/**
 * Keeps an agent's lease: three times within its life, and at once when it says something new. An agent that cannot
 * renew it has no vote when it ends.
 */
export class LeaseRenewal {
  readonly #seat: Seat
  readonly #options: LeaseRenewalOptions
  #timer: NodeJS.Timeout | undefined
  #beat = 0
  #isolated = false
  #targets = 0
  /** On the monotonic clock, when the renewal began that the store took last. */
  #renewedAt = Number.NEGATIVE_INFINITY
  #renewing: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(seat: Seat, options: LeaseRenewalOptions) {
    this.#seat = seat
    this.#options = options
    this.#schedule()
  }

  /** Whether the store has taken a renewal whose time is not over. */
  get isHeld(): boolean {
    return performance.now() - this.#renewedAt < this.#options.ttlMs && !this.#seat.isFenced
  }

  /** How many targets the agent has. Told at once. */
  set targets(count: number) {
    if (count === this.#targets) return
    this.#targets = count
    void this.renew()
  }

  /** Resolves when the store knows, or could not be told now; then the next renewal tells it. */
  setIsolated(isolated: boolean): Promise<void> {
    this.#isolated = isolated
    return this.renew()
  }

  renew(): Promise<void> {
    clearTimeout(this.#timer)
    this.#renewing = this.#renewing.then(() => this.#renewOnce()).finally(() => this.#schedule())
    return this.#renewing
  }

  /** Gives the lease up. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#renewing
    const { store, agent, incarnation, isFenced } = this.#seat
    if (incarnation !== undefined && !isFenced) await store.leave(agent, incarnation).catch(() => undefined)
  }

  async #renewOnce(): Promise<void> {
    const { store, agent, vantage, incarnation, sequence, isFenced } = this.#seat
    if (this.#stopped || isFenced || incarnation === undefined) return
    const { ttlMs, version } = this.#options
    const lease = {
      agent,
      vantage,
      incarnation,
      sequence,
      beat: ++this.#beat,
      ttlMs,
      isolated: this.#isolated,
      targets: this.#targets,
      version,
    }
    const startedAt = performance.now()
    const outcome = await store.renew(lease).catch(() => undefined)
    if (outcome === 'taken') this.#renewedAt = startedAt
    if (outcome === 'fenced') this.#options.onFenced()
    if (outcome === 'unknown') {
      this.#seat.forget(incarnation)
      this.#options.onUnknown()
    }
  }

  #schedule(): void {
    if (this.#stopped) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.renew(), this.#options.ttlMs / 3)
  }
}

export interface LeaseRenewalOptions {
  readonly ttlMs: number
  /** Of the program. */
  readonly version: string
  readonly onFenced: () => void
  /** The store was emptied. */
  readonly onUnknown: () => void
}

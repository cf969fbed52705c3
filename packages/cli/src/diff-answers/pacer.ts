import { setTimeout as sleep } from 'node:timers/promises'

/** Spreads turns evenly over time, so many a second. A pause is not made up for. */
export class Pacer {
  readonly #gapMs: number
  #nextMs = 0

  constructor(perSecond: number) {
    this.#gapMs = 1000 / perSecond
  }

  /** Resolves when it is this one's turn. */
  async turn(): Promise<void> {
    const now = performance.now()
    const at = Math.max(this.#nextMs, now)
    this.#nextMs = at + this.#gapMs
    // Timers have a millisecond at best: what is nearer goes at once.
    if (at - now >= 1) await sleep(at - now)
  }
}

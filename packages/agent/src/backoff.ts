/**
 * How long to wait before the next attempt: twice as long each time up to a most, and up to a quarter more at random, so
 * that all who lost the same store do not come back at once.
 */
export class Backoff {
  readonly #firstMs: number
  readonly #mostMs: number
  readonly #random: () => number
  #failures = 0

  constructor(firstMs: number, mostMs: number, random: () => number) {
    this.#firstMs = firstMs
    this.#mostMs = mostMs
    this.#random = random
  }

  next(): number {
    const waitMs = Math.min(this.#firstMs * 2 ** this.#failures, this.#mostMs)
    this.#failures = Math.min(this.#failures + 1, 30)
    return waitMs * (1 + this.#random() / 4)
  }

  succeeded(): void {
    this.#failures = 0
  }
}

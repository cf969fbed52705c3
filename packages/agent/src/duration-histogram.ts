/** How long things took, counted by bounds as Prometheus wants it. */
export class DurationHistogram {
  readonly #counts = new Array<number>(DURATION_BOUNDS_MS.length + 1).fill(0)
  #sumMs = 0

  observe(durationMs: number): void {
    const bucket = DURATION_BOUNDS_MS.findIndex((bound) => durationMs <= bound)
    this.#counts[bucket < 0 ? DURATION_BOUNDS_MS.length : bucket]!++
    this.#sumMs += durationMs
  }

  get counts(): DurationCounts {
    let count = 0
    const atMost = this.#counts.map((more) => {
      count += more
      return count
    })
    return { atMost, sumMs: this.#sumMs }
  }
}

export interface DurationCounts {
  /** How many took at most so long, for each of DURATION_BOUNDS_MS; last, how many there were. */
  readonly atMost: readonly number[]
  readonly sumMs: number
}

/** From an answer on the same machine to the longest timeouts that are in use. */
export const DURATION_BOUNDS_MS: readonly number[] = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000]

/** Numbers that are the same in every run: the mulberry32 generator. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** An integer from 0 up to `bound`, which is not reached. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let word = imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    word = (word + imul(word ^ (word >>> 7), 61 | word)) ^ word
    return floor((((word ^ (word >>> 14)) >>> 0) / 2 ** 32) * bound)
  }
}

/** Bound once: in a context of its own, where tests run, a look-up of `Math` takes longer than the rest. */
const { floor, imul } = Math

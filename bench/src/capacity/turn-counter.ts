/** Counts how often shares turn round within a window of time: grow, then shrink, or the other way, by more than SMALLEST. */
export class TurnCounter {
  readonly #extreme: Float64Array
  readonly #direction: Int8Array
  readonly #turns: readonly number[][]
  readonly #window: number
  #time = 0
  #most = 0

  /** `window`: how many values make up the time over which turns are counted. */
  constructor(shares: number, window: number) {
    this.#extreme = new Float64Array(shares).fill(Number.NaN)
    this.#direction = new Int8Array(shares)
    this.#turns = Array.from({ length: shares }, () => [])
    this.#window = window
  }

  /** The most turns that one share made within a window. */
  get most(): number {
    return this.#most
  }

  add(shares: Float64Array): void {
    this.#time++
    shares.forEach((share, i) => {
      const extreme = this.#extreme[i]!
      const direction = this.#direction[i]!
      if (Number.isNaN(extreme) || (share - extreme) * direction > 0) {
        this.#extreme[i] = share
      } else if (Math.abs(share - extreme) > SMALLEST) {
        this.#extreme[i] = share
        this.#direction[i] = Math.sign(share - extreme)
        if (direction !== 0) this.#note(i)
      }
    })
  }

  #note(share: number): void {
    const turns = this.#turns[share]!
    turns.push(this.#time)
    while (turns[0]! <= this.#time - this.#window) turns.shift()
    this.#most = Math.max(this.#most, turns.length)
  }
}

const SMALLEST = 0.01

import type { Transition } from '@windrose/health'

/** A transition with its place in the sequence of all since the start. */
export interface LoggedTransition extends Transition {
  /** From 1 up, without gaps. */
  readonly sequence: number
}

/** The latest transitions, in memory that does not grow. */
export class TransitionLog {
  readonly #kept: LoggedTransition[] = []
  readonly #most: number
  #count = 0

  constructor(most: number) {
    this.#most = most
  }

  add(transition: Transition): void {
    this.#count++
    this.#kept.push({ ...transition, sequence: this.#count })
    if (this.#kept.length > this.#most) this.#kept.shift()
  }

  /** All since the start, also those that are no longer kept. */
  get count(): number {
    return this.#count
  }

  /** Newest first. */
  latest(limit: number): readonly LoggedTransition[] {
    return this.#kept.slice(Math.max(0, this.#kept.length - limit)).reverse()
  }

  /** Those after a sequence number, oldest first. */
  after(sequence: number, limit: number): readonly LoggedTransition[] {
    return this.#kept.filter((transition) => transition.sequence > sequence).slice(0, limit)
  }
}

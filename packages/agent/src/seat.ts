import type { AgentSide } from '@windrose/store'

/** An agent's place in the store: the incarnation that it writes under, and the number of its last batch. */
export class Seat {
  readonly agent: string
  readonly vantage: string
  readonly store: AgentSide
  /** What its next incarnation must be above, also where the store has forgotten. */
  readonly #floor: Floor
  #incarnation: number | undefined
  #sequence = 0
  #fenced = false

  constructor(agent: string, vantage: string, store: AgentSide, floor: Floor = floorInMemory()) {
    this.agent = agent
    this.vantage = vantage
    this.store = store
    this.#floor = floor
  }

  /** Undefined before the enrolment, and after the store has forgotten it. */
  get incarnation(): number | undefined {
    return this.#incarnation
  }

  get sequence(): number {
    return this.#sequence
  }

  /** Another process enrolled under the same name later: this one has no say any more. */
  get isFenced(): boolean {
    return this.#fenced
  }

  /** Takes the next incarnation. Rejects when the store is out of reach. */
  async enroll(): Promise<number> {
    const incarnation = await this.store.enroll(this.agent, this.#floor.read())
    this.#floor.write(incarnation)
    this.#incarnation = incarnation
    this.#sequence = 0
    return incarnation
  }

  nextSequence(): number {
    this.#sequence++
    return this.#sequence
  }

  /** The store does not know this incarnation; a later one that was taken meanwhile it does. */
  forget(incarnation: number): void {
    if (this.#incarnation === incarnation) this.#incarnation = undefined
  }

  fence(): void {
    this.#fenced = true
  }
}

/** Remembers the highest incarnation that an agent had, maybe over its restarts. */
export interface Floor {
  read(): number
  write(incarnation: number): void
}

/** Over the life of the process only. */
export function floorInMemory(): Floor {
  let highest = 0
  return {
    read: () => highest,
    write: (incarnation) => {
      highest = incarnation
    },
  }
}

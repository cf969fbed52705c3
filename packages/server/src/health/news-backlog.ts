/**
 * Targets of which there is news, to be stepped: those that come in one turn together, and many in slices, a slice a turn.
 * Leases, the control API and the agent's probes cannot wait for ten thousand targets of fifty agents.
 */
export class NewsBacklog {
  readonly #step: (slice: ReadonlySet<string>) => void
  readonly #targets = new Set<string>()
  #turn: NodeJS.Immediate | undefined

  constructor(step: (slice: ReadonlySet<string>) => void) {
    this.#step = step
  }

  add(targets: Iterable<string>): void {
    for (const target of targets) this.#targets.add(target)
    if (this.#targets.size > 0) this.#turn ??= setImmediate(() => this.#take())
  }

  /** The others are watched no longer. */
  keep(watched: ReadonlySet<string>): void {
    for (const target of this.#targets) if (!watched.has(target)) this.#targets.delete(target)
  }

  stop(): void {
    clearImmediate(this.#turn)
    this.#targets.clear()
  }

  #take(): void {
    this.#turn = undefined
    const slice = new Set<string>()
    for (const target of this.#targets) {
      this.#targets.delete(target)
      slice.add(target)
      if (slice.size === SLICE) break
    }
    this.#step(slice)
    this.add([])
  }
}

const SLICE = 512

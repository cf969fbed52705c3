import type { Refusal } from '@windrose/store'
import type { Logger } from '../log.ts'

/** What was refused from the store: counted for each agent, and told once for each kind, so that no log is filled by it. */
export class Refusals {
  readonly #log: Logger
  readonly #counts = new Map<string, number>()
  readonly #told = new Set<string>()

  constructor(log: Logger) {
    this.#log = log
  }

  note({ agent, problem }: Refusal): void {
    const known = this.#counts.size < AGENTS_MAX || this.#counts.has(agent) ? agent : 'others'
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1)
    const key = `${agent} ${problem}`
    if (this.#told.has(key) || this.#told.size >= TOLD_MAX) return
    this.#told.add(key)
    const of = agent === '' ? 'in the store' : `of agent ${agent}`
    this.#log.warn(
      { component: 'store', agent, reason: problem },
      `refused ${of}: ${problem}; told once, counted always`,
    )
  }

  /** By agent; the empty name is that of nobody in particular. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }
}

const AGENTS_MAX = 1000
const TOLD_MAX = 1000

import { type Refusal, untrustedProblem } from '@windrose/store'
import type { Logger } from '../log.ts'
import { isPushAgent } from '../state/server-key.ts'

/** What was refused from the store: counted for each agent, and told once for each kind, so that no log is filled by it. */
export class Refusals {
  readonly #log: Logger
  readonly #counts = new Map<string, number>()
  readonly #told = new Set<string>()

  constructor(log: Logger) {
    this.#log = log
  }

  note(refusal: Refusal): void {
    const { agent, problem } = refusal
    const known = this.#counts.size < AGENTS_MAX || this.#counts.has(agent) ? agent : 'others'
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1)
    const key = `${agent} ${problem}`
    if (this.#told.has(key) || this.#told.size >= TOLD_MAX) return
    this.#told.add(key)
    const of = agent === '' ? 'in the store' : `of agent ${agent}`
    this.#log.warn(
      { component: 'store', agent, reason: problem },
      `refused ${of}: ${problem}${hintOn(refusal)}; told once, counted always`,
    )
  }

  /** By agent; the empty name is that of nobody in particular. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }
}

function hintOn({ agent, problem }: Refusal): string {
  if (!isPushAgent(agent) || problem !== untrustedProblem(agent)) return ''
  return ' (a server that takes pushes in: "windrose keys server" on it prints the line for health.trusted_keys)'
}

const AGENTS_MAX = 1000
const TOLD_MAX = 1000

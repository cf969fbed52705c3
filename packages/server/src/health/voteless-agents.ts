import { type HealthRules, isVoting, PUSH_VANTAGE } from '@windrose/health'
import type { KnownAgent } from '@windrose/store'
import type { Logger } from '../log.ts'

/** Whether what an agent says can count here, as far as the place goes that it speaks for. */
export function hasPlace({ vantage }: Pick<KnownAgent, 'vantage'>, rules: Pick<HealthRules, 'vantages'>): boolean {
  return vantage === PUSH_VANTAGE || isVoting(vantage, rules)
}

/** Says of agents, once of each, that nobody here listens to the vantage that they speak for: a word misspelt, often. */
export class VotelessAgents {
  readonly #log: Logger
  readonly #told = new Set<string>()

  constructor(log: Logger) {
    this.#log = log
  }

  look(agents: Iterable<KnownAgent>, rules: Pick<HealthRules, 'vantages'>): void {
    for (const known of agents) {
      const { agent, vantage, alive } = known
      const key = `${agent} ${vantage}`
      if (!alive || hasPlace(known, rules) || this.#told.has(key) || this.#told.size >= TOLD_MAX) continue
      this.#told.add(key)
      this.#log.warn(
        { component: 'health', agent, vantage },
        `agent ${agent} has no vote: it speaks for ${vantage}, and health.vantages has ${rules.vantages.join(', ')}`,
      )
    }
  }
}

const TOLD_MAX = 1000

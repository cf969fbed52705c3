import type { AgentSide, TargetReport } from '@windrose/store'

/** An agent that says what a test tells it to. Its lease stands for an hour. */
export class ReportingAgent {
  readonly #store: AgentSide
  readonly #agent: string
  readonly #vantage: string
  #incarnation = 0
  #sequence = 0

  constructor(store: AgentSide, agent = 'embedded', vantage = 'local') {
    this.#store = store
    this.#agent = agent
    this.#vantage = vantage
  }

  async say(...reports: readonly TargetReport[]): Promise<void> {
    await this.#begin()
    await this.#store.publish(this.#batch(reports, []))
  }

  async drop(...targets: readonly string[]): Promise<void> {
    await this.#store.publish(this.#batch([], targets))
  }

  async #begin(): Promise<void> {
    if (this.#incarnation > 0) return
    this.#incarnation = await this.#store.enroll(this.#agent, 0)
    await this.#store.publishWhole(this.#batch([], []))
    await this.#store.renew({
      agent: this.#agent,
      vantage: this.#vantage,
      incarnation: this.#incarnation,
      sequence: this.#sequence,
      beat: 1,
      ttlMs: 3_600_000,
      isolated: false,
      targets: 0,
      version: '0.1.0',
    })
  }

  #batch(reports: readonly TargetReport[], dropped: readonly string[]) {
    const sequence = ++this.#sequence
    return { agent: this.#agent, incarnation: this.#incarnation, sequence, at: Date.now(), reports, dropped }
  }
}

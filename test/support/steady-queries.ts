import { UdpClient } from './udp-client.ts'

/** What became of queries that were asked all the time. */
export interface SteadyOutcome {
  readonly asked: number
  readonly lost: number
  /** Other answers than the right one, each once; `none` for one without addresses. */
  readonly wrong: readonly string[]
}

/**
 * Asks servers one question all the time, each some fifty times a second, until `stop`: what a fault loses or changes is
 * counted, however short it was.
 */
export class SteadyQueries {
  readonly #clients: readonly UdpClient[]
  readonly #wrong = new Set<string>()
  readonly #loops: readonly Promise<void>[]
  #asked = 0
  #lost = 0
  #stopped = false

  constructor(ports: readonly number[], question: { readonly name: string; readonly subnet: string }, right: string) {
    this.#clients = ports.map((port) => new UdpClient('127.0.0.1', port))
    this.#loops = this.#clients.map(async (client) => {
      while (!this.#stopped) {
        this.#asked++
        const answer = await client.ask(question)
        if (answer === undefined) this.#lost++
        else if (answer.addresses !== right) this.#wrong.add(answer.addresses || 'none')
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })
  }

  async stop(): Promise<SteadyOutcome> {
    this.#stopped = true
    await Promise.all(this.#loops)
    for (const client of this.#clients) client.close()
    return { asked: this.#asked, lost: this.#lost, wrong: [...this.#wrong] }
  }
}

import { setTimeout as pause } from 'node:timers/promises'
import { printVerdict, type Report } from '@windrose/health'
import type { TransitionsBody } from '@windrose/server'
import { createRedisStore, type RedisAccess, type Store } from '@windrose/store'
import { followed } from './followed.ts'

/** When what happened on the way from a failure to the first changed answer; epoch milliseconds of this machine. */
export interface DetectionTimes {
  readonly failed: number
  /** The last agent that was needed for it said down. */
  readonly said: number
  /** Its report was with whoever follows the store. */
  readonly heard: number
  /** The server's verdict was down and in its table. */
  readonly turned: number
  readonly answered: number
}

/** Watches what agents say and what the server makes of it, from outside: the store and the control API. */
export class DetectionWitness {
  readonly #options: DetectionWitnessOptions
  readonly #store: Store
  readonly #targets = new Map<string, string>()
  /** By target, what each agent said last, when it said down. */
  readonly #downs = new Map<string, Map<string, Down>>()
  #leave: () => void = () => undefined

  private constructor(options: DetectionWitnessOptions) {
    this.#options = options
    this.#store = createRedisStore({ access: options.access, name: 'witness' })
  }

  /** Resolves when all agents say that all is up. */
  static async open(options: DetectionWitnessOptions): Promise<DetectionWitness> {
    const witness = new DetectionWitness(options)
    await witness.#learnTargets()
    witness.#leave = await followed(witness.#store, { onReports: () => witness.#hear() })
    await Promise.all([...witness.#targets.keys()].map((address) => witness.allUp(address)))
    return witness
  }

  /** Resolves when all agents say that it is up. */
  async allUp(address: string): Promise<void> {
    const isUp = ({ verdict }: Report): boolean => printVerdict(verdict) === 'up'
    while (this.#reports(address).filter(isUp).length < this.#options.agents) await pause(LOOK_MS)
  }

  /** To be asked when the answer has changed. */
  async timesOf(address: string, failed: number, answered: number): Promise<DetectionTimes> {
    // The server may have heard of it a moment earlier than this process.
    while (this.#downsSince(address, failed).length < this.#options.needed) await pause(1)
    const { said, heard } = this.#downsSince(address, failed)[this.#options.needed - 1]!
    return { failed, said, heard, turned: await this.#turnedAt(address, failed), answered }
  }

  async close(): Promise<void> {
    this.#leave()
    await this.#store.close()
  }

  async #learnTargets(): Promise<void> {
    while (this.#targets.size === 0) {
      for (const { targets } of await this.#store.checkSets())
        for (const { id, address } of targets) this.#targets.set(address, id)
      await pause(LOOK_MS)
    }
  }

  #reports(address: string): readonly Report[] {
    return this.#store.book.reports(this.#targets.get(address)!)
  }

  #downsSince(address: string, failed: number): readonly Down[] {
    const downs = [...(this.#downs.get(address)?.values() ?? [])].filter(({ said }) => said >= failed)
    return downs.sort((a, b) => a.heard - b.heard)
  }

  #hear(): void {
    const heard = Date.now()
    for (const address of this.#targets.keys()) {
      const downs = this.#downs.get(address) ?? new Map()
      this.#downs.set(address, downs)
      for (const { agent, verdict, at } of this.#reports(address)) {
        if (printVerdict(verdict) !== 'down') downs.delete(agent)
        else if (!downs.has(agent)) downs.set(agent, { said: at, heard })
      }
    }
  }

  async #turnedAt(address: string, failed: number): Promise<number> {
    const response = await fetch(`${this.#options.api}/api/v1/transitions?limit=100`)
    const { transitions } = (await response.json()) as TransitionsBody
    const turns = transitions
      .filter(({ endpoint, to }) => endpoint.endsWith(`/${address}`) && to === 'down')
      .map(({ at }) => Date.parse(at))
    return Math.min(...turns.filter((at) => at >= failed))
  }
}

type Down = Pick<DetectionTimes, 'said' | 'heard'>

export interface DetectionWitnessOptions {
  readonly access: RedisAccess
  /** The server's control API. */
  readonly api: string
  /** How many there are, and how many of them must say down. */
  readonly agents: number
  readonly needed: number
}

const LOOK_MS = 20

import type { RedisClient } from './connect-redis.ts'
import type { RedisKeys } from './redis-keys.ts'
import { REMOVE_NAME, runScript } from './redis-scripts.ts'

/**
 * Takes names out of the sets of servers and agents whose keys have all run out: nobody has heard of them for as long as
 * those last. Redis looks at the keys when it removes the name, so one that comes back at that moment keeps it.
 */
export class NameSweep {
  readonly #client: RedisClient
  readonly #keys: RedisKeys
  #sweptAt = Number.NEGATIVE_INFINITY

  constructor(client: RedisClient, keys: RedisKeys) {
    this.#client = client
    this.#keys = keys
  }

  /** Sweeps when it is time. */
  async look(): Promise<void> {
    const now = performance.now()
    if (now - this.#sweptAt < SWEEP_MS) return
    this.#sweptAt = now
    const keys = this.#keys
    await this.#sweep(keys.servers, (name) => [keys.server(name), keys.load(name)])
    await this.#sweep(keys.agents, (name) => [keys.incarnation(name), keys.lease(name)])
  }

  async #sweep(set: string, keysOf: (name: string) => readonly string[]): Promise<void> {
    const names = await this.#client.smembers(set)
    const gone: string[] = []
    for (let from = 0; from < names.length; from += NAMES_AT_ONCE) {
      const part = names.slice(from, from + NAMES_AT_ONCE)
      const counts = await Promise.all(part.map((name) => this.#client.exists(...keysOf(name))))
      gone.push(...part.filter((_, i) => counts[i] === 0))
    }
    // What is left is swept the next time.
    for (const name of gone.slice(0, REMOVED_AT_ONCE)) {
      await runScript(this.#client, REMOVE_NAME, [set, ...keysOf(name)], [name])
    }
  }
}

const SWEEP_MS = 600_000
const NAMES_AT_ONCE = 100
const REMOVED_AT_ONCE = 1000

import type { LoadBook } from '../load-book.ts'
import { isName } from '../records/lease-record.ts'
import { readLoad } from '../records/load-record.ts'
import type { ServerLoad } from '../server-load.ts'
import type { RedisClient } from './connect-redis.ts'
import type { RedisKeys } from './redis-keys.ts'

export interface ServerMirrorOptions {
  readonly client: RedisClient
  readonly keys: RedisKeys
  readonly loads: LoadBook
  readonly refuse: (problem: string) => void
}

/** Keeps a book in step with the loads that servers write. */
export class ServerMirror {
  readonly #options: ServerMirrorOptions
  /** Servers whose record is not there any more, or of no use, and since when. */
  readonly #missing = new Map<string, number>()
  #readAt = Number.NEGATIVE_INFINITY

  constructor(options: ServerMirrorOptions) {
    this.#options = options
  }

  /** All anew. Records ran out while nobody could renew them: servers are given a moment to write them again. */
  async readAll(): Promise<void> {
    this.#missing.clear()
    await this.#read()
  }

  /** Reads again when it is time. */
  async look(): Promise<void> {
    if (performance.now() - this.#readAt >= READ_MS) await this.#read()
  }

  async #read(): Promise<void> {
    const { client, keys, loads } = this.#options
    const names = (await client.smembers(keys.servers)).filter(isName)
    const there = new Set<string>()
    for (let from = 0; from < names.length; from += LOADS_AT_ONCE) {
      const part = names.slice(from, from + LOADS_AT_ONCE)
      const values = await client.mget(part.map((name) => keys.load(name)))
      part.forEach((name, i) => {
        if (this.#take(name, values[i] ?? null)) there.add(name)
      })
    }
    const now = performance.now()
    this.#readAt = now
    for (const name of loads.servers.keys()) {
      if (there.has(name)) this.#missing.delete(name)
      else if (now - (this.#missing.get(name) ?? now) >= GONE_MS) loads.forget(name)
      else if (!this.#missing.has(name)) this.#missing.set(name, now)
    }
  }

  /** Whether there is a record that can be taken. */
  #take(server: string, value: string | null): boolean {
    if (value === null || value === '') return false
    const load = readLoad(value)
    const problem = 'problem' in load ? load.problem : load.server !== server ? `a load of ${load.server}` : undefined
    if (problem !== undefined) this.#options.refuse(`server ${server}: ${problem}`)
    else this.#options.loads.note(load as ServerLoad)
    return problem === undefined
  }
}

/** Records of one command: they may be large, and a command has its time. */
const LOADS_AT_ONCE = 50
const READ_MS = 2000
/** Twice the time in which a server writes its record. */
const GONE_MS = 10_000

import { printSocketAddress } from '@windrose/config'
import type { CheckSet, ServerSide } from '@windrose/store'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** What this configuration wants probed. Targets that push speak for themselves. */
export function checkSetOf({ revision, probeTargets, health }: ServedConfiguration): CheckSet {
  const targets = probeTargets.filter(({ check }) => check.type !== 'push')
  return { revision, targets, controlTargets: health.controlTargets.map(printSocketAddress) }
}

/**
 * Keeps in the store what this server wants probed: at once when it is something else, and again and again, so that it is
 * there when the store was away, and ends some time after the server is gone for good.
 */
export class CheckPublication {
  readonly #store: ServerSide
  readonly #server: string
  #set: CheckSet
  #timer: NodeJS.Timeout | undefined
  #publishing: Promise<void> = Promise.resolve()
  #isThere = false
  #stopped = false

  constructor(store: ServerSide, server: string, set: CheckSet) {
    this.#store = store
    this.#server = server
    this.#set = set
    this.#publish()
  }

  change(set: CheckSet): void {
    this.#set = set
    this.#publish()
  }

  /** What was published stands for a while if nobody else wants it: agents go on while a server is restarted. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#publishing
    // A store that was away a moment ago is not waited for.
    if (this.#isThere) await this.#store.withdraw(this.#server, TTL_MS - ALIVE_MS).catch(() => undefined)
  }

  #publish(): void {
    clearTimeout(this.#timer)
    this.#publishing = this.#publishing.then(async () => {
      if (this.#stopped) return
      this.#isThere = await this.#store.publishChecks(this.#server, this.#set, TTL_MS).then(
        () => true,
        () => false,
      )
      clearTimeout(this.#timer)
      if (!this.#stopped) this.#timer = setTimeout(() => this.#publish(), this.#isThere ? AGAIN_MS : RETRY_MS)
    })
  }
}

/** Longer than any upgrade of a server takes. */
const TTL_MS = 3_600_000
/** A store that was emptied is filled again within this time. */
const AGAIN_MS = 2000
const RETRY_MS = 500
/** A server that published no longer ago than this is there. */
const ALIVE_MS = 3 * AGAIN_MS

import { encodeTargetState, type HealthState } from '@windrose/health'
import type { ServerSide } from '@windrose/store'

export interface StateKeeperOptions {
  readonly store: Pick<ServerSide, 'keep' | 'link' | 'putStates'>
  /** This server's name. */
  readonly server: string
  /** The state as it is now. */
  readonly state: () => HealthState
  readonly onChange: (isKeeper: boolean) => void
  /** What else the keeper decides for all, by an id that no target has. */
  readonly records?: () => ReadonlyMap<string, Uint8Array>
}

/**
 * Makes the verdict state a record in the store, if this server holds the keeper's lease: all of it when it takes the
 * lease over, then what changed, and all of it again when the changes have become many. Without the lease it asks for it
 * again and again, so that a keeper that dies is followed within its lease's life.
 */
export class StateKeeper {
  readonly #options: StateKeeperOptions
  #fence: number | undefined
  #sequence = 0
  #writes = 0
  #isWholeDue = true
  #changed = new Set<string>()
  #writing: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(options: StateKeeperOptions) {
    this.#options = options
  }

  get isKeeper(): boolean {
    return this.#fence !== undefined
  }

  start(): void {
    void this.#keep()
  }

  /** These states are new. */
  note(targets: Iterable<string>): void {
    if (!this.isKeeper) return
    for (const target of targets) this.#changed.add(target)
    this.#write()
  }

  /** All states are to be written, whatever the store has. */
  repeat(): void {
    this.#isWholeDue = true
    if (this.isKeeper) this.#write()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#writing
  }

  async #keep(): Promise<void> {
    const { store, server } = this.#options
    // Who has not read what is there must not write over it.
    const fence = store.link.up ? await store.keep(server, LEASE_MS).catch(() => undefined) : undefined
    if (this.#stopped) return
    this.#become(fence)
    this.#timer = setTimeout(() => void this.#keep(), fence === undefined ? ASK_MS : LEASE_MS / 3)
  }

  #become(fence: number | undefined): void {
    if (fence === this.#fence) {
      // A write that failed is made again.
      if (fence !== undefined && this.#isWholeDue) this.#write()
      return
    }
    const was = this.isKeeper
    this.#fence = fence
    this.#isWholeDue = true
    this.#changed.clear()
    if (was !== this.isKeeper) this.#options.onChange(this.isKeeper)
    if (this.isKeeper) this.#write()
  }

  #write(): void {
    if (!this.#stopped) this.#writing ??= this.#writeAll()
  }

  /** One write at a time; what comes meanwhile goes together into the next one. */
  async #writeAll(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (!this.#stopped && this.#fence !== undefined && (this.#isWholeDue || this.#changed.size > 0)) {
      try {
        await this.#writeOnce(this.#fence)
      } catch {
        // Whether it arrived is not known. The next lease that is got starts anew.
        this.#isWholeDue = true
        break
      }
    }
    this.#writing = undefined
  }

  async #writeOnce(fence: number): Promise<void> {
    const { store, server, state, records } = this.#options
    const whole = this.#isWholeDue || this.#writes >= WRITES_MAX
    const { targets } = state()
    const ids = whole ? [...targets.keys()] : [...this.#changed]
    this.#changed = new Set()
    this.#isWholeDue = false
    this.#writes = whole ? 0 : this.#writes + 1
    const states = new Map<string, Uint8Array>()
    for (const id of ids) {
      const known = targets.get(id)
      if (known !== undefined) states.set(id, encodeTargetState(known))
    }
    for (const [id, record] of records?.() ?? []) if (whole || ids.includes(id)) states.set(id, record)
    this.#sequence++
    const isTaken = await store.putStates({ server, fence }, { sequence: this.#sequence, states, whole })
    if (!isTaken) this.#become(undefined)
  }
}

const LEASE_MS = 3000
const ASK_MS = 1000
const WRITES_MAX = 200

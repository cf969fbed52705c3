import type { ServerLoad, ServerSide } from '@windrose/store'
import type { PoolAnswers } from '../answering.ts'
import type { Logger } from '../log.ts'
import { LoadMeter } from './load-meter.ts'

export interface LoadPublicationOptions {
  readonly store: Pick<ServerSide, 'enrollServer' | 'publishLoad' | 'loads'>
  /** This server's name. */
  readonly server: string
  /** What was answered since the start. */
  readonly counts: () => readonly PoolAnswers[]
  readonly log: Logger
}

/** Says in the store what this server answers, again and again. */
export class LoadPublication {
  readonly #options: LoadPublicationOptions
  readonly #meter = new LoadMeter()
  readonly #startedAt = performance.now()
  readonly #timer: NodeJS.Timeout
  #incarnation = 0
  #sequence = 0
  #saying: Promise<void> | undefined
  #isFenced = false

  constructor(options: LoadPublicationOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#publish(), EVERY_MS).unref()
  }

  /** What was said last stands until its time is over. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#saying
  }

  #publish(): void {
    const { store, server, counts } = this.#options
    const upMs = performance.now() - this.#startedAt
    const load = { server, sequence: ++this.#sequence, upMs, pools: this.#meter.measure(counts(), upMs) }
    // Whatever becomes of the store, a server knows of itself.
    store.loads.note({ ...load, incarnation: this.#incarnation })
    // A store that does not answer is not asked twice at once: what was counted is said the next time.
    this.#saying ??= this.#say(load)
      .catch(() => undefined)
      .then(() => {
        this.#saying = undefined
      })
  }

  async #say(load: Omit<ServerLoad, 'incarnation'>): Promise<void> {
    if (this.#isFenced) return
    const { store, server, log } = this.#options
    const publish = () => store.publishLoad({ ...load, incarnation: this.#incarnation }, TTL_MS)
    let outcome = this.#incarnation === 0 ? 'unknown' : await publish()
    if (outcome === 'unknown') {
      this.#incarnation = await store.enrollServer(server, this.#incarnation)
      outcome = await publish()
    }
    if (outcome !== 'fenced') return
    this.#isFenced = true
    const text = `another server that was started later has the name ${server}: what this one answers is not counted; give each a state_dir of its own`
    log.error({ component: 'store' }, text)
  }
}

const EVERY_MS = 5000
/** Two that are late are no end. */
const TTL_MS = 15_000

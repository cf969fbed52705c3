import type { ClassLoad, ServerLoad, ServerSide } from '@windrose/store'
import type { CountedLoad } from '../answering.ts'
import type { Logger } from '../log.ts'
import { LoadMeter } from './load-meter.ts'

export interface LoadPublicationOptions {
  readonly store: Pick<ServerSide, 'enrollServer' | 'publishLoad' | 'loads'>
  /** This server's name. */
  readonly server: string
  /** What was answered since the start. */
  readonly counts: () => CountedLoad
  readonly log: Logger
}

/** Says in the store what this server answers, again and again. */
export class LoadPublication {
  readonly #options: LoadPublicationOptions
  readonly #meter = new LoadMeter()
  readonly #classMeter = new LoadMeter()
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
    const counted = counts()
    const pools = this.#meter.measure(counted.pools, upMs)
    const classes = this.#measureClasses(counted, upMs)
    const load = { server, sequence: ++this.#sequence, upMs, pools, classes }
    // Whatever becomes of the store, a server knows of itself.
    store.loads.note({ ...load, incarnation: this.#incarnation })
    // A store that does not answer is not asked twice at once: what was counted is said the next time.
    this.#saying ??= this.#say(load)
      .catch(() => undefined)
      .then(() => {
        this.#saying = undefined
      })
  }

  #measureClasses({ classes }: CountedLoad, upMs: number): readonly ClassLoad[] {
    // A class is counted as a pool is: what a site is there is its key here.
    const counts = classes.map(({ service, key, queries }) => ({ service, site: key, answers: queries }))
    return this.#classMeter
      .measure(counts, upMs)
      .filter(({ smoothed }) => smoothed >= LEAST_RATE)
      .map(({ service, site, smoothed }) => ({ service, key: site, smoothed }))
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

/** Queries a second below which a class is not worth a row in the record: one in ten minutes. */
const LEAST_RATE = 1 / 600
const EVERY_MS = 5000
/** Two that are late are no end. */
const TTL_MS = 15_000

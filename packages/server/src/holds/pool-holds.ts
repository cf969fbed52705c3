import type { Snapshot } from '@windrose/nameserver'
import { failedPools, type Service } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** What is served now. */
export interface HeldConfiguration {
  readonly configuration: Pick<ServedConfiguration, 'services' | 'endpoints'>
  readonly snapshot: Pick<Snapshot, 'health' | 'epochs'>
}

export interface PoolHoldsOptions {
  readonly served: () => HeldConfiguration
  /** Whether this server decides what is held, and the others follow. */
  readonly isKeeper: () => boolean
  readonly publish: (record: Uint8Array) => void
  /** Hears of a pool that begins or ends to be held. */
  readonly onChange: (pool: string, until: number | undefined) => void
  readonly onRefused: (problem: string) => void
  /** Epoch milliseconds. */
  readonly now: () => number
}

/**
 * Holds pools back that failed: `hold_down` and `failback: manual` of a failover step. A pool that fails in the global view
 * is passed over from then on, for the time of its hold-down or until an operator lets it serve again, however well it is
 * meanwhile; when no other pool is well it serves all the same.
 */
export class PoolHolds {
  readonly #options: PoolHoldsOptions
  readonly #timer: NodeJS.Timeout
  /** By `service/site`: epoch milliseconds at which it ends; Infinity where an operator has to end it. */
  #until: ReadonlyMap<string, number> = new Map()

  constructor(options: PoolHoldsOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.step(), STEP_MS).unref()
  }

  get until(): ReadonlyMap<string, number> {
    return this.#until
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Looks at all pools that may be held, on the server that decides. */
  step(): void {
    const { served, isKeeper, now } = this.#options
    const { configuration, snapshot } = served()
    if (!isKeeper()) return
    const rules = holdRules(configuration)
    if (rules.size === 0 && this.#until.size === 0) return
    const until = new Map<string, number>()
    const nowMs = now()
    for (const service of configuration.services) {
      if (service.pools.every(({ siteName }) => !rules.has(poolOf(service, siteName)))) continue
      const failed = failedPools(service, snapshot.health)
      for (const [position, { siteName }] of service.pools.entries()) {
        const pool = poolOf(service, siteName)
        const rule = rules.get(pool)
        if (rule === undefined) continue
        const known = this.#until.get(pool)
        const ends =
          known ?? (failed.has(position) ? (rule.isManual ? Number.POSITIVE_INFINITY : nowMs + rule.holdDownMs) : 0)
        // Its time may be over while it is still failed: then nothing has to hold it, and the next failure is a new one.
        if (ends > nowMs || (known !== undefined && failed.has(position))) until.set(pool, ends)
      }
    }
    this.#become(until)
  }

  /** Lets a pool serve again; false where it is not held. */
  release(pool: string): boolean {
    if (!this.#until.has(pool)) return false
    const until = new Map(this.#until)
    until.delete(pool)
    this.#become(until)
    return true
  }

  /** What the keeper holds. */
  follow(record: Uint8Array): void {
    const read = decodeHolds(record)
    if ('problem' in read) {
      this.#options.onRefused(read.problem)
      return
    }
    this.#until = read
    this.lay(this.#options.served())
  }

  /** Writes what is held into a snapshot; the epochs of services that it is new to move. */
  lay({ configuration, snapshot }: HeldConfiguration): void {
    const moved = new Set<number>()
    const { held } = snapshot.health
    for (const { endpoint, service, servedBy, hold } of configuration.endpoints) {
      const pool = endpoint.id.split('/', 2).join('/')
      const isHeld = hold !== undefined && this.#until.has(pool) ? 1 : 0
      if (held[endpoint.index] === isHeld) continue
      held[endpoint.index] = isHeld
      for (const index of [service, ...servedBy]) moved.add(index)
    }
    for (const service of moved) Atomics.add(snapshot.epochs, service, 1)
  }

  #become(until: ReadonlyMap<string, number>): void {
    const { served, publish, onChange } = this.#options
    const changed = [...new Set([...until.keys(), ...this.#until.keys()])].filter(
      (pool) => until.get(pool) !== this.#until.get(pool),
    )
    if (changed.length === 0) return
    this.#until = until
    for (const pool of changed) onChange(pool, until.get(pool))
    this.lay(served())
    publish(encodeHolds(until))
  }
}

function poolOf({ name }: Service, site: string): string {
  return `${name}/${site}`
}

function holdRules({
  endpoints,
}: Pick<ServedConfiguration, 'endpoints'>): ReadonlyMap<string, { holdDownMs: number; isManual: boolean }> {
  const rules = new Map<string, { holdDownMs: number; isManual: boolean }>()
  for (const { endpoint, hold } of endpoints) {
    if (hold !== undefined) rules.set(endpoint.id.split('/', 2).join('/'), hold)
  }
  return rules
}

function encodeHolds(until: ReadonlyMap<string, number>): Uint8Array {
  const pools = [...until].map(([pool, ends]) => [pool, Number.isFinite(ends) ? ends : null])
  return new TextEncoder().encode(JSON.stringify({ format: FORMAT, pools }))
}

function decodeHolds(record: Uint8Array): ReadonlyMap<string, number> | { readonly problem: string } {
  let value: { format?: unknown; pools?: unknown } | null
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(record)) as typeof value
  } catch {
    return { problem: 'holds that are not JSON' }
  }
  if (value === null || typeof value !== 'object') return { problem: 'holds that are no object' }
  if (value.format !== FORMAT) {
    return { problem: `holds of format ${String(value.format)}, not ${FORMAT}: written by another version` }
  }
  const until = new Map<string, number>()
  for (const entry of Array.isArray(value.pools) ? (value.pools as unknown[]) : []) {
    const [pool, ends] = Array.isArray(entry) ? (entry as unknown[]) : []
    if (typeof pool !== 'string' || (ends !== null && typeof ends !== 'number')) return { problem: 'holds of no pool' }
    until.set(pool, ends ?? Number.POSITIVE_INFINITY)
  }
  return until
}

const FORMAT = 1
/** Verdicts take longer than that to come about. */
const STEP_MS = 250

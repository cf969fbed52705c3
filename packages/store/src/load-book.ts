import type { PoolLoad, Rate, ServerLoad } from './server-load.ts'

/**
 * What all servers have answered lately, as far as one of them knows: the latest record of each. Rates are reckoned by
 * the server that counts, so whoever reads the same records knows the same load.
 *
 * A server whose record is gone from the store counts no more; while the store is out of reach the last records stand, and
 * grow old.
 */
export class LoadBook {
  readonly #servers = new Map<string, KnownLoad>()
  readonly #now: () => number

  /** `now`: milliseconds of a clock that nobody sets. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** The latest record of each server that counts, by its name. */
  get servers(): ReadonlyMap<string, KnownLoad> {
    return this.#servers
  }

  /** Answers a second of all servers, for each service and site that somebody serves. */
  byPool(): readonly TotalLoad[] {
    const totals = new Map<string, TotalLoad>()
    for (const { pools } of this.#servers.values()) {
      for (const pool of pools) {
        const { service, site } = pool
        const name = `${service}/${site}`
        totals.set(name, { service, site, ...sum(totals.get(name), pool) })
      }
    }
    return [...totals.values()]
  }

  /** Queries a second of all servers, smoothed, by service and class. */
  byClass(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    const services = new Map<string, Map<string, number>>()
    for (const { classes } of this.#servers.values()) {
      for (const { service, key, smoothed } of classes) {
        const known = services.get(service) ?? new Map<string, number>()
        known.set(key, (known.get(key) ?? 0) + smoothed)
        services.set(service, known)
      }
    }
    return services
  }

  /** Answers a second of all servers for all services, by site. */
  bySite(): ReadonlyMap<string, Rate> {
    const totals = new Map<string, Rate>()
    for (const pool of this.byPool()) totals.set(pool.site, sum(totals.get(pool.site), pool))
    return totals
  }

  /** Milliseconds since the oldest record that counts arrived; undefined where there is none. */
  age(): number | undefined {
    if (this.#servers.size === 0) return undefined
    return this.#now() - Math.min(...[...this.#servers.values()].map(({ heardAt }) => heardAt))
  }

  /** Takes a record, unless it is known or older. Which incarnation may speak is the store's to say. */
  note(load: ServerLoad): void {
    const known = this.#servers.get(load.server)
    if (known?.incarnation === load.incarnation && known.sequence >= load.sequence) return
    this.#servers.set(load.server, { ...load, heardAt: this.#now() })
  }

  forget(server: string): void {
    this.#servers.delete(server)
  }
}

export interface KnownLoad extends ServerLoad {
  /** When it arrived here, by the book's clock. */
  readonly heardAt: number
}

export type TotalLoad = Omit<PoolLoad, 'answers'>

function sum(total: Rate | undefined, { perSecond, smoothed }: Rate): Rate {
  return { perSecond: (total?.perSecond ?? 0) + perSecond, smoothed: (total?.smoothed ?? 0) + smoothed }
}

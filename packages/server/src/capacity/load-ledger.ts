import { RESERVE, type SiteLimits } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'
import type { SiteLoad } from './site-load.ts'

type Sites = ServedConfiguration['sites']

/** What is known of load, in answers a second, as servers count it. */
export interface CountedLoads {
  /** By site: answers of all services. */
  readonly bySite: ReadonlyMap<string, number>
  /** By service and site: answers. */
  readonly byPool: (service: string, site: string) => number
  /** How old the oldest count is, in intervals of counting. */
  readonly age: number
}

/**
 * The loads of all sites, of which each way of placing has its part. Ways are stepped one after another, and each sees what
 * those before it have just planned: together they keep a site below its target. The load of services that are not placed
 * stays where it is counted.
 */
export class LoadLedger {
  readonly #sites: Sites
  readonly #siteLoads: ReadonlyMap<string, SiteLoad>
  readonly #age: number
  /** By site: what is not placed. */
  readonly #fixed: Float64Array
  /** By way of placing, and site: what it plans. */
  readonly #planned = new Map<string, Float64Array>()

  /** `placed`: the names of the services that some way places. */
  constructor(sites: Sites, siteLoads: readonly SiteLoad[], placed: readonly string[], counted: CountedLoads) {
    this.#sites = sites
    this.#siteLoads = new Map(siteLoads.map((load) => [load.site, load]))
    this.#age = counted.age
    this.#fixed = Float64Array.from(sites, ({ name }) => {
      const own = placed.reduce((sum, service) => sum + counted.byPool(service, name), 0)
      return Math.max(0, (counted.bySite.get(name) ?? 0) - own)
    })
  }

  plan(way: string, loads: Float64Array): void {
    this.#planned.set(way, loads)
  }

  /** By site: the load of everybody, or of all but one way. */
  loads(except?: string): Float64Array {
    const sums = this.#fixed.slice()
    for (const [way, planned] of this.#planned) {
      if (way === except) continue
      for (let site = 0; site < sums.length; site++) sums[site]! += planned[site]!
    }
    return sums
  }

  /** By site: the load up to which it is filled; Infinity where there is no limit, or nobody knows. */
  targets(): Float64Array {
    return Float64Array.from(this.#sites, (site) => this.#marks(site).target)
  }

  /** What sites can still take of one way. */
  limits(way: string): SiteLimits[] {
    const others = this.loads(way)
    return this.#sites.map((site, position): SiteLimits => {
      const { target, low, reportAge } = this.#marks(site)
      if (target === Number.POSITIVE_INFINITY) return { capacity: target, target: 1, low: 1, reportAge }
      const room = Math.max(0, target - others[position]!)
      // The marks are of all the site's load: what others make of it is below both.
      const part = room === 0 ? 0 : Math.max(0, low - others[position]!) / room
      // So is the reserve: what others ask wavers as well.
      const reserve = room === 0 ? 0 : Math.min(1, (target * RESERVE) / room)
      return { capacity: room, target: 1, low: part, reportAge, reserve }
    })
  }

  #marks({ name, capacity }: Sites[number]): { target: number; low: number; reportAge: number } {
    if (capacity === undefined) return { target: Number.POSITIVE_INFINITY, low: 1, reportAge: 0 }
    const { factor, reportAge } = this.#siteLoads.get(name) ?? {
      factor: undefined,
      reportAge: Number.POSITIVE_INFINITY,
    }
    const age = Math.max(this.#age, reportAge)
    const most = factor === undefined ? Number.POSITIVE_INFINITY : capacity.value / factor
    return { target: most * capacity.target, low: most * capacity.low, reportAge: age }
  }
}

import type { LoadFigure } from '@windrose/health'
import { typicalLoadFactor } from '@windrose/steering'
import type { LoadBook, ReportBook } from '@windrose/store'
import type { ServedConfiguration } from '../compile/compiled.ts'
import { figureOfSite, type ReportedLoad } from './figure-of-site.ts'
import {
  countedSiteLoad,
  type LoadMemory,
  NOTHING_REPORTED,
  rememberFigure,
  reportedSiteLoad,
  type SiteLoad,
} from './site-load.ts'

type Sites = ServedConfiguration['sites']

export interface SiteLoadsOptions {
  readonly book: Pick<ReportBook, 'reports' | 'agents'>
  readonly loads: Pick<LoadBook, 'bySite'>
  /** Milliseconds of a clock that nobody sets. */
  readonly now: () => number
}

/** The loads of sites that have a capacity, counted or reported, and what one answer makes where they are reported. */
export class SiteLoads {
  readonly #options: SiteLoadsOptions
  #memories: ReadonlyMap<string, LoadMemory> = new Map()

  constructor(options: SiteLoadsOptions) {
    this.#options = options
  }

  /** Remembers what is reported now. To be called in the rhythm of placing: it is where factors move. */
  remember(sites: Sites): void {
    const { loads, now } = this.#options
    const sent = loads.bySite()
    this.#memories = new Map(
      sites.flatMap(({ name, capacity }): [string, LoadMemory][] => {
        if (capacity?.reported === undefined) return []
        const known = this.#memories.get(name) ?? NOTHING_REPORTED
        const said = this.#figure(capacity.reported)
        const looked = { said, sent: sent.get(name)?.smoothed ?? 0, capacity: capacity.value, nowMs: now() }
        return [[name, rememberFigure(known, looked)]]
      }),
    )
  }

  /** What is known now, of each site that has a capacity. */
  look(sites: Sites): readonly SiteLoad[] {
    const { loads, now } = this.#options
    const counted = loads.bySite()
    return sites.flatMap(({ name, capacity }): SiteLoad[] => {
      if (capacity === undefined) return []
      const sent = counted.get(name)?.smoothed ?? 0
      if (capacity.reported === undefined) return [countedSiteLoad({ name, capacity }, sent)]
      const memory = this.#memories.get(name) ?? NOTHING_REPORTED
      const said = this.#figure(capacity.reported)
      const guess = this.#guess(sites, capacity)
      return [reportedSiteLoad({ name, capacity }, { said, memory, sent, guess, nowMs: now() })]
    })
  }

  /** By site: the load that one answer a second makes, as far as it is known. */
  get factors(): ReadonlyMap<string, number> {
    return new Map(
      [...this.#memories].flatMap(([site, { factor }]): [string, number][] =>
        factor === undefined ? [] : [[site, factor]],
      ),
    )
  }

  /** Goes on with the factors of another server. */
  adopt(factors: ReadonlyMap<string, number>): void {
    const memories = new Map(this.#memories)
    for (const [site, factor] of factors) {
      memories.set(site, { ...(memories.get(site) ?? NOTHING_REPORTED), factor })
    }
    this.#memories = memories
  }

  /**
   * What an answer is taken to make at a site where nobody has seen it yet: as much as in the middle of the others with the same
   * unit; or else so much that the site takes as many as the smallest of the others. A guess, but without one nobody would
   * ever be sent there; the first reading replaces it.
   */
  #guess(sites: Sites, { value, unit }: NonNullable<Sites[number]['capacity']>): number | undefined {
    const known = sites.flatMap(({ name, capacity }) => {
      const factor = this.#memories.get(name)?.factor
      return capacity?.reported === undefined || factor === undefined ? [] : [{ capacity, factor }]
    })
    const alike = known.filter(({ capacity }) => capacity.unit === unit).map(({ factor }) => factor)
    if (alike.length > 0) return typicalLoadFactor(alike)
    if (known.length === 0) return undefined
    return value / Math.min(...known.map(({ capacity, factor }) => capacity.value / factor))
  }

  #figure(reported: ReportedLoad): LoadFigure {
    const { book } = this.#options
    return figureOfSite(reported, (target) =>
      book.reports(target).filter(({ agent, incarnation }) => {
        const presence = book.agents.get(agent)
        return presence?.alive === true && !presence.isolated && presence.incarnation === incarnation
      }),
    )
  }
}

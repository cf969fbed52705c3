import { type Endpoint, NOBODY } from '@windrose/steering'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** The sites of both sides by name, so that one site has one number on both. */
export class SiteNumbers {
  readonly names: string[] = []
  readonly #numbers: Map<string, number> = new Map()

  /** Gives the number of an endpoint's site, for the endpoints of a configuration. */
  reader({ endpoints, sites }: Pick<ServedConfiguration, 'endpoints' | 'sites'>): (endpoint: Endpoint) => number {
    const bySite = sites.map(({ name }) => this.number(name))
    const byEndpoint = endpoints.map(({ site }) => bySite[site] ?? NOBODY)
    return ({ index }) => byEndpoint[index]!
  }

  /** Null for those that are given no address. */
  name(number: number): string | null {
    return this.names[number] ?? null
  }

  /** The number of a site, by its name. */
  number(name: string): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.names.length)
    return this.names.push(name) - 1
  }
}

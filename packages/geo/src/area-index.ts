import type { Prefix } from '@windrose/ip'
import { type AreaRule, type AreaTable, matcherKey } from './area-table.ts'
import type { Region } from './region-table.ts'

/** One table of areas, made ready to find the area of a place or of a network. */
export class AreaIndex {
  readonly prefixes: readonly { readonly prefix: Prefix; readonly rule: AreaRule }[]
  readonly #rules: ReadonlyMap<string, AreaRule>

  constructor(table: AreaTable) {
    this.prefixes = table.flatMap((rule) => (rule.of.kind === 'prefix' ? [{ prefix: rule.of.prefix, rule }] : []))
    this.#rules = new Map(table.map((rule) => [matcherKey(rule.of), rule]))
  }

  ofNetwork(asn: number): AreaRule | undefined {
    return this.#rules.get(matcherKey({ kind: 'asn', asn }))
  }

  /** From the city outwards. A subdivision may be named by its code or by its name. */
  ofRegion({ country, continent, subdivisions, city }: Region): AreaRule | undefined {
    const ofSubdivision = subdivisions
      .map((name) => this.#rules.get(matcherKey({ kind: 'subdivision', country, name })))
      .find((rule) => rule !== undefined)
    return (
      this.#rules.get(matcherKey({ kind: 'city', country, name: city })) ??
      ofSubdivision ??
      this.#rules.get(matcherKey({ kind: 'country', country })) ??
      this.#rules.get(matcherKey({ kind: 'continent', continent }))
    )
  }
}

import { type Prefix, printPrefix } from '@windrose/ip'

/**
 * Which area each client is in, as one geo step has it. The most specific matcher wins: the longest prefix, then AS
 * number, city, subdivision, country, continent; a client that none of them matches is in the default area. Plain data.
 */
export type AreaTable = readonly AreaRule[]

export interface AreaRule {
  readonly of: AreaMatcher
  /** Index of the step's areas; may be the default one, for what lies inside another area and is an exception from it. */
  readonly area: number
}

/**
 * Whose clients an area has. Codes are in upper case; names of cities and subdivisions are compared without regard to
 * case, with what the databases write (English names, subdivisions also by code).
 */
export type AreaMatcher =
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  | { readonly kind: 'asn'; readonly asn: number }
  | { readonly kind: 'city'; readonly country: string; readonly name: string }
  | { readonly kind: 'subdivision'; readonly country: string; readonly name: string }
  | { readonly kind: 'country'; readonly country: string }
  | { readonly kind: 'continent'; readonly continent: string }

/** As a configuration writes it: `country:DE`, `city:DE/Berlin`, `10.20.0.0/16`. */
export function printMatcher(matcher: AreaMatcher): string {
  switch (matcher.kind) {
    case 'prefix':
      return printPrefix(matcher.prefix)
    case 'asn':
      return `asn:${matcher.asn}`
    case 'city':
    case 'subdivision':
      return `${matcher.kind}:${matcher.country}/${matcher.name}`
    case 'country':
      return `country:${matcher.country}`
    case 'continent':
      return `continent:${matcher.continent}`
  }
}

/** Equal for two that match the same clients. */
export function matcherKey(matcher: AreaMatcher): string {
  return 'name' in matcher ? printMatcher({ ...matcher, name: foldName(matcher.name) }) : printMatcher(matcher)
}

/** A name as it is compared: without regard to case, and to how its accents are encoded. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase()
}

import { type Address, isSpecialPurpose } from '@windrose/ip'
import { AreaIndex } from './area-index.ts'
import { type AreaRule, type AreaTable, foldName } from './area-table.ts'
import { continentCode } from './continents.ts'
import type { Located } from './locate.ts'
import { matchRule } from './match-rule.ts'
import type { Place } from './place.ts'
import type { Region } from './region-table.ts'

/** The area that an address is in, and who says so. */
export interface MatchedArea {
  readonly rule: AreaRule
  /** The path of the database; undefined where a prefix matched. */
  readonly database: string | undefined
}

/**
 * The area of a table that an address is in, from what the databases say of the address, in their order. Undefined for the
 * default area.
 *
 * For explanations: areas whose clients get the same share a number, and a class knows that number alone. A client map
 * coarsens what it knows to /24 and /56, so inside them it may have another area than this.
 */
export function matchArea(table: AreaTable, address: Address, located: readonly Located[]): MatchedArea | undefined {
  const index = new AreaIndex(table)
  const prefix = longestPrefix(index, address)
  if (prefix !== undefined) return { rule: prefix, database: undefined }
  if (isSpecialPurpose(address)) return undefined
  const numbered = located.find(({ place }) => place.asn !== undefined)
  const ofNetwork = numbered && index.ofNetwork(numbered.place.asn!)
  if (numbered !== undefined && ofNetwork !== undefined) return { rule: ofNetwork, database: numbered.database }
  const placing =
    located.find(({ place }) => place.coordinates !== undefined) ??
    located.find(({ place }) => place.country !== undefined || place.continent !== undefined)
  const ofRegion = placing && index.ofRegion(regionOf(placing.place))
  return placing && ofRegion && { rule: ofRegion, database: placing.database }
}

/** Whether a prefix of the table holds the address: then also private space is in an area. */
export function namesPrefixOf(table: AreaTable, address: Address): boolean {
  return longestPrefix(new AreaIndex(table), address) !== undefined
}

function longestPrefix({ prefixes }: AreaIndex, address: Address): AreaRule | undefined {
  const found = matchRule(prefixes, address)
  return found === undefined ? undefined : prefixes[found]!.rule
}

function regionOf({ country = '', continent, subdivisionNames, city }: Place): Region {
  return {
    country,
    continent: continent ?? continentCode(country),
    subdivisions: subdivisionNames.map(foldName),
    city: foldName(city ?? ''),
  }
}

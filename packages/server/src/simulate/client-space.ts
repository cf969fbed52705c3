import type { AllNetworks, NumberedSpace, PlaceMap } from '@windrose/geo'
import { EMBEDDING_PREFIXES, type Prefix, SPECIAL_PURPOSE } from '@windrose/ip'

/** Where clients are, as far as the databases know. */
export interface ClientSpace {
  readonly places: NumberedSpace
  /** By place number: an index of `countries`, or one of those below. */
  readonly regions: Int32Array
  /** ISO 3166-1 alpha-2 codes. */
  readonly countries: readonly string[]
  /** Left out where no database knows AS numbers. */
  readonly networks: AllNetworks | undefined
}

/** The region of addresses that no database places, and of special-purpose ones, whatever a database says of them. */
export const UNPLACED: number = -1
/** That of IPv6 addresses which carry an IPv4 one: such a client is looked up, and counted, as IPv4. */
export const EMBEDDING: number = -2

/** How a place is called whose country the databases do not say. */
export const NO_COUNTRY = '??'

export function clientSpace(map: PlaceMap, networks: AllNetworks | undefined): ClientSpace {
  const { trie, places } = map
  const countries: string[] = []
  const numbers = new Map<string, number>()
  const regions = new Int32Array(places.size + 1)
  regions[0] = UNPLACED
  for (let place = 1; place < places.size; place++) {
    const code = places.regions[places.region(place)]!.country || NO_COUNTRY
    const number = numbers.get(code) ?? countries.push(code) - 1
    numbers.set(code, number)
    regions[place] = number
  }
  // One number more than there are places.
  regions[places.size] = EMBEDDING
  const lay = (root: number, prefixes: readonly Prefix[], place: number): number =>
    prefixes.reduce((laid, prefix) => trie.withPrefix(laid, prefix, place), root)
  const [special4, special6] = [SPECIAL_PURPOSE.filter(isIpv4), SPECIAL_PURPOSE.filter((prefix) => !isIpv4(prefix))]
  const ipv4 = lay(map.ipv4, special4, 0)
  const ipv6 = lay(lay(map.ipv6, special6, 0), EMBEDDING_PREFIXES, places.size)
  return { places: { trie, ipv4, ipv6 }, regions, countries, networks }
}

function isIpv4({ address }: Prefix): boolean {
  return address.length === 4
}

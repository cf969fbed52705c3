import { AreaIndex, type AreaMatcher, type NumberedSpace, type PlaceMap } from '@windrose/geo'
import { EMBEDDING_PREFIXES, type Prefix, SPECIAL_PURPOSE } from '@windrose/ip'

/** The networks of an area: an address belongs to it where its number is among the members. */
export interface AreaMembers {
  readonly space: NumberedSpace
  readonly members: ReadonlySet<number>
}

/**
 * The networks that the databases count to an area, of whatever other areas they are as well: a client of `country:DE` may be
 * in the area `city:DE/Berlin` of a service. Special-purpose addresses are nowhere; IPv6 addresses that carry IPv4 ones are
 * counted as those. The place map has to be one that was made for the area.
 */
export function areaMembers({ trie, places, networks, ...roots }: PlaceMap, area: AreaMatcher): AreaMembers {
  if (area.kind === 'asn') {
    const members = (networks?.asns ?? []).flatMap((asn, index) => (asn === area.asn ? [index + 1] : []))
    return { space: withoutSpecial(networks ?? { trie, ipv4: 0, ipv6: 0 }), members: new Set(members) }
  }
  const index = new AreaIndex([{ of: area, area: 1 }])
  const isOfArea = places.regions.map((region) => index.ofRegion(region) !== undefined)
  const members = Array.from({ length: places.size }, (_, place) => place).filter(
    (place) => place > 0 && isOfArea[places.region(place)],
  )
  return { space: withoutSpecial({ trie, ...roots }), members: new Set(members) }
}

function withoutSpecial({ trie, ipv4, ipv6 }: NumberedSpace): NumberedSpace {
  const lay = (root: number, prefixes: readonly Prefix[]): number =>
    prefixes.reduce((laid, prefix) => trie.withPrefix(laid, prefix, 0), root)
  const [special4, special6] = [SPECIAL_PURPOSE.filter(isIpv4), SPECIAL_PURPOSE.filter((prefix) => !isIpv4(prefix))]
  return { trie, ipv4: lay(ipv4, special4), ipv6: lay(ipv6, [...special6, ...EMBEDDING_PREFIXES]) }
}

function isIpv4({ address }: Prefix): boolean {
  return address.length === 4
}

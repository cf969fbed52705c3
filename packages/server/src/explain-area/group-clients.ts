import { walkTogether } from '@windrose/geo'
import { findLeaf, leafClass, leafLength, type Prefix } from '@windrose/ip'
import type { ClientMap } from '@windrose/steering'
import { UNIT_LENGTH } from '../simulate/count-clients.ts'
import type { AreaMembers } from './area-members.ts'

/** The clients of an area that are of the same class in each of some client maps. */
export interface ClientGroup {
  /** /24s of IPv4 and /48s of IPv6; longer prefixes are the part of one that they are. */
  readonly units: { readonly ipv4: number; readonly ipv6: number }
  /** The first network of their longest run of addresses, as resolvers name one; of IPv4 where there is any. */
  readonly example: Prefix
}

/** Divides the clients of an area by their classes: exactly, and the largest group first. */
export function groupClients(area: AreaMembers, maps: readonly ClientMap[]): readonly ClientGroup[] {
  const groups = new Map<string, GrowingGroup>()
  for (const family of [4, 6] as const) {
    forEachPart(area, maps, family, (classes, octets, length) => {
      const key = classes.join()
      let group = groups.get(key)
      if (group === undefined) {
        group = { units: { ipv4: 0, ipv6: 0 }, longest: { 4: undefined, 6: undefined } }
        groups.set(key, group)
      }
      group.units[family === 4 ? 'ipv4' : 'ipv6'] += 2 ** (UNIT_LENGTH[family] - length)
      const { longest } = group
      if (length < (longest[family]?.length ?? Number.POSITIVE_INFINITY)) {
        longest[family] = { address: octets.slice(0, family === 4 ? 4 : 16), length }
      }
    })
  }
  return [...groups.values()]
    .map(({ units, longest }) => ({ units, example: networkOf((longest[4] ?? longest[6])!) }))
    .sort((a, b) => b.units.ipv4 - a.units.ipv4 || b.units.ipv6 - a.units.ipv6)
}

interface GrowingGroup {
  readonly units: { ipv4: number; ipv6: number }
  readonly longest: Record<4 | 6, Prefix | undefined>
}

/** Resolvers send no more of an address (RFC 7871 11.1). */
function networkOf({ address, length }: Prefix): Prefix {
  return { address, length: Math.max(length, address.length === 4 ? 24 : 56) }
}

type VisitGroupPart = (classes: readonly number[], octets: Uint8Array, length: number) => void

/** Calls with each prefix of the area in which no map changes its class, in the order of addresses. */
function forEachPart(
  { space, members }: AreaMembers,
  maps: readonly ClientMap[],
  family: 4 | 6,
  visit: VisitGroupPart,
): void {
  // Parts follow each other without gaps: where one ends, the next begins.
  const octets = new Uint8Array(16)
  walkTogether({ places: space }, family, (number, _network, _before, _after, length) => {
    if (!members.has(number)) {
      passPrefix(octets, length)
      return
    }
    let isInside = true
    while (isInside) {
      let depth = length
      const classes = maps.map(({ trie }) => {
        const leaf = findLeaf(trie, octets, 0, family)
        depth = Math.max(depth, leafLength(leaf))
        return leafClass(leaf)
      })
      visit(classes, octets, depth)
      isInside = passPrefix(octets, depth) >= length
    }
  })
}

/** Moves on to the first address behind a prefix. Returns the position of the first bit that changed; -1 behind the last prefix. */
function passPrefix(octets: Uint8Array, length: number): number {
  for (let bit = length - 1; bit >= 0; bit--) {
    const mask = 0x80 >> (bit & 7)
    octets[bit >> 3]! ^= mask
    if ((octets[bit >> 3]! & mask) !== 0) return bit
  }
  return -1
}

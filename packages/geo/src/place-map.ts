import { BinaryTrie, type TrieRoots } from '@windrose/ip'
import type { Database } from './mmdb-file.ts'
import { type NamedAreas, NO_AREAS } from './named-areas.ts'
import { mapNetworks, type NetworkMap } from './network-map.ts'
import { fillGaps } from './overlay.ts'
import { PlaceTable } from './place-table.ts'
import { walkSearchTree } from './walk-search-tree.ts'

/**
 * Where all clients are, as far as the databases know: the address space with a place number for each address.
 *
 * Made once for a set of databases; every client map is compiled from it.
 */
export interface PlaceMap extends TrieRoots {
  /** Leaves are place numbers; 0 is the place of those that nothing is known of. */
  readonly trie: BinaryTrie
  readonly places: PlaceTable
  /** The networks of the AS numbers that areas name; undefined where none is named. */
  readonly networks: NetworkMap | undefined
}

/**
 * Walks the databases and lays them over each other: an address is where the first database that can place it says.
 *
 * `named` is what the areas of the maps to be compiled name: nothing else of a place is kept but its point and country.
 *
 * Throws an Error with a one-line message when the search tree of a file is damaged.
 */
export function mapPlaces(databases: readonly Database[], named: NamedAreas = NO_AREAS): PlaceMap {
  const trie = new BinaryTrie(1 << 20)
  const places = new PlaceTable(named)
  const rank = (place: number): number => (place === 0 ? 0 : places.hasPoint(place) ? 2 : 1)
  let ipv4 = 0
  let ipv6 = 0
  for (const database of databases) {
    if (database.schema.precision === 'asn') continue
    const roots = walkSearchTree(database, places.reader(database), trie)
    ipv4 = fillGaps(trie, ipv4, roots.ipv4, rank)
    ipv6 = fillGaps(trie, ipv6, roots.ipv6, rank)
  }
  const networks = named.asns.length === 0 ? undefined : mapNetworks(databases, named.asns)
  return { trie, places, networks, ipv4, ipv6 }
}

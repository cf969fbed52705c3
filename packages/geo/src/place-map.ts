import { BinaryTrie, type TrieRoots } from '@windrose/ip'
import type { Database } from './mmdb-file.ts'
import { PlaceTable } from './place-table.ts'
import { walkSearchTree } from './walk-search-tree.ts'

/**
 * Where all clients are, as far as the databases know: the address space with a place number for each address.
 *
 * Made once for a set of databases; every client map is compiled from it.
 */
export interface PlaceMap extends TrieRoots {
  /** Leaves are place numbers; 0 is the place of those that cannot be placed. */
  readonly trie: BinaryTrie
  readonly places: PlaceTable
}

/**
 * Walks the databases and lays them over each other: an address is where the first database that can place it says.
 *
 * Throws an Error with a one-line message when the search tree of a file is damaged.
 */
export function mapPlaces(databases: readonly Database[]): PlaceMap {
  const trie = new BinaryTrie(1 << 20)
  const places = new PlaceTable()
  let ipv4 = 0
  let ipv6 = 0
  for (const database of databases) {
    if (database.schema.precision === 'asn') continue
    const roots = walkSearchTree(database, places.reader(database), trie)
    ipv4 = fillGaps(trie, ipv4, roots.ipv4)
    ipv6 = fillGaps(trie, ipv6, roots.ipv6)
  }
  return { trie, places, ipv4, ipv6 }
}

/** `first` with what it leaves unplaced taken from `second`. */
function fillGaps(trie: BinaryTrie, first: number, second: number): number {
  if (first > 0 || second === 0) return first
  if (first === 0) return second
  const secondHalf = (bit: number): number => (second < 0 ? trie.half(second, bit) : second)
  return trie.join(
    fillGaps(trie, trie.half(first, 0), secondHalf(0)),
    fillGaps(trie, trie.half(first, 1), secondHalf(1)),
  )
}

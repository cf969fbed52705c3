import type { BinaryTrie, TrieRoots } from '@windrose/ip'
import type { Database } from './mmdb-file.ts'
import { ipv4Start, readRecord, type SearchTree } from './search-tree.ts'

/** Longer prefixes of a database are coarsened to these: nobody caches by less, and no database is right below it. */
export const COARSEST = { ipv4: 24, ipv6: 56 } as const

/**
 * Copies a database's search tree into a binary trie of place numbers, one trie a family.
 *
 * `placeOf` gives the place of a record. Where a database tells apart addresses inside one /24 or /56, all of it gets
 * the place that covers most of it, and of equal ones the first; addresses that nobody can place do not count.
 *
 * In a tree of IPv6 the IPv4 tree stands below ::/96, and other prefixes may point to it (::ffff:0:0/96, 2002::/16).
 * It is walked once, for IPv4, and left unplaced for IPv6: an IPv6 address that carries an IPv4 address is looked up
 * by that one.
 *
 * Throws an Error with a one-line message when the tree is none.
 */
export function walkSearchTree(database: Database, placeOf: (record: number) => number, trie: BinaryTrie): TrieRoots {
  const { tree } = database
  const start = ipv4Start(tree)
  // A tree may also hold one record, or nothing, for all of IPv4: then nothing else points there on purpose.
  const alias = start < tree.nodeCount ? start : -1
  const walk = new Walk(tree, placeOf, trie)
  try {
    const ipv4 = walk.from(start, { bits: 32, coarsest: COARSEST.ipv4, alias: -1 })
    const ipv6 = tree.ipVersion === 4 ? 0 : walk.from(0, { bits: 128, coarsest: COARSEST.ipv6, alias })
    return { ipv4, ipv6 }
  } catch (error) {
    throw new Error(`geo database ${database.path}: ${(error as Error).message}; download it again`)
  }
}

class Walk {
  readonly #tree: SearchTree
  readonly #placeOf: (record: number) => number
  readonly #trie: BinaryTrie
  #bits = 0
  #coarsest = 0
  #alias = -1
  /** A tree has each of its nodes once; a damaged file could send the walk in circles. */
  #visitsLeft: number
  readonly #mixture: Mixture = new Mixture()

  constructor(tree: SearchTree, placeOf: (record: number) => number, trie: BinaryTrie) {
    this.#tree = tree
    this.#placeOf = placeOf
    this.#trie = trie
    this.#visitsLeft = tree.nodeCount * 2
  }

  from(record: number, family: { bits: number; coarsest: number; alias: number }): number {
    this.#bits = family.bits
    this.#coarsest = family.coarsest
    this.#alias = family.alias
    return this.#walk(record, 0)
  }

  #walk(record: number, depth: number): number {
    if (record >= this.#tree.nodeCount || record === this.#alias) return this.#leaf(record)
    if (depth === this.#coarsest) return this.#coarsen(record)
    this.#visit(depth)
    const zero = this.#walk(readRecord(this.#tree, record, 0), depth + 1)
    return this.#trie.join(zero, this.#walk(readRecord(this.#tree, record, 1), depth + 1))
  }

  #leaf(record: number): number {
    return record === this.#tree.nodeCount || record === this.#alias ? 0 : this.#placeOf(record)
  }

  #coarsen(record: number): number {
    this.#mixture.clear()
    this.#measure(record, this.#coarsest, 1)
    return this.#mixture.largest()
  }

  #measure(record: number, depth: number, share: number): void {
    if (record >= this.#tree.nodeCount || record === this.#alias) {
      const place = this.#leaf(record)
      if (place !== 0) this.#mixture.add(place, share)
      return
    }
    this.#visit(depth)
    this.#measure(readRecord(this.#tree, record, 0), depth + 1, share / 2)
    this.#measure(readRecord(this.#tree, record, 1), depth + 1, share / 2)
  }

  #visit(depth: number): void {
    if (depth >= this.#bits || this.#visitsLeft-- === 0) throw new Error('the search tree is damaged')
  }
}

/** The places met in one coarsened prefix, in the order of addresses, with the share that each of them covers. */
class Mixture {
  readonly #places: number[] = []
  readonly #shares: number[] = []

  clear(): void {
    this.#places.length = 0
    this.#shares.length = 0
  }

  add(place: number, share: number): void {
    const at = this.#places.indexOf(place)
    if (at < 0) {
      this.#places.push(place)
      this.#shares.push(share)
    } else {
      this.#shares[at] = this.#shares[at]! + share
    }
  }

  /** The place with the largest share, the first of equal ones; 0 when there is none. */
  largest(): number {
    let best = 0
    for (let i = 1; i < this.#shares.length; i++) if (this.#shares[i]! > this.#shares[best]!) best = i
    return this.#places[best] ?? 0
  }
}

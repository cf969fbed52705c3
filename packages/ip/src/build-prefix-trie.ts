import type { BinaryTrie } from './binary-trie.ts'
import { NodeIndex } from './node-index.ts'
import { NODE_FLAG, NODE_HEADER_WORDS, TABLE_WORDS } from './prefix-trie.ts'

/** Where the two families begin in a binary trie whose leaves are class numbers, 24 bits each. */
export interface TrieRoots {
  readonly ipv4: number
  readonly ipv6: number
}

/** The words that `findLeaf` reads, on shared memory of exactly their size. */
export function buildPrefixTrie(trie: BinaryTrie, roots: TrieRoots): Uint32Array {
  const builder = new PrefixTrieBuilder(trie)
  builder.fillTable(0, roots.ipv4, 0)
  builder.fillTable(TABLE_WORDS, roots.ipv6, 0)
  return builder.finish()
}

const FIRST_NODE_DEPTH = 16
/** Nodes that can be open at once: one for each octet of an IPv6 address after the second. */
const OPEN_NODES = 14

/** Writes nodes after their children, because a node's entries lie together and name them. */
class PrefixTrieBuilder {
  readonly #trie: BinaryTrie
  #words: Uint32Array = new Uint32Array(TABLE_WORDS * 4)
  #end: number = TABLE_WORDS * 2
  readonly #nodes: NodeIndex = new NodeIndex()
  /** The entries and bitmaps of the nodes being written, by their place in the chain of parents. */
  readonly #entries: Uint32Array = new Uint32Array(OPEN_NODES * 256)
  readonly #bitmaps: Uint32Array = new Uint32Array(OPEN_NODES * 8)
  readonly #counts: Uint32Array = new Uint32Array(OPEN_NODES)

  constructor(trie: BinaryTrie) {
    this.#trie = trie
  }

  /** Fills the part of a table that begins at `index` and is reached by `depth` bits. */
  fillTable(index: number, reference: number, depth: number): void {
    if (reference >= 0) {
      this.#words.fill(leafEntry(reference, depth), index, index + (TABLE_WORDS >> depth))
    } else if (depth === FIRST_NODE_DEPTH) {
      const entry = this.#addNode(reference, depth)
      this.#words[index] = entry
    } else {
      this.fillTable(index, this.#trie.half(reference, 0), depth + 1)
      this.fillTable(index + (TABLE_WORDS >> (depth + 1)), this.#trie.half(reference, 1), depth + 1)
    }
  }

  finish(): Uint32Array {
    const words = new Uint32Array(new SharedArrayBuffer(this.#end * 4))
    words.set(this.#words.subarray(0, this.#end))
    return words
  }

  /** Writes the node for the octet that follows `depth` bits, and gives the entry that names it. */
  #addNode(reference: number, depth: number): number {
    const open = (depth - FIRST_NODE_DEPTH) >> 3
    this.#counts[open] = 0
    this.#bitmaps.fill(0, open * 8, open * 8 + 8)
    this.#collect(reference, depth, open, 0)

    const count = this.#counts[open]!
    const node = this.#end
    this.#reserve(NODE_HEADER_WORDS + count)
    this.#words.set(this.#bitmaps.subarray(open * 8, open * 8 + 8), node)
    this.#words.set(this.#entries.subarray(open * 256, open * 256 + count), node + NODE_HEADER_WORDS)
    let before = 0
    for (let i = 0; i < 8; i++) {
      const word = node + 8 + (i >> 2)
      this.#words[word] = (i & 3) === 0 ? before : this.#words[word]! | (before << ((i & 3) * 8))
      for (let bits = this.#bitmaps[open * 8 + i]!; bits !== 0; bits = (bits & (bits - 1)) >>> 0) before++
    }
    const shared = this.#nodes.share(this.#words, node, count)
    if (shared !== node) this.#end = node
    return (shared | NODE_FLAG) >>> 0
  }

  /** Collects the entries of an open node from `index` on, in the order of addresses. */
  #collect(reference: number, depth: number, open: number, index: number): void {
    if (reference >= 0) {
      this.#put(open, index, leafEntry(reference, depth))
    } else if (depth === FIRST_NODE_DEPTH + open * 8 + 8) {
      this.#put(open, index, this.#addNode(reference, depth))
    } else {
      this.#collect(this.#trie.half(reference, 0), depth + 1, open, index)
      this.#collect(this.#trie.half(reference, 1), depth + 1, open, index + (0x80 >> (depth & 7)))
    }
  }

  #put(open: number, index: number, entry: number): void {
    const count = this.#counts[open]!
    if (count > 0 && this.#entries[open * 256 + count - 1] === entry) return
    this.#entries[open * 256 + count] = entry
    this.#counts[open] = count + 1
    const word = open * 8 + (index >> 5)
    this.#bitmaps[word] = this.#bitmaps[word]! | (1 << (index & 31))
  }

  #reserve(words: number): void {
    this.#end += words
    if (this.#end <= this.#words.length) return
    const grown = new Uint32Array(this.#words.length * 2)
    grown.set(this.#words)
    this.#words = grown
  }
}

function leafEntry(leaf: number, depth: number): number {
  return ((depth << 24) | leaf) >>> 0
}

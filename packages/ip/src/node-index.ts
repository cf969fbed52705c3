import { NODE_HEADER_WORDS } from './prefix-trie.ts'

/**
 * Finds a node with the same words as one just written, so that it is kept once.
 *
 * Address space is given out in patterns: of the nodes of a country map more than half are repetitions. Entries carry
 * their full prefix length, so equal nodes are at the same depth and mean the same.
 */
export class NodeIndex {
  /** Offsets of nodes by the hash of their words, with open addressing; 0 is a free slot, as no node is there. */
  #slots: Uint32Array = new Uint32Array(1 << 12)
  #size = 0

  /** The offset of an equal node that is known; else `node`, which is known from now on. `count` is its entries. */
  share(words: Uint32Array, node: number, count: number): number {
    if (this.#size * 2 >= this.#slots.length) this.#grow(words)
    const end = node + NODE_HEADER_WORDS + count
    const mask = this.#slots.length - 1
    let slot = hashWords(words, node, end) & mask
    for (let known = this.#slots[slot]!; known !== 0; known = this.#slots[slot]!) {
      if (equalWords(words, known, node, end)) return known
      slot = (slot + 1) & mask
    }
    this.#slots[slot] = node
    this.#size++
    return node
  }

  #grow(words: Uint32Array): void {
    const nodes = this.#slots
    this.#slots = new Uint32Array(nodes.length * 4)
    const mask = this.#slots.length - 1
    for (const node of nodes) {
      if (node === 0) continue
      let slot = hashWords(words, node, nodeEnd(words, node)) & mask
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = node
    }
  }
}

/** The offset behind a node: its last count, the bits of the last bitmap word, and its header tell. */
function nodeEnd(words: Uint32Array, node: number): number {
  let count = words[node + 9]! >>> 24
  for (let bits = words[node + 7]!; bits !== 0; bits = (bits & (bits - 1)) >>> 0) count++
  return node + NODE_HEADER_WORDS + count
}

/** FNV-1a over words instead of octets, with its bits mixed once more as the table takes the low ones. */
function hashWords(words: Uint32Array, from: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = from; i < end; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193)
  hash ^= hash >>> 15
  return Math.imul(hash, 0x2c1b3c6d) >>> 8
}

/** The bitmap says how many entries follow, so nodes that agree up to the end of one of them are equal. */
function equalWords(words: Uint32Array, known: number, node: number, end: number): boolean {
  for (let i = node; i < end; i++) if (words[known + i - node] !== words[i]) return false
  return true
}

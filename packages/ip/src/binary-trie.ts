import type { Prefix } from './prefix.ts'

/**
 * A binary trie over an address space, whose leaves are numbers of the caller's choice (0 to 2^31 - 1).
 *
 * It is what a prefix trie is built from: made once, off the path, and never edited. Nodes lie in one growing
 * Int32Array, two words each, and are reached by references:
 *
 *   reference >= 0    a leaf: the number holds for the whole range
 *   reference < 0     the node `~reference`
 *
 * Equal sibling leaves are merged as they are joined, so a trie made with `join` and `withPrefix` alone is always the
 * smallest one. A node never changes once made: several tries may share their nodes, as a map of clients does with
 * the databases it was made from.
 */
export class BinaryTrie {
  #children: Int32Array
  #size = 0

  constructor(capacity = 1024) {
    this.#children = new Int32Array(capacity * 2)
  }

  /** Nodes made so far. */
  get size(): number {
    return this.#size
  }

  /** The range whose lower half is `zero` and whose upper half is `one`. */
  join(zero: number, one: number): number {
    if (zero === one && zero >= 0) return zero
    const at = this.#size * 2
    if (at === this.#children.length) this.#grow()
    this.#children[at] = zero
    this.#children[at + 1] = one
    return ~this.#size++
  }

  /** The lower (0) or upper (1) half of a node. Not to be asked of a leaf. */
  half(reference: number, bit: number): number {
    return this.#children[~reference * 2 + bit]!
  }

  /** The trie below `root` with every address of the prefix given the number: what was there before is replaced. */
  withPrefix(root: number, prefix: Prefix, leaf: number): number {
    return this.#withPrefix(root, prefix, leaf, 0)
  }

  #withPrefix(reference: number, prefix: Prefix, leaf: number, depth: number): number {
    if (depth === prefix.length || reference === leaf) return leaf
    const zero = reference < 0 ? this.half(reference, 0) : reference
    const one = reference < 0 ? this.half(reference, 1) : reference
    const bit = (prefix.address[depth >> 3]! >> (7 - (depth & 7))) & 1
    if (bit === 0) return this.join(this.#withPrefix(zero, prefix, leaf, depth + 1), one)
    return this.join(zero, this.#withPrefix(one, prefix, leaf, depth + 1))
  }

  /** What is not written to yet costs address space alone, and what is copied costs time: so it grows in large steps. */
  #grow(): void {
    const grown = new Int32Array(this.#children.length * 4)
    grown.set(this.#children)
    this.#children = grown
  }
}

import type { BinaryTrie } from '@windrose/ip'

/** The trie below a reference, copied into another one with every leaf replaced by the number that stands for it. */
export function copyLeaves(from: BinaryTrie, reference: number, numbers: Int32Array, to: BinaryTrie): number {
  if (reference >= 0) return numbers[reference]!
  const zero = copyLeaves(from, from.half(reference, 0), numbers, to)
  return to.join(zero, copyLeaves(from, from.half(reference, 1), numbers, to))
}

/**
 * `first`, and where it knows less, `second`. `rank` says how much a leaf is worth: 0 for one that knows nothing, which is
 * the leaf 0 alone, 2 for one that cannot be bettered. Of equal ones the first stands.
 */
export function fillGaps(trie: BinaryTrie, first: number, second: number, rank: (leaf: number) => number): number {
  if (second === 0 || (first >= 0 && rank(first) === 2)) return first
  if (first === 0) return second
  if (first >= 0 && second >= 0) return rank(second) > rank(first) ? second : first
  const zero = fillGaps(trie, halfOf(trie, first, 0), halfOf(trie, second, 0), rank)
  return trie.join(zero, fillGaps(trie, halfOf(trie, first, 1), halfOf(trie, second, 1), rank))
}

/** Something that is laid over a trie: leaves of its own, 0 where it says nothing. */
export interface Layer {
  readonly trie: BinaryTrie
  /** What becomes of a leaf `below` under a leaf `above` of the layer, which is not 0. */
  readonly combine: (below: number, above: number) => number
  /** Whether `combine` gives the same whatever is below. */
  readonly hidesBelow: boolean
}

/** `base` with a layer over it. Where the layer says nothing base is as it was, and not copied. */
export function overlay(trie: BinaryTrie, base: number, layer: Layer, reference: number): number {
  if (reference === 0) return base
  if (reference > 0 && (base >= 0 || layer.hidesBelow)) return layer.combine(Math.max(0, base), reference)
  const zero = overlay(trie, halfOf(trie, base, 0), layer, halfOf(layer.trie, reference, 0))
  return trie.join(zero, overlay(trie, halfOf(trie, base, 1), layer, halfOf(layer.trie, reference, 1)))
}

/** The halves of a leaf are like the whole. */
function halfOf(trie: BinaryTrie, reference: number, bit: number): number {
  return reference < 0 ? trie.half(reference, bit) : reference
}

/**
 * Maps an address to the class of the longest prefix that holds it, and to that prefix's length.
 *
 * A flat multibit trie in one Uint32Array, which may lie on shared memory. The first sixteen bits index a table, every
 * further octet a node that stores only where its 256 entries change:
 *
 *   words 0 ..           IPv4 table, 65,536 entries
 *   words 65,536 ..      IPv6 table, 65,536 entries
 *   then nodes           8 words of bitmap: a bit is set where an entry differs from the one before it
 *                        2 words of counts: octet i is the number of bits set in the bitmap words before word i
 *                        one entry for each bit set
 *
 * An entry is a leaf, `length << 24 | class`, or with the top bit set the index of a node. An entry for the last octet
 * of an IPv6 address is always a leaf, so that the length 128, which has the top bit set as well, is never mistaken.
 * An IPv4 address thus costs one load, and two more for each octet that is needed after the second.
 *
 * Leaves are those of the binary trie in which equal siblings are merged: the length is the shortest one for which the
 * whole prefix has one class, which is what an EDNS client subnet scope has to say (RFC 7871 section 7.2.1).
 */

/** Words in front of the nodes: the tables of both families. */
export const TABLE_WORDS = 0x10000

/** Marks an entry as the index of a node. */
export const NODE_FLAG = 0x80000000

/** Words of a node in front of its entries. */
export const NODE_HEADER_WORDS = 10

/**
 * The leaf of the address whose octets begin at `start`, four for family 4 and sixteen for family 6.
 *
 * Read it with `leafClass` and `leafLength`; as a number it is a signed 32-bit integer, so that none is ever boxed.
 */
export function findLeaf(words: Uint32Array, octets: Uint8Array, start: number, family: 4 | 6): number {
  const end = start + (family === 4 ? 4 : 16)
  let entry = firstEntry(words, octets, start, family)
  for (let position = start + 2; entry < 0 && position < end; position++) {
    const node = entry & ~NODE_FLAG
    const octet = octets[position]!
    const word = octet >>> 5
    // All bits up to and including the octet's own: shifting by the complement keeps 31 from becoming 32.
    const bits = words[node + word]! & (0xffffffff >>> (31 - (octet & 31)))
    const before = (words[node + 8 + (word >>> 2)]! >>> ((word & 3) << 3)) & 0xff
    entry = words[node + NODE_HEADER_WORDS - 1 + before + countBits(bits)]! | 0
  }
  return entry
}

/** The entry that the look-up of an address begins with: a leaf, or below 0 one that leads to a node. */
export function firstEntry(words: Uint32Array, octets: Uint8Array, start: number, family: 4 | 6): number {
  return words[(family === 4 ? 0 : TABLE_WORDS) + (octets[start]! << 8) + octets[start + 1]!]! | 0
}

/** Reads the node that an entry leads to, so that it is at hand when it is looked into; what comes back has no meaning. */
export function touchEntry(words: Uint32Array, entry: number): number {
  return entry < 0 ? words[entry & ~NODE_FLAG]! | 0 : 0
}

/** The class number of a leaf, 24 bits. */
export function leafClass(leaf: number): number {
  return leaf & 0xffffff
}

/** The length, in bits, of the merged prefix that a leaf stands for: 0 to 32, or 0 to 128. */
export function leafLength(leaf: number): number {
  return leaf >>> 24
}

/** How many of 32 bits are set, by adding neighbours: JavaScript has no instruction for it. */
function countBits(word: number): number {
  let sum = (word - ((word >>> 1) & 0x55555555)) | 0
  sum = (sum & 0x33333333) + ((sum >>> 2) & 0x33333333)
  sum = (sum + (sum >>> 4)) & 0x0f0f0f0f
  return Math.imul(sum, 0x01010101) >>> 24
}

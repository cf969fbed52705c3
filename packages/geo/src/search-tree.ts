/**
 * The search tree of an MMDB file, read straight from the file's octets.
 *
 * A node is two records of 24, 28 or 32 bits, one for each value of the next bit of the address. A record below
 * `nodeCount` is the number of the next node, `nodeCount` itself says that nothing is known, and anything above it
 * points to data (MaxMind DB file format 2.0, "Binary Search Tree Section").
 */
export interface SearchTree {
  readonly octets: Uint8Array
  readonly nodeCount: number
  readonly recordSize: number
  readonly ipVersion: number
}

/** Zero octets between the tree and the data. */
const SEPARATOR_OCTETS = 16

/** The record of a node for bit 0 or 1. */
export function readRecord(tree: SearchTree, node: number, bit: number): number {
  const octets = tree.octets
  if (tree.recordSize === 24) {
    const at = node * 6 + bit * 3
    return (octets[at]! << 16) | (octets[at + 1]! << 8) | octets[at + 2]!
  }
  if (tree.recordSize === 28) {
    // Seven octets a node: the middle one holds the four highest bits of both records.
    const at = node * 7 + bit * 4
    const high = bit === 0 ? octets[at + 3]! >> 4 : octets[at - 1]! & 0x0f
    return (high << 24) | (octets[at]! << 16) | (octets[at + 1]! << 8) | octets[at + 2]!
  }
  const at = node * 8 + bit * 4
  return ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0
}

/** Octets of the whole tree, without the separator. */
export function treeSize(tree: SearchTree): number {
  return (tree.nodeCount * tree.recordSize) / 4
}

/** Where the data begins: pointers inside the data count from here. */
export function dataStart(tree: SearchTree): number {
  return treeSize(tree) + SEPARATOR_OCTETS
}

/** The offset in the file of what a record above `nodeCount` points to. */
export function dataOffset(tree: SearchTree, record: number): number {
  return record - tree.nodeCount + treeSize(tree)
}

/** The record that IPv4 begins at: 96 zero bits down in a tree of IPv6, the root of a tree of IPv4. */
export function ipv4Start(tree: SearchTree): number {
  let record = 0
  if (tree.ipVersion === 4) return record
  for (let depth = 0; depth < 96 && record < tree.nodeCount; depth++) record = readRecord(tree, record, 0)
  return record
}

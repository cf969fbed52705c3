import { BinaryTrie, type Prefix } from '@windrose/ip'
import { MmdbData, type MmdbRecord } from './mmdb-data.ts'

/** What an MMDB file is to hold. */
export interface MmdbContent {
  readonly databaseType: string
  /** Seconds since 1970. */
  readonly buildEpoch: number
  readonly ipVersion: 4 | 6
  readonly recordSize: 24 | 28 | 32
  /** The longest prefix wins. In a file of version 6, IPv4 prefixes stand below ::/96. */
  readonly entries: readonly { readonly prefix: Prefix; readonly record: MmdbRecord }[]
  /** Prefixes of IPv6 that are made to point to the IPv4 tree, as MaxMind does with ::ffff:0:0/96 and 2002::/16. */
  readonly ipv4Aliases?: readonly Prefix[]
}

/**
 * Writes an MMDB file: for tests, demonstrations and small databases of one's own.
 *
 * MaxMind DB file format 2.0. The same content always gives the same octets.
 */
export function composeMmdb(content: MmdbContent): Uint8Array {
  const data = new MmdbData()
  const trie = new BinaryTrie()
  let root = 0
  // A leaf is 1 + the offset of its data, 0 where nothing is known.
  for (const { prefix, record } of [...content.entries].sort((a, b) => a.prefix.length - b.prefix.length)) {
    root = trie.withPrefix(root, placeInTree(prefix, content.ipVersion), data.addRecord(record) + 1)
  }
  const ipv4 = descendZeros(trie, root, content.ipVersion === 6 ? 96 : 0)
  for (const alias of content.ipv4Aliases ?? []) root = trie.withPrefix(root, alias, ipv4)

  const references = listNodes(trie, root)
  return concat([
    composeTree(trie, references, content.recordSize),
    new Uint8Array(16),
    data.octets(),
    METADATA_MARKER,
    composeMetadata(content, references.length),
  ])
}

const METADATA_MARKER: Uint8Array = Uint8Array.from('\xab\xcd\xefMaxMind.com', (char) => char.charCodeAt(0))

function placeInTree(prefix: Prefix, ipVersion: 4 | 6): Prefix {
  if (ipVersion === 4 || prefix.address.length === 16) return prefix
  const address = new Uint8Array(16)
  address.set(prefix.address, 12)
  return { address, length: prefix.length + 96 }
}

function descendZeros(trie: BinaryTrie, root: number, bits: number): number {
  let reference = root
  for (let depth = 0; depth < bits && reference < 0; depth++) reference = trie.half(reference, 0)
  return reference
}

/** The references of all nodes in the order in which they are written; a root that is a leaf is a node as well. */
function listNodes(trie: BinaryTrie, root: number): number[] {
  const references = new Set([root])
  for (const reference of references) {
    if (reference >= 0) continue
    for (const half of [trie.half(reference, 0), trie.half(reference, 1)]) if (half < 0) references.add(half)
  }
  return [...references]
}

function composeTree(trie: BinaryTrie, references: readonly number[], recordSize: 24 | 28 | 32): Uint8Array {
  const count = references.length
  const numbers = new Map(references.map((reference, number) => [reference, number]))
  const recordOf = (reference: number): number => {
    if (reference < 0) return numbers.get(reference)!
    return reference === 0 ? count : count + 16 + reference - 1
  }
  const tree = new Uint8Array((count * recordSize) / 4)
  for (const [number, reference] of references.entries()) {
    const zero = recordOf(reference < 0 ? trie.half(reference, 0) : reference)
    const one = recordOf(reference < 0 ? trie.half(reference, 1) : reference)
    writeNode(tree.subarray((number * recordSize) / 4), recordSize, zero, one)
  }
  return tree
}

function writeNode(octets: Uint8Array, recordSize: 24 | 28 | 32, zero: number, one: number): void {
  const low = recordSize === 32 ? 4 : 3
  for (let i = 0; i < low; i++) {
    octets[i] = zero >>> ((low - 1 - i) * 8)
    octets[recordSize / 4 - low + i] = one >>> ((low - 1 - i) * 8)
  }
  if (recordSize === 28) octets[3] = ((zero >>> 24) << 4) | (one >>> 24)
}

function composeMetadata(content: MmdbContent, nodeCount: number): Uint8Array {
  const metadata = new MmdbData()
  metadata.addMap([
    ['node_count', () => metadata.addUnsigned('uint32', nodeCount)],
    ['record_size', () => metadata.addUnsigned('uint16', content.recordSize)],
    ['ip_version', () => metadata.addUnsigned('uint16', content.ipVersion)],
    ['database_type', () => metadata.addText(content.databaseType)],
    ['languages', () => metadata.addList([])],
    ['binary_format_major_version', () => metadata.addUnsigned('uint16', 2)],
    ['binary_format_minor_version', () => metadata.addUnsigned('uint16', 0)],
    ['build_epoch', () => metadata.addUnsigned('uint64', content.buildEpoch)],
    ['description', () => metadata.addMap([['en', () => metadata.addText(content.databaseType)]])],
  ])
  return metadata.octets()
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

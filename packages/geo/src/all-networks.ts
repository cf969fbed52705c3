import { BinaryTrie } from '@windrose/ip'
import { compilePath, FieldReader } from './field-reader.ts'
import type { Database } from './mmdb-file.ts'
import { RecordNumbers } from './record-numbers.ts'
import { toAsn } from './schema.ts'
import { dataOffset } from './search-tree.ts'
import { walkSearchTree } from './walk-search-tree.ts'
import type { NumberedSpace } from './walk-together.ts'

/** Which network each address is in: for sums over the whole space, where every network counts. */
export interface AllNetworks extends NumberedSpace {
  /** By the leaves of the trie; number 0 is no network that is known. */
  readonly list: readonly Network[]
}

export interface Network {
  readonly asn: number
  /** As the database that was asked first writes it; empty where it does not. */
  readonly organisation: string
}

const NO_NETWORK: Network = { asn: 0, organisation: '' }

/**
 * Walks the databases that know AS numbers: an address is in the network that the first of them says. Undefined where none
 * of them knows any. Throws as mapPlaces does.
 */
export function mapAllNetworks(databases: readonly Database[]): AllNetworks | undefined {
  const knowing = databases.filter(({ schema }) => schema.fields.asn.length > 0)
  if (knowing.length === 0) return undefined
  const trie = new BinaryTrie(1 << 16)
  const list: Network[] = [NO_NETWORK]
  const numbers = new Map<number, number>()
  let ipv4 = 0
  let ipv6 = 0
  for (const database of knowing) {
    const roots = walkSearchTree(database, readNetworks(database, list, numbers), trie)
    ipv4 = fillZeros(trie, ipv4, roots.ipv4)
    ipv6 = fillZeros(trie, ipv6, roots.ipv6)
  }
  return { trie, list, ipv4, ipv6 }
}

function readNetworks(database: Database, list: Network[], numbers: Map<number, number>): (record: number) => number {
  const { tree, schema } = database
  const fields = new FieldReader(tree)
  const asnPaths = schema.fields.asn.map(compilePath)
  const namePaths = schema.fields.organisation.map(compilePath)
  const known = new RecordNumbers()
  const read = (record: number): number => {
    const offset = dataOffset(tree, record)
    const asn = asnPaths.map((path) => fields.number(offset, path)).find(Number.isInteger)
    // Some databases write `AS15169`.
    const number = asn ?? asnPaths.map((path) => toAsn(fields.string(offset, path))).find(Number.isInteger)
    if (number === undefined) return 0
    const index = numbers.get(number)
    if (index !== undefined) return index
    const organisation = namePaths.map((path) => fields.string(offset, path)).find((name) => name !== '') ?? ''
    numbers.set(number, list.length)
    return list.push({ asn: number, organisation }) - 1
  }
  return (record) => {
    const number = known.get(record)
    return number >= 0 ? number : known.add(record, read(record))
  }
}

/** `first`, and where it is 0, `second`. */
function fillZeros(trie: BinaryTrie, first: number, second: number): number {
  if (first > 0 || second === 0) return first
  if (first === 0) return second
  const half = (bit: number): number => (second < 0 ? trie.half(second, bit) : second)
  return trie.join(fillZeros(trie, trie.half(first, 0), half(0)), fillZeros(trie, trie.half(first, 1), half(1)))
}

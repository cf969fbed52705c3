import { BinaryTrie, type TrieRoots } from '@windrose/ip'
import { type CompiledPath, FieldReader } from './field-reader.ts'
import type { Database } from './mmdb-file.ts'
import { copyLeaves, fillGaps } from './overlay.ts'
import { onceForEachRecord } from './record-numbers.ts'
import { compileField } from './region-table.ts'
import { toAsn } from './schema.ts'
import { dataOffset } from './search-tree.ts'
import { walkSearchTree } from './walk-search-tree.ts'

/** Whose networks addresses are in, as far as somebody asks. */
export interface NetworkMap extends TrieRoots {
  /** Leaves are 1 + the index of an AS number; 0 for networks of others. */
  readonly trie: BinaryTrie
  readonly asns: readonly number[]
}

/**
 * Walks the databases that know AS numbers: an address is in the AS that the first of them says. Throws as mapPlaces does.
 */
export function mapNetworks(databases: readonly Database[], asns: readonly number[]): NetworkMap {
  const walked = new BinaryTrie(1 << 16)
  const indexes = new Map(asns.map((asn, index) => [asn, index]))
  const rank = (leaf: number): number => (leaf === 0 ? 0 : 2)
  let ipv4 = 0
  let ipv6 = 0
  for (const database of databases) {
    if (database.schema.fields.asn.length === 0) continue
    const roots = walkSearchTree(database, readNetworks(database, indexes), walked)
    ipv4 = fillGaps(walked, ipv4, roots.ipv4, rank)
    ipv6 = fillGaps(walked, ipv6, roots.ipv6, rank)
  }
  const trie = new BinaryTrie()
  const numbers = Int32Array.from([0, 0, ...asns.keys()], (index, leaf) => (leaf < FIRST_NAMED ? 0 : index + 1))
  return {
    trie,
    asns,
    ipv4: copyLeaves(walked, ipv4, numbers, trie),
    ipv6: copyLeaves(walked, ipv6, numbers, trie),
  }
}

/** While the databases are walked, an AS that nobody names is told apart from none: it keeps the next one from being asked. */
const UNNAMED = 1
const FIRST_NAMED = 2

function readNetworks(database: Database, indexes: ReadonlyMap<number, number>): (record: number) => number {
  const { tree, schema } = database
  const fields = new FieldReader(tree)
  const paths = compileField(schema, 'asn')
  return onceForEachRecord((record) => {
    const asn = readAsn(fields, dataOffset(tree, record), paths)
    if (asn === undefined) return 0
    const index = indexes.get(asn)
    return index === undefined ? UNNAMED : FIRST_NAMED + index
  })
}

/** The AS number in the data at an offset; undefined where it has none. */
export function readAsn(fields: FieldReader, offset: number, paths: readonly CompiledPath[]): number | undefined {
  for (const path of paths) {
    const number = fields.number(offset, path)
    const asn = Number.isNaN(number) ? toAsn(fields.string(offset, path)) : number
    if (Number.isInteger(asn)) return asn
  }
  return undefined
}

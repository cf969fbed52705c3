import { BinaryTrie } from '@windrose/ip'
import { FieldReader } from './field-reader.ts'
import type { Database } from './mmdb-file.ts'
import { readAsn } from './network-map.ts'
import { fillGaps } from './overlay.ts'
import { onceForEachRecord } from './record-numbers.ts'
import { compileField, firstString } from './region-table.ts'
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
  /** As the first of its records says, in the order of addresses; empty where it does not. */
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
  const rank = (leaf: number): number => (leaf === 0 ? 0 : 2)
  let ipv4 = 0
  let ipv6 = 0
  for (const database of knowing) {
    const roots = walkSearchTree(database, readNetworks(database, list, numbers), trie)
    ipv4 = fillGaps(trie, ipv4, roots.ipv4, rank)
    ipv6 = fillGaps(trie, ipv6, roots.ipv6, rank)
  }
  return { trie, list, ipv4, ipv6 }
}

function readNetworks(
  { tree, schema }: Database,
  list: Network[],
  numbers: Map<number, number>,
): (record: number) => number {
  const fields = new FieldReader(tree)
  const asns = compileField(schema, 'asn')
  const names = compileField(schema, 'organisation')
  return onceForEachRecord((record) => {
    const offset = dataOffset(tree, record)
    const asn = readAsn(fields, offset, asns)
    if (asn === undefined) return 0
    const known = numbers.get(asn)
    if (known !== undefined) return known
    numbers.set(asn, list.length)
    return list.push({ asn, organisation: firstString(fields, offset, names) }) - 1
  })
}

import type { Database } from './mmdb-file.ts'
import { ipv4Start, readRecord, type SearchTree } from './search-tree.ts'

/** The families whose clients none of the databases can place, because each of them is for the other one. */
export function missingFamilies(databases: readonly Database[]): ('ipv4' | 'ipv6')[] {
  const placing = databases.filter(({ schema }) => schema.precision !== 'asn')
  const missing: ('ipv4' | 'ipv6')[] = []
  if (!placing.some(({ tree }) => coversIpv4(tree))) missing.push('ipv4')
  if (!placing.some(({ tree }) => coversIpv6(tree))) missing.push('ipv6')
  return missing
}

function coversIpv4(tree: SearchTree): boolean {
  return ipv4Start(tree) !== tree.nodeCount
}

/** Whether anything is known inside 2000::/3, from which all IPv6 clients come (RFC 4291 section 2.4). */
function coversIpv6(tree: SearchTree): boolean {
  if (tree.ipVersion === 4) return false
  let record = 0
  for (const bit of [0, 0, 1]) if (record < tree.nodeCount) record = readRecord(tree, record, bit)
  return record !== tree.nodeCount
}

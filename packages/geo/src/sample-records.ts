import { printAddress } from '@windrose/ip'
import type { Reader } from './maxmind-reader.ts'
import { ipv4Start, readRecord, type SearchTree } from './search-tree.ts'

/**
 * Up to `count` records from all over the database, decoded: half of them from where IPv4 begins, the others from the
 * root. The same file always gives the same sample.
 */
export function sampleRecords(tree: SearchTree, reader: Reader, count: number): unknown[] {
  const records: unknown[] = []
  for (let sample = 0; sample < count; sample++) {
    const ofIpv4 = tree.ipVersion === 4 || sample % 2 === 0
    const address = descend(tree, ofIpv4, sample + 1)
    if (address === undefined) continue
    const [record] = reader.getWithPrefixLength(printAddress(address))
    if (record !== null) records.push(record)
  }
  return records
}

/** An address with a record: every bit is drawn, and the other one taken where the drawn one leads to nothing. */
function descend(tree: SearchTree, ofIpv4: boolean, seed: number): Uint8Array | undefined {
  const address = new Uint8Array(ofIpv4 ? 4 : 16)
  let record = ofIpv4 ? ipv4Start(tree) : 0
  let state = Math.imul(seed, 0x9e3779b1) | 1
  for (let depth = 0; depth < address.length * 8 && record < tree.nodeCount; depth++) {
    // xorshift, Marsaglia 2003
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    let bit = state & 1
    if (readRecord(tree, record, bit) === tree.nodeCount) bit ^= 1
    record = readRecord(tree, record, bit)
    address[depth >> 3] = address[depth >> 3]! | (bit << (7 - (depth & 7)))
  }
  return record > tree.nodeCount ? address : undefined
}

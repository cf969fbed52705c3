import { LOWER_CASE, labelCount, type Name } from '@windrose/dns'
import {
  HEADER_DEEPEST,
  HEADER_INDEX,
  HEADER_MAGIC,
  HEADER_NODE_TABLE,
  HEADER_NODES,
  HEADER_RDATA_TABLE,
  HEADER_RRSET_TABLE,
  HEADER_RRSETS,
  HEADER_SLOT_MASK,
  HEADER_VERSION,
  HEADER_WORDS,
  HEADER_ZONE_TABLE,
  HEADER_ZONES,
  IMAGE_MAGIC,
  IMAGE_VERSION,
  NODE_WORDS,
  RDATA_WORDS,
  RRSET_WORDS,
  SLOT_WORDS,
  ZONE_WORDS,
  type ZoneImage,
} from './image-layout.ts'
import type { ImagePlan } from './image-plan.ts'
import type { Rrset } from './rrsets.ts'

/** An image of the right size on shared memory, with its header written and its tables empty. */
export function allocateImage(plan: ImagePlan, rrsets: readonly (readonly Rrset[])[]): ZoneImage {
  let rrsetCount = 0
  let rdataCount = 0
  let octetCount = 0
  let deepest = 0
  plan.nodes.forEach(({ name }, i) => {
    octetCount += name.owner.length * (isFolded(name.owner) ? 1 : 2)
    deepest = Math.max(deepest, labelCount(name.owner))
    rrsetCount += rrsets[i]!.length
    rdataCount += name.records.length
    for (const record of name.records) octetCount += record.rdata.length
  })
  const slotCount = slotsFor(plan.nodes.length)

  // Nodes first: the header is as long as a node, so every node begins where a line of the cache does.
  const nodeTable = HEADER_WORDS
  const rrsetTable = nodeTable + plan.nodes.length * NODE_WORDS
  const rdataTable = rrsetTable + rrsetCount * RRSET_WORDS
  const zoneTable = rdataTable + rdataCount * RDATA_WORDS
  const index = zoneTable + plan.apexes.length * ZONE_WORDS
  const words = new Int32Array(new SharedArrayBuffer(4 * (index + slotCount * SLOT_WORDS)))
  words[HEADER_MAGIC] = IMAGE_MAGIC
  words[HEADER_VERSION] = IMAGE_VERSION
  words[HEADER_ZONES] = plan.apexes.length
  words[HEADER_NODES] = plan.nodes.length
  words[HEADER_RRSETS] = rrsetCount
  words[HEADER_DEEPEST] = deepest
  words[HEADER_SLOT_MASK] = slotCount - 1
  words[HEADER_ZONE_TABLE] = zoneTable
  words[HEADER_NODE_TABLE] = nodeTable
  words[HEADER_RRSET_TABLE] = rrsetTable
  words[HEADER_RDATA_TABLE] = rdataTable
  words[HEADER_INDEX] = index
  return { words, octets: new Uint8Array(new SharedArrayBuffer(octetCount)) }
}

/** Whether the name is in lower case: then one copy of it serves both for finding it and for writing it. */
export function isFolded(name: Name): boolean {
  for (const octet of name) {
    if (LOWER_CASE[octet] !== octet) return false
  }
  return true
}

/** A power of two that leaves at least half of the slots empty. */
function slotsFor(nodes: number): number {
  let slots = 2
  while (slots < 2 * nodes) slots *= 2
  return slots
}

import { homeSlot } from './find-node.ts'
import { hashName } from './hash-name.ts'
import { HEADER_INDEX, HEADER_SLOT_MASK, SLOT_HASH, SLOT_NODE, SLOT_WORDS, type ZoneImage } from './image-layout.ts'
import type { PlannedNode } from './image-plan.ts'
import { QnameScan, scanName } from './qname-scan.ts'

/** Enters the nodes into the image's empty index, by the hash of its name. */
export function indexNodes({ words }: ZoneImage, nodes: readonly PlannedNode[]): void {
  const scan = new QnameScan()
  const index = words[HEADER_INDEX]!
  const mask = words[HEADER_SLOT_MASK]!
  nodes.forEach(({ name, isIndexed }, node) => {
    if (!isIndexed || !scanName(name.owner, scan)) return
    const hash = hashName(scan.view, scan.start, scan.length)
    let slot = homeSlot(hash, mask)
    while (words[index + slot * SLOT_WORDS + SLOT_NODE] !== 0) slot = (slot + 1) & mask
    words[index + slot * SLOT_WORDS + SLOT_HASH] = hash
    words[index + slot * SLOT_WORDS + SLOT_NODE] = node + 1
  })
}

import { homeSlot } from './find-node.ts'
import { HEADER_INDEX, HEADER_SLOT_MASK, SLOT_HASH, SLOT_NODE, SLOT_WORDS, type ZoneImage } from './image-layout.ts'
import type { PlannedNode } from './image-plan.ts'
import { QnameScan, scanQname } from './qname-scan.ts'

/** Enters the nodes into the image's empty index, by the hash that a scan gives the name. */
export function indexNodes({ words }: ZoneImage, nodes: readonly PlannedNode[]): void {
  const scan = new QnameScan()
  const index = words[HEADER_INDEX]!
  const mask = words[HEADER_SLOT_MASK]!
  nodes.forEach(({ name, isIndexed }, node) => {
    if (!isIndexed || !scanQname(name.owner, 0, name.owner.length, scan)) return
    const hash = scan.suffixHash[0]!
    let slot = homeSlot(hash, mask)
    while (words[index + slot * SLOT_WORDS + SLOT_NODE] !== 0) slot = (slot + 1) & mask
    words[index + slot * SLOT_WORDS + SLOT_HASH] = hash
    words[index + slot * SLOT_WORDS + SLOT_NODE] = node + 1
  })
}

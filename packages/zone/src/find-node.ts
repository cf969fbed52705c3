import type { Name } from '@windrose/dns'
import { hashName } from './hash-name.ts'
import {
  HEADER_INDEX,
  HEADER_NODE_TABLE,
  HEADER_SLOT_MASK,
  NODE_FOLDED,
  NODE_LENGTH,
  NODE_NAME,
  NODE_NAME_OCTETS,
  NODE_WORDS,
  SLOT_HASH,
  SLOT_NODE,
  SLOT_WORDS,
  type ZoneImage,
} from './image-layout.ts'
import { QnameScan, scanName } from './qname-scan.ts'

/** The node of exactly the scanned name, or -1. A name below a zone cut (glue) is found as well. */
export function findNode(image: ZoneImage, scan: QnameScan): number {
  return findSuffix(image, scan, 0)
}

/** As findNode, for use at load: it allocates. */
export function findNodeByName(image: ZoneImage, name: Name): number {
  const scan = new QnameScan()
  return scanName(name, scan) ? findNode(image, scan) : -1
}

/** The node of the suffix that starts with the scan's label number `label`, or -1. */
export function findSuffix(image: ZoneImage, scan: QnameScan, label: number): number {
  const { words } = image
  const index = words[HEADER_INDEX]!
  const mask = words[HEADER_SLOT_MASK]!
  const start = scan.labelStart[label]!
  const hash = hashName(scan.view, start, scan.length - start)
  for (let slot = homeSlot(hash, mask); ; slot = (slot + 1) & mask) {
    const at = index + slot * SLOT_WORDS
    const node = words[at + SLOT_NODE]! - 1
    if (node < 0) return -1
    if (words[at + SLOT_HASH] === hash && hasSuffix(image, node, scan, label)) return node
  }
}

/** Where the search for a hash starts. */
export function homeSlot(hash: number, mask: number): number {
  return (hash ^ (hash >>> 16)) & mask
}

function hasSuffix(image: ZoneImage, node: number, scan: QnameScan, label: number): boolean {
  const { words } = image
  const { view } = scan
  const at = words[HEADER_NODE_TABLE]! + node * NODE_WORDS
  const start = scan.labelStart[label]!
  const length = scan.length - start
  if (words[at + NODE_LENGTH] !== length) return false
  if (length > NODE_NAME_OCTETS) return hasLongSuffix(image, words[at + NODE_FOLDED]!, scan, start)
  // Both end in zeros, up to the end of the last word.
  for (let i = 0; i < length; i += 4) {
    if (words[at + NODE_NAME + (i >> 2)] !== view.getInt32(start + i, true)) return false
  }
  return true
}

function hasLongSuffix({ octets }: ZoneImage, name: number, { folded, length }: QnameScan, start: number): boolean {
  for (let i = start; i < length; i++) {
    if (octets[name + i - start] !== folded[i]) return false
  }
  return true
}

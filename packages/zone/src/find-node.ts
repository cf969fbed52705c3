import { LOWER_CASE, type Name } from '@windrose/dns'
import { foldWord } from './fold-word.ts'
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
  const offset = scan.labelStart[label]!
  const hash = hashName(scan.view, scan.start + offset, scan.length - offset)
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

/** Compares the suffix with the name of a node, in any case. Length octets, below 64, are no letters. */
function hasSuffix(image: ZoneImage, node: number, scan: QnameScan, label: number): boolean {
  const { words } = image
  const at = words[HEADER_NODE_TABLE]! + node * NODE_WORDS
  const offset = scan.labelStart[label]!
  const length = scan.length - offset
  if (words[at + NODE_LENGTH] !== length) return false
  const start = scan.start + offset
  if (length > NODE_NAME_OCTETS) return hasLongName(image, words[at + NODE_FOLDED]!, scan.view, start, length)
  const whole = length >> 2
  for (let i = 0; i < whole; i++) {
    if (words[(at + NODE_NAME + i) | 0] !== foldWord(scan.view.getInt32(start + i * 4, true))) return false
  }
  return (
    (length & 3) === 0 || words[at + NODE_NAME + whole] === foldWord(lastWord(scan.view, start + length, length & 3))
  )
}

/** The `count` octets before `end`, one to three of them, as the lowest of a word. */
function lastWord(octets: DataView, end: number, count: number): number {
  let word = octets.getUint8(end - count)
  if (count > 1) word |= octets.getUint8(end - count + 1) << 8
  if (count > 2) word |= octets.getUint8(end - count + 2) << 16
  return word
}

function hasLongName({ octets }: ZoneImage, name: number, view: DataView, start: number, length: number): boolean {
  for (let i = 0; i < length; i++) {
    if (octets[name + i] !== LOWER_CASE[view.getUint8(start + i)]) return false
  }
  return true
}

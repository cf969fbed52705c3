import { hashName } from './hash-name.ts'
import {
  HEADER_DEEPEST,
  HEADER_INDEX,
  HEADER_NODE_TABLE,
  HEADER_SLOT_MASK,
  NODE_FIRST_RRSET,
  NODE_NAME,
  NODE_SERVICE,
  NODE_WORDS,
  SLOT_NODE,
  SLOT_WORDS,
  type ZoneImage,
} from './image-layout.ts'

/**
 * What look-ups will read, guessed cheaply and for many at once: for callers that want memory to be on its way before it
 * is needed. A guess may be wrong and then is of no use; nothing may be concluded from it.
 */

/**
 * The hash that the look-up of the name in octets `start` to `end` begins with: of the name, or where it has more labels
 * than any name of the image, of the longest suffix that may be there. `end` is behind the root octet.
 */
export function likelyHash({ words }: ZoneImage, octets: DataView, start: number, end: number, labels: number): number {
  let suffix = start
  for (let extra = labels - words[HEADER_DEEPEST]!; extra > 0; extra--) suffix += octets.getUint8(suffix) + 1
  return hashName(octets, suffix, end - suffix)
}

/**
 * Turns the first `count` hashes into what their nodes answer with: the number of a service, `~rrset` with the first
 * RRset of a node without one, and NO_NODE where the index has nothing. Returns something of all that was read.
 */
export function anticipateNodes({ words }: ZoneImage, hashes: Int32Array, count: number): number {
  const mask = words[HEADER_SLOT_MASK]!
  const index = (words[HEADER_INDEX]! + SLOT_NODE) | 0
  const nodes = words[HEADER_NODE_TABLE]! | 0
  // As homeSlot has it. Each loop is kept short, so that the processor sees many turns of it at once.
  for (let i = 0; i < count; i++) {
    const hash = hashes[i]!
    hashes[i] = words[(index + ((hash ^ (hash >>> 16)) & mask) * SLOT_WORDS) | 0]! | 0
  }
  let touched = 0
  for (let i = 0; i < count; i++) {
    const node = hashes[i]! - 1
    if (node < 0) {
      hashes[i] = NO_NODE
      continue
    }
    const at = (nodes + node * NODE_WORDS) | 0
    const service = words[(at + NODE_SERVICE) | 0]! | 0
    touched ^= words[(at + NODE_NAME) | 0]!
    hashes[i] = service >= 0 ? service : ~words[(at + NODE_FIRST_RRSET) | 0]!
  }
  return touched
}

/** In place of an answer: the name is not in the index, or not where it would be. */
export const NO_NODE: number = -0x80000000

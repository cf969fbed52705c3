import { LABEL_OCTETS_MAX, LOWER_CASE, NAME_OCTETS_MAX } from '@windrose/dns'

/**
 * A name in wire format as the path reads it: checked, folded, cut into labels and hashed in one pass.
 *
 * The hash of a name is built label by label from the root, so that one scan gives the hashes of the name and of every
 * name above it: suffixHash[i] belongs to the suffix that starts with label i.
 *
 *   name        3 w w w 7 e x a m p l e 3 o r g 0
 *   labelStart  0       4               12      16
 *   suffixHash  [0] www.example.org. [1] example.org. [2] org. [3] the root
 */
export class QnameScan {
  /** Octets of the name with its root octet; 0 after a failed scan. */
  length = 0
  /** Labels of the name; the root counts as none. */
  labels = 0
  /** The name in ASCII lower case (RFC 4343); octets from `length` on are left over. */
  readonly folded: Uint8Array = new Uint8Array(NAME_OCTETS_MAX)
  /** Offset of each label's length octet in the name; entry `labels` is the root octet. */
  readonly labelStart: Uint8Array = new Uint8Array(LABELS_MAX + 1)
  /** Hash of each suffix; entry `labels` is the root's. */
  readonly suffixHash: Int32Array = new Int32Array(LABELS_MAX + 1)
}

/** Labels that fit in 255 octets: 127 of one octet each, and the root. */
export const LABELS_MAX = 127

/**
 * Scans the uncompressed name that starts at `start` and lies before `end`. The name may be a question's or a CNAME's
 * target: any octets will do. False, with an empty scan, for a compression pointer or another label type, a name above
 * 255 octets, and a name that runs past the end. Allocates nothing.
 */
export function scanQname(packet: Uint8Array, start: number, end: number, scan: QnameScan): boolean {
  const { folded, labelStart, suffixHash } = scan
  const stop = Math.min(end, packet.length)
  scan.length = 0
  scan.labels = 0
  let position = start
  let offset = 0
  let labels = 0
  for (;;) {
    if (position >= stop) return false
    const size = packet[position]!
    if (size > LABEL_OCTETS_MAX) return false
    labelStart[labels] = offset
    folded[offset] = size
    if (size === 0) break
    // The label and the root octet after it.
    if (offset + size + 2 > NAME_OCTETS_MAX || position + size + 1 >= stop) return false
    let hash = size
    for (let i = 1; i <= size; i++) {
      const octet = LOWER_CASE[packet[position + i]!]!
      folded[offset + i] = octet
      hash = Math.imul(hash ^ octet, FNV_PRIME)
    }
    suffixHash[labels] = hash
    labels++
    position += size + 1
    offset += size + 1
  }
  hashSuffixes(suffixHash, labels)
  scan.length = offset + 1
  scan.labels = labels
  return true
}

/** Turns the hashes of single labels into hashes of suffixes, from the root down. */
function hashSuffixes(suffixHash: Int32Array, labels: number): void {
  let hash = ROOT_HASH
  suffixHash[labels] = hash
  for (let i = labels - 1; i >= 0; i--) {
    hash = Math.imul(hash ^ suffixHash[i]!, GOLDEN)
    hash ^= hash >>> 15
    suffixHash[i] = hash
  }
}

/** Multiplier of the 32-bit FNV-1a hash. */
const FNV_PRIME = 0x01000193

/** 2^32 divided by the golden ratio, odd: Knuth's multiplicative hashing. */
const GOLDEN = 0x9e3779b1 | 0

const ROOT_HASH = 0x2545f491

import { LABEL_OCTETS_MAX, LOWER_CASE, NAME_OCTETS_MAX } from '@windrose/dns'

/**
 * A name in wire format as the path reads it: checked, cut into labels and folded.
 *
 *   name        3 w w w 7 e x a m p l e 3 o r g 0
 *   labelStart  0       4               12      16
 */
export class QnameScan {
  /** Octets of the name with its root octet; 0 after a failed scan. */
  length = 0
  /** Labels of the name; the root counts as none. */
  labels = 0
  /** The name in ASCII lower case (RFC 4343), and behind it zeros up to the end of the word of four octets. */
  readonly folded: Uint8Array = new Uint8Array(NAME_OCTETS_MAX + 2 * WORD_OCTETS)
  /** The same octets, for reading several at once. */
  readonly view: DataView = new DataView(this.folded.buffer)
  /** Offset of each label's length octet in the name; entry `labels` is the root octet. */
  readonly labelStart: Uint8Array = new Uint8Array(LABELS_MAX + 1)
}

/** Labels that fit in 255 octets: 127 of one octet each, and the root. */
export const LABELS_MAX = 127

const WORD_OCTETS = 4

/**
 * Scans the uncompressed name that starts at `start` and lies before `end`, which is not beyond the octets. The name may
 * be a question's or a CNAME's target: any octets will do. False, with an empty scan, for a compression pointer or
 * another label type, a name above 255 octets, and a name that runs past the end. Allocates nothing.
 */
export function scanQname(octets: DataView, start: number, end: number, scan: QnameScan): boolean {
  const { labelStart } = scan
  scan.length = 0
  scan.labels = 0
  let offset = 0
  let labels = 0
  for (;;) {
    if (start + offset >= end) return false
    const size = octets.getUint8(start + offset)
    if (size > LABEL_OCTETS_MAX) return false
    labelStart[labels] = offset
    if (size === 0) break
    offset += size + 1
    // The root octet is still to come.
    if (offset >= NAME_OCTETS_MAX) return false
    labels++
  }
  scan.length = offset + 1
  scan.labels = labels
  foldInto(scan, octets, start)
  return true
}

/** Scans a whole name that is a value: off the path, since it makes a view. */
export function scanName(name: Uint8Array, scan: QnameScan): boolean {
  return scanQname(new DataView(name.buffer, name.byteOffset, name.byteLength), 0, name.length, scan)
}

/** Length octets, below 64, are folded like all others: no letter is so small. */
function foldInto({ folded, view, length }: QnameScan, octets: DataView, start: number): void {
  let i = 0
  for (; i + WORD_OCTETS <= length; i += WORD_OCTETS) view.setInt32(i, foldWord(octets.getInt32(start + i, true)), true)
  view.setInt32(i + WORD_OCTETS, 0, true)
  view.setInt32(i, 0, true)
  for (; i < length; i++) folded[i] = LOWER_CASE[octets.getUint8(start + i)]!
}

/** Four octets in ASCII lower case: where the octet is a letter from A to Z, and only there, bit 5 is set. */
function foldWord(word: number): number {
  const low = word & 0x7f7f7f7f
  // Adding lifts bit 7 of an octet from the first letter on, and from the first behind the last: none carries over.
  const fromA = (low + 0x3f3f3f3f) | 0
  const behindZ = (low + 0x25252525) | 0
  return word | (((fromA ^ behindZ) & ~word & 0x80808080) >>> 2)
}

import { LABEL_OCTETS_MAX, NAME_OCTETS_MAX } from '@windrose/dns'

/**
 * A name in wire format as the path reads it: checked and cut into labels, where it lies. Nothing of it is copied: what
 * was just written octet by octet is slow to read four at a time.
 *
 *   name        3 w w w 7 e x a m p l e 3 o r g 0
 *   labelStart  0       4               12      16
 */
export class QnameScan {
  /** The octets that the name lies in, and where it begins. */
  view: DataView = new DataView(new ArrayBuffer(0))
  start = 0
  /** Octets of the name with its root octet; 0 after a failed scan. */
  length = 0
  /** Labels of the name; the root counts as none. */
  labels = 0
  /** Offset of each label's length octet in the name; entry `labels` is the root octet. */
  readonly labelStart: Uint8Array = new Uint8Array(LABELS_MAX + 1)
}

/** Labels that fit in 255 octets: 127 of one octet each, and the root. */
export const LABELS_MAX = 127

/**
 * Scans the uncompressed name that starts at `start` and lies before `end`, which is not beyond the octets. The name may
 * be a question's or a CNAME's target: any octets will do. False, with an empty scan, for a compression pointer or
 * another label type, a name above 255 octets, and a name that runs past the end. Allocates nothing.
 */
export function scanQname(octets: DataView, start: number, end: number, scan: QnameScan): boolean {
  const { labelStart } = scan
  scan.view = octets
  scan.start = start
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
  return true
}

/** Scans a whole name that is a value: off the path, since it makes a view. */
export function scanName(name: Uint8Array, scan: QnameScan): boolean {
  return scanQname(new DataView(name.buffer, name.byteOffset, name.byteLength), 0, name.length, scan)
}

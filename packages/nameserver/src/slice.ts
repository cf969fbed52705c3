import { viewOf } from './exchange.ts'

/** A run of octets in a larger array; reused, so that pointing somewhere makes no object. */
export class Slice {
  octets: DataView = new DataView(new ArrayBuffer(0))
  start = 0
  length = 0

  /** Points at the whole of an array. For rare answers: it makes a view. */
  all(octets: Uint8Array): void {
    this.octets = viewOf(octets)
    this.start = 0
    this.length = octets.length
  }
}

/** Copies a slice to `at`, four octets at a time: such runs are short, and `set` is slow to begin. Returns the end. */
export function copySlice(slice: Slice, out: DataView, at: number): number {
  const { octets, start, length } = slice
  let i = 0
  for (; i + 4 <= length; i += 4) out.setInt32(at + i, octets.getInt32(start + i, true), true)
  for (; i < length; i++) out.setUint8(at + i, octets.getUint8(start + i))
  return at + length
}

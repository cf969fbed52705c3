/** A run of octets in a larger array; reused, so that pointing somewhere makes no object. */
export class Slice {
  octets: Uint8Array = new Uint8Array(0)
  start = 0
  length = 0

  /** Points at the whole of an array. */
  all(octets: Uint8Array): void {
    this.octets = octets
    this.start = 0
    this.length = octets.length
  }
}

/** Copies a slice to `at`; returns the position behind it. A loop, because a run is short and `set` wants a view. */
export function copySlice(slice: Slice, out: Uint8Array, at: number): number {
  const from = slice.octets
  const start = slice.start
  const length = slice.length
  for (let i = 0; i < length; i++) out[at + i] = from[start + i]!
  return at + length
}

import { BUCKETS } from '@windrose/steering'

/** A table of buckets among 32-bit words: four buckets a word, the first in its lowest octet. */
export const BUCKET_WORDS: number = BUCKETS / 4

/** The variant that a bucket holds, of the table that begins at a position. */
export function bucketVariant(words: Int32Array, table: number, bucket: number): number {
  return (words[table + (bucket >> 2)]! >>> ((bucket & 3) << 3)) & 0xff
}

/** Writes a table; returns its hash. */
export function writeBuckets(buckets: Uint8Array, words: Int32Array, table: number): number {
  let hash = 0
  for (let i = 0; i < BUCKET_WORDS; i++) {
    const at = i * 4
    const word = buckets[at]! | (buckets[at + 1]! << 8) | (buckets[at + 2]! << 16) | (buckets[at + 3]! << 24)
    words[table + i] = word
    hash = Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15)
  }
  return hash
}

export function equalBuckets(words: Int32Array, one: number, other: number): boolean {
  for (let i = 0; i < BUCKET_WORDS; i++) if (words[one + i] !== words[other + i]) return false
  return true
}

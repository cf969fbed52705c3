/**
 * The hash of a name in wire format, whatever its case: `length` octets from `start` on, the root octet included. Reads
 * these and nothing else, four at a time; where the length is no multiple of four, the last four overlap.
 *
 * Setting bit 5 of each octet makes the letters of both cases alike (RFC 4343). Some other octets become alike too, which
 * costs nothing: names are compared after they are found. The mixing is that of MurmurHash2, for words of 32 bits.
 */
export function hashName(octets: DataView, start: number, length: number): number {
  if (length < 4) return hashShortName(octets, start, length)
  let hash = length
  const last = start + length - 4
  for (let at = start; at < last; at += 4) hash = mix(hash, octets.getInt32(at, true))
  hash = mix(hash, octets.getInt32(last, true))
  return hash ^ (hash >>> 13)
}

/** The root, and top-level names of one letter. */
function hashShortName(octets: DataView, start: number, length: number): number {
  let hash = length
  for (let i = 0; i < length; i++) hash = mix(hash, octets.getUint8(start + i))
  return hash ^ (hash >>> 13)
}

function mix(hash: number, word: number): number {
  const folded = Math.imul(word | BOTH_CASES, MULTIPLIER)
  return Math.imul(hash, MULTIPLIER) ^ folded ^ (folded >>> 24)
}

const BOTH_CASES = 0x20202020
const MULTIPLIER = 0x5bd1e995

/** Four octets in ASCII lower case (RFC 4343): where the octet is a letter from A to Z, and only there, bit 5 is set. */
export function foldWord(word: number): number {
  const low = word & 0x7f7f7f7f
  // Adding lifts bit 7 of an octet from the first letter on, and from the first behind the last: none carries over.
  const fromA = (low + 0x3f3f3f3f) | 0
  const behindZ = (low + 0x25252525) | 0
  return word | (((fromA ^ behindZ) & ~word & 0x80808080) >>> 2)
}

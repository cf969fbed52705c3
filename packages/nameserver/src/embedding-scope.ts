/**
 * The shortest scope, at least `scope`, with which the prefix of an IPv6 address takes in no prefix whose addresses carry
 * IPv4 ones: those clients are looked up by their IPv4 address, so what holds for their neighbours need not hold for them.
 * The address itself carries none. The prefixes are those of `embeddedIpv4`.
 */
export function scopeOutsideEmbeddings(octets: Uint8Array, scope: number): number {
  // Almost all addresses part from those prefixes in their first 16 bits.
  if (scope >= 16 && !mayEmbed((octets[0]! << 8) | octets[1]!)) return scope
  const first = word(octets, 0)
  let least = scope
  least = Math.max(least, 1 + Math.clz32(first ^ SIX_TO_FOUR))
  least = Math.max(least, 1 + Math.clz32(first ^ TEREDO))
  least = Math.max(least, 1 + (first === NAT64 ? 32 + sharedTail(octets, 0) : Math.clz32(first ^ NAT64)))
  return Math.max(least, 1 + (first === 0 ? 32 + sharedTail(octets, MAPPED_THIRD) : Math.clz32(first)))
}

/** How many bits of the second and third word are as in a prefix of 96 bits whose second word is 0. */
function sharedTail(octets: Uint8Array, third: number): number {
  const second = word(octets, 4)
  return second === 0 ? 32 + Math.clz32(word(octets, 8) ^ third) : Math.clz32(second)
}

function word(octets: Uint8Array, at: number): number {
  return (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!
}

/** First words: 2002::/16, 2001::/32, 64:ff9b::/96. */
const SIX_TO_FOUR = 0x20020000
const TEREDO = 0x20010000
const NAT64 = 0x0064ff9b
/** Third word of ::ffff:0:0/96. */
const MAPPED_THIRD = 0x0000ffff

/** Whether a prefix of addresses that carry IPv4 ones begins with these 16 bits. */
function mayEmbed(half: number): boolean {
  return half === SIX_TO_FOUR >>> 16 || half === TEREDO >>> 16 || half === NAT64 >>> 16 || half === 0
}

import { isSpecialPurpose, maskAddress, type Prefix } from '@windrose/ip'

/**
 * Clients drawn from the address space that registries give out, half IPv4 and half IPv6, as resolvers name them: by /24
 * and /56. The same seed gives the same clients.
 */
export function randomClients(count: number, seed: number): Prefix[] {
  const octet = seededOctets(seed)
  return Array.from({ length: count }, (_, i) => {
    const family = i % 2 === 0 ? 4 : 16
    for (;;) {
      const address = Uint8Array.from({ length: family }, octet)
      if (family === 16) {
        address[0] = IPV6_STARTS[octet() % IPV6_STARTS.length]!
        address[1] = address[0] === 0x20 ? 0x01 : address[1]! & 0x0f
      }
      const length = family === 4 ? 24 : 56
      if (!isSpecialPurpose(address)) return { address: maskAddress(address, length), length }
    }
  })
}

/** Most of 2000::/3 is not given out. */
const IPV6_STARTS = [0x20, 0x24, 0x26, 0x28, 0x2a]

/** The octets of a small generator (mulberry32). */
function seededOctets(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) & 0xff
  }
}

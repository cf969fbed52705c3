import { type Prefix, readPrefix } from './prefix.ts'

/** The IPv6 prefixes whose addresses carry an IPv4 address, as `embeddedIpv4` finds it. */
export const EMBEDDING_PREFIXES: readonly Prefix[] = ['::ffff:0:0/96', '64:ff9b::/96', '2002::/16', '2001::/32'].map(
  (text) => readPrefix(text)!.prefix,
)

/**
 * Finds the IPv4 address that an IPv6 address carries, and writes its four octets to `out`.
 *
 * A client behind a transition mechanism sits where its IPv4 address sits, so that address is the one to look up.
 * The result is the number of bits that stand before the IPv4 address, to be added to the length of an IPv4 prefix
 * found with it, or 0 when there is none:
 *
 *   ::ffff:0:0/96   IPv4-mapped, RFC 4291 section 2.5.5.2     96
 *   64:ff9b::/96    NAT64, RFC 6052 section 2.1               96
 *   2002::/16       6to4, RFC 3056 section 2                  16
 *   2001::/32       Teredo, RFC 4380 section 4                96   (the client's address, stored inverted)
 *
 * For the path: no allocation. `octets` holds the 16 octets from `start` on; `out` has room for four.
 */
export function embeddedIpv4(octets: Uint8Array, start: number, out: Uint8Array): number {
  const first = (octets[start]! << 8) | octets[start + 1]!
  const second = (octets[start + 2]! << 8) | octets[start + 3]!
  if (first === 0x2002) return copyIpv4(octets, start + 2, out, 16)
  if (first === 0x2001 && second === 0) {
    copyIpv4(octets, start + 12, out, 96)
    for (let i = 0; i < 4; i++) out[i] = out[i]! ^ 0xff
    return 96
  }
  if (first === 0x0064 && second === 0xff9b && isZero(octets, start + 4, start + 12)) {
    return copyIpv4(octets, start + 12, out, 96)
  }
  if (first === 0 && second === 0 && isZero(octets, start + 4, start + 10)) {
    if (octets[start + 10] === 0xff && octets[start + 11] === 0xff) return copyIpv4(octets, start + 12, out, 96)
  }
  return 0
}

function copyIpv4(octets: Uint8Array, from: number, out: Uint8Array, bits: number): number {
  for (let i = 0; i < 4; i++) out[i] = octets[from + i]!
  return bits
}

function isZero(octets: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (octets[i] !== 0) return false
  return true
}

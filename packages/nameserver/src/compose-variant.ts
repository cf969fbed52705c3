import { Rclass, Rtype } from '@windrose/dns'
import type { Variant } from '@windrose/steering'

/**
 * Composes a variant's address records behind a pointer to the question (RFC 1035 4.1.4), ready to be copied for any
 * owner. Writes `variantLength` octets.
 */
export function composeVariant(variant: Variant, ttl: number, octets: Uint8Array, start: number): void {
  let at = start
  for (const endpoint of variant.endpoints) {
    const length = endpoint.target.length
    octets[at] = 0xc0
    octets[at + 1] = 12
    octets[at + 2] = 0
    octets[at + 3] = endpoint.kind === 'ipv6' ? Rtype.AAAA : Rtype.A
    octets[at + 4] = 0
    octets[at + 5] = Rclass.IN
    octets[at + 6] = ttl >>> 24
    octets[at + 7] = ttl >>> 16
    octets[at + 8] = ttl >>> 8
    octets[at + 9] = ttl
    octets[at + 10] = 0
    octets[at + 11] = length
    octets.set(endpoint.target, at + RECORD_FIXED)
    at += RECORD_FIXED + length
  }
}

/** Octets of a variant's records. */
export function variantLength(variant: Variant): number {
  let length = 0
  for (const endpoint of variant.endpoints) length += RECORD_FIXED + endpoint.target.length
  return length
}

/** Pointer, type, class, TTL and length. */
const RECORD_FIXED = 12

import { Rclass, Rtype } from '@windrose/dns'
import type { Endpoint, Variant } from '@windrose/steering'

/**
 * Composes a variant's records, addresses or one CNAME, behind a pointer to the question (RFC 1035 4.1.4), ready to be
 * copied for any owner. Writes `variantLength` octets.
 */
export function composeVariant(variant: Variant, ttl: number, octets: Uint8Array, start: number): void {
  let at = start
  for (const endpoint of variant.endpoints) {
    const length = endpoint.target.length
    octets[at] = 0xc0
    octets[at + 1] = 12
    const rtype = endpoint.isAlias === true ? ALIAS_RTYPE : RTYPES[endpoint.kind]
    octets[at + 2] = rtype >> 8
    octets[at + 3] = rtype
    octets[at + 4] = 0
    octets[at + 5] = Rclass.IN
    octets[at + 6] = ttl >>> 24
    octets[at + 7] = ttl >>> 16
    octets[at + 8] = ttl >>> 8
    octets[at + 9] = ttl
    // At most 255: the longest rdata is a name.
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

const RTYPES: Readonly<Record<Endpoint['kind'], number>> = { ipv4: Rtype.A, ipv6: Rtype.AAAA, name: Rtype.CNAME }

/** Of a name whose addresses are the answer. Of private use (RFC 6895 3.1): no such record leaves the server. */
export const ALIAS_RTYPE = 65_401

/** Pointer, type, class, TTL and length. */
export const RECORD_FIXED: number = 12

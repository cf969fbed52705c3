import { type Rr, TTL_MAX } from '@windrose/dns'

/**
 * Seconds for which a negative answer may be kept: the smaller of the SOA record's TTL and its MINIMUM field, which is
 * also the TTL that the SOA record has in such an answer (RFC 2308 sections 3 and 5).
 */
export function negativeTtlOf(soa: Rr): number {
  const minimum = soa.rdata.subarray(-4)
  let seconds = 0
  for (const octet of minimum) seconds = seconds * 256 + octet
  return Math.min(effectiveTtl(soa.ttl), effectiveTtl(seconds))
}

/** RFC 2181 section 8: 2^31 seconds and more mean none. */
export function effectiveTtl(ttl: number): number {
  return ttl > TTL_MAX ? 0 : ttl
}

import type { Prefix } from '@windrose/ip'
import { maskAddress } from '@windrose/ip'
import { bucketOf } from '@windrose/steering'
import type { Exchange } from './exchange.ts'
import type { Query } from './query.ts'

/**
 * The network that stands for a client where an answer is picked by client: the subnet that the query names, else the
 * resolver's own address, to so many bits as the decision says. A client whose last bits change, or who asks from the
 * machine beside, is the same client.
 *
 * An IPv6 address that carries an IPv4 one is taken as the IPv6 address it is.
 *
 * Both lengths travel in one integer, as an entry of the answer cache holds them: up to 24 bits of an IPv4 address in its
 * lowest octet, up to 56 of an IPv6 address in the next.
 */
export function packKeyLengths({ ipv4, ipv6 }: { readonly ipv4: number; readonly ipv6: number }): number {
  return ipv4 | (ipv6 << 8)
}

/** The bucket of the query's client under the seed of a service (`bucketSeed`). Makes no object. */
export function clientBucket(exchange: Exchange, seed: number, lengths: number): number {
  const { query } = exchange
  // The bits of a subnet behind its source length are zeros: to mask it is to leave out octets.
  const bySubnet = namesSubnet(query)
  const octets = bySubnet ? query.subnetAddress : exchange.source
  const first = (octets[0]! << 24) | (octets[1]! << 16) | (octets[2]! << 8)
  if (bySubnet ? query.subnetFamily === 1 : exchange.family === 4) {
    return bucketOf(seed, first & maskOf(lengths & 0xff), 0)
  }
  const bits = (lengths >> 8) & 0xff
  const second = (octets[4]! << 24) | (octets[5]! << 16) | (octets[6]! << 8)
  return bucketOf(seed, (first | octets[3]!) & maskOf(bits), second & maskOf(bits - 32))
}

/** A word whose first bits are ones: none for 0 and less, all for 32 and more. */
function maskOf(bits: number): number {
  if (bits <= 0) return 0
  return bits >= 32 ? -1 : -1 << (32 - bits)
}

/**
 * Prefix length for which the bucket holds: the key's, or that of a shorter subnet, for which the answer holds as it was
 * asked. 0 where the query names no subnet, and where its length is 0: then the resolver is the client (RFC 7871 7.1.2).
 */
export function clientKeyScope(query: Query, lengths: number): number {
  if (!namesSubnet(query)) return 0
  return Math.min(query.subnetSource, query.subnetFamily === 1 ? lengths & 0xff : (lengths >> 8) & 0xff)
}

/** The same network as a value, for explanations. */
export function clientKey({ query, source, family }: Exchange, lengths: number): Prefix {
  const bySubnet = namesSubnet(query)
  const isIpv4 = bySubnet ? query.subnetFamily === 1 : family === 4
  const length = bySubnet ? clientKeyScope(query, lengths) : isIpv4 ? lengths & 0xff : (lengths >> 8) & 0xff
  return { address: maskAddress((bySubnet ? query.subnetAddress : source).slice(0, isIpv4 ? 4 : 16), length), length }
}

function namesSubnet(query: Query): boolean {
  return query.subnetLength > 0 && query.subnetSource !== 0
}

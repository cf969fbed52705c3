import type { Prefix } from '@windrose/ip'
import { maskAddress } from '@windrose/ip'
import { bucketOf } from '@windrose/steering'
import type { Exchange } from './exchange.ts'
import type { Query } from './query.ts'

/**
 * The network that stands for a client where an answer is picked by client: the subnet that the query names, else the
 * resolver's own address, to KEY_IPV4 or KEY_IPV6 bits at most. A client whose last bits change, or who asks from the
 * machine beside, is the same client.
 *
 * An IPv6 address that carries an IPv4 one is taken as the IPv6 address it is.
 */
const KEY_IPV4 = 24
const KEY_IPV6 = 56

/** The bucket of the query's client under the seed of a service (`bucketSeed`). Makes no object. */
export function clientBucket(exchange: Exchange, seed: number): number {
  const { query } = exchange
  // The bits of a subnet behind its source length are zeros: to mask it is to leave out octets.
  const bySubnet = namesSubnet(query)
  const octets = bySubnet ? query.subnetAddress : exchange.source
  const first = (octets[0]! << 24) | (octets[1]! << 16) | (octets[2]! << 8)
  if (bySubnet ? query.subnetFamily === 1 : exchange.family === 4) return bucketOf(seed, first, 0)
  return bucketOf(seed, first | octets[3]!, (octets[4]! << 24) | (octets[5]! << 16) | (octets[6]! << 8))
}

/**
 * Prefix length for which the bucket holds: the key's, or that of a shorter subnet, for which the answer holds as it was
 * asked. 0 where the query names no subnet, and where its length is 0: then the resolver is the client (RFC 7871 7.1.2).
 */
export function clientKeyScope(query: Query): number {
  return namesSubnet(query) ? Math.min(query.subnetSource, query.subnetFamily === 1 ? KEY_IPV4 : KEY_IPV6) : 0
}

/** The same network as a value, for explanations. */
export function clientKey({ query, source, family }: Exchange): Prefix {
  const bySubnet = namesSubnet(query)
  const isIpv4 = bySubnet ? query.subnetFamily === 1 : family === 4
  const length = bySubnet ? clientKeyScope(query) : isIpv4 ? KEY_IPV4 : KEY_IPV6
  return { address: maskAddress((bySubnet ? query.subnetAddress : source).slice(0, isIpv4 ? 4 : 16), length), length }
}

function namesSubnet(query: Query): boolean {
  return query.subnetLength > 0 && query.subnetSource !== 0
}

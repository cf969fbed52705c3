import { containsAddress, EMBEDDING_PREFIXES, embeddedIpv4, maskAddress, type Prefix, printPrefix } from '@windrose/ip'

/** What is wrong with a prefix of IPv6 addresses that carry IPv4 ones; undefined for any other. */
export function embeddingProblem({ address, length }: Prefix): { message: string; hint: string } | undefined {
  const around = EMBEDDING_PREFIXES.find((prefix) => prefix.length <= length && containsAddress(prefix, address))
  if (around === undefined) return undefined
  const octets = new Uint8Array(4)
  const bits = Math.max(0, length - embeddedIpv4(address, 0, octets))
  return {
    message: `no client is ever in it: an address of ${printPrefix(around)} is looked up as the IPv4 address that it carries`,
    hint: `write ${printPrefix({ address: maskAddress(octets, bits), length: bits })}`,
  }
}

import { AF_INET, AF_INET6 } from './linux.ts'

/** struct sockaddr_in6, the larger of the two. */
export const SOCKADDR_OCTETS = 28
export const SOCKADDR_IN_OCTETS = 16

/** An address and port as the kernel wants them; the family is in host order (little-endian), the port in network order. */
export function composeSockaddr(address: Uint8Array, port: number, out: Uint8Array): number {
  out.fill(0, 0, SOCKADDR_OCTETS)
  const isIpv4 = address.length === 4
  out[0] = isIpv4 ? AF_INET : AF_INET6
  out[2] = port >>> 8
  out[3] = port
  out.set(address, isIpv4 ? 4 : 8)
  return isIpv4 ? SOCKADDR_IN_OCTETS : SOCKADDR_OCTETS
}

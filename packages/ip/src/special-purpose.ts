import type { Address } from './address.ts'
import { containsAddress, type Prefix, readPrefix } from './prefix.ts'

/**
 * Address space that is not globally reachable, so a client's address in it says nothing about where the client is.
 * From the IANA special-purpose address registries (RFC 6890) and, for multicast and class E, from the IPv4 and
 * IPv6 address space registries. 192.88.99.0/24 and 2002::/16 are left out: they are deprecated, not local.
 */
export const SPECIAL_PURPOSE: readonly Prefix[] = [
  '0.0.0.0/8', // this network, RFC 791
  '10.0.0.0/8', // private use, RFC 1918
  '100.64.0.0/10', // shared address space, RFC 6598
  '127.0.0.0/8', // loopback, RFC 1122
  '169.254.0.0/16', // link local, RFC 3927
  '172.16.0.0/12', // private use, RFC 1918
  '192.0.0.0/24', // protocol assignments, RFC 6890
  '192.0.2.0/24', // documentation, RFC 5737
  '192.168.0.0/16', // private use, RFC 1918
  '198.18.0.0/15', // benchmarking, RFC 2544
  '198.51.100.0/24', // documentation, RFC 5737
  '203.0.113.0/24', // documentation, RFC 5737
  '224.0.0.0/4', // multicast, RFC 5771
  '240.0.0.0/4', // reserved, RFC 1112; with the limited broadcast address
  '::/128', // unspecified, RFC 4291
  '::1/128', // loopback, RFC 4291
  '64:ff9b:1::/48', // local-use translation, RFC 8215
  '100::/64', // discard only, RFC 6666
  '2001:2::/48', // benchmarking, RFC 5180
  '2001:db8::/32', // documentation, RFC 3849
  '3fff::/20', // documentation, RFC 9637
  '5f00::/16', // segment routing SIDs, RFC 9602
  'fc00::/7', // unique local, RFC 4193
  'fe80::/10', // link local, RFC 4291
  'ff00::/8', // multicast, RFC 4291
].map((text) => readPrefix(text)!.prefix)

/** True when the address lies in SPECIAL_PURPOSE. IPv4 inside IPv6 is not unwrapped here: see embeddedIpv4. */
export function isSpecialPurpose(address: Address): boolean {
  return SPECIAL_PURPOSE.some((prefix) => containsAddress(prefix, address))
}

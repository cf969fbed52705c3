import { type Address, maskAddress, type Prefix } from '@windrose/ip'
import fc from 'fast-check'

const octet = fc.constantFrom(0, 1, 8, 10, 127, 128, 192, 255)

/** Addresses near one another, of both families; no IPv6 address that carries an IPv4 address. */
export const anyAddress: fc.Arbitrary<Address> = fc.oneof(
  fc.array(octet, { minLength: 4, maxLength: 4 }).map((octets) => Uint8Array.from(octets)),
  fc
    .array(octet, { minLength: 15, maxLength: 15 })
    .map((octets) => Uint8Array.from([0x20, ...octets]))
    .filter((octets) => octets[1] !== 1),
)

/** Prefixes that nest and touch, of any length. */
export const anyPrefix: fc.Arbitrary<Prefix> = prefixUpTo({ ipv4: 32, ipv6: 128 })

/** Prefixes that a database tells apart: none deeper than it may go. */
export const anyNetwork: fc.Arbitrary<Prefix> = prefixUpTo({ ipv4: 24, ipv6: 56 })

function prefixUpTo({ ipv4, ipv6 }: { ipv4: number; ipv6: number }): fc.Arbitrary<Prefix> {
  return fc.tuple(anyAddress, fc.nat(128)).map(([address, bits]) => {
    const length = Math.min(bits, address.length === 4 ? ipv4 : ipv6)
    return { address: maskAddress(address, length), length }
  })
}

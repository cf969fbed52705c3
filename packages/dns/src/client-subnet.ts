/**
 * The EDNS client subnet option, RFC 7871 section 6. `address` has exactly the octets that the source prefix length
 * needs, as sent. Family 1 is IPv4, 2 is IPv6.
 */
export interface ClientSubnet {
  readonly family: number
  readonly sourceLength: number
  readonly scopeLength: number
  readonly address: Uint8Array
}

/**
 * Parses the option's data, or gives undefined when it is malformed: an unknown family, a length beyond the family's,
 * more or fewer address octets than the source length needs, or a bit set beyond it (RFC 7871 section 6 wants those
 * refused). Family 0 is taken when both lengths are 0: some resolvers say "no subnet" that way.
 * A scope in a query is for the caller to refuse.
 */
export function parseClientSubnet(data: Uint8Array): ClientSubnet | undefined {
  if (data.length < HEADER_OCTETS) return undefined
  const family = (data[0]! << 8) | data[1]!
  const sourceLength = data[2]!
  const scopeLength = data[3]!
  const bits = addressBits(family)
  if (bits < 0 || sourceLength > bits || scopeLength > bits) return undefined
  if (data.length !== HEADER_OCTETS + ((sourceLength + 7) >> 3)) return undefined
  const beyond = sourceLength & 7
  if (beyond !== 0 && (data[data.length - 1]! & (0xff >> beyond)) !== 0) return undefined
  return { family, sourceLength, scopeLength, address: data.slice(HEADER_OCTETS) }
}

/** Composes the option's data; address bits beyond the source length are left out or cleared. */
export function composeClientSubnet(subnet: ClientSubnet): Uint8Array {
  const octets = (subnet.sourceLength + 7) >> 3
  const data = new Uint8Array(HEADER_OCTETS + octets)
  data[0] = subnet.family >> 8
  data[1] = subnet.family
  data[2] = subnet.sourceLength
  data[3] = subnet.scopeLength
  data.set(subnet.address.subarray(0, octets), HEADER_OCTETS)
  const beyond = subnet.sourceLength & 7
  if (beyond !== 0) data[data.length - 1]! &= 0xff00 >> beyond
  return data
}

/** Family, two octets; source and scope prefix length, one each. */
const HEADER_OCTETS = 4

/** IANA address family numbers; 0 has no address. */
function addressBits(family: number): number {
  if (family === 1) return 32
  if (family === 2) return 128
  return family === 0 ? 0 : -1
}

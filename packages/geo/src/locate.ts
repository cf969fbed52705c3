import { type Address, embeddedIpv4, maskAddress, printAddress, printPrefix } from '@windrose/ip'
import type { Database } from './mmdb-file.ts'
import { type Place, readPlace } from './place.ts'

/** What one database says of one address, for people to read. */
export interface Located {
  readonly database: string
  /** The prefix whose clients the record speaks of. A map tells none apart inside a /24 or /56. */
  readonly prefix: string
  readonly place: Place
}

/**
 * Looks an address up in each database, in order; those that know nothing of it are left out. An IPv6 address that
 * carries an IPv4 address is looked up by that one, as on the path. Off the path: it allocates.
 */
export function locate(databases: readonly Database[], client: Address): Located[] {
  const address = unwrapAddress(client)
  return databases.flatMap((database) => {
    // Asked for an IPv6 address, the library would read its first 32 bits from a tree of IPv4.
    if (address.length === 16 && database.tree.ipVersion === 4) return []
    const [record, length] = database.reader.getWithPrefixLength(printAddress(address))
    if (record === null) return []
    const prefix = printPrefix({ address: maskAddress(address, length), length })
    return [{ database: database.path, prefix, place: readPlace(database.schema, record) }]
  })
}

/** The address that a client is looked up by: the IPv4 address that an IPv6 address carries. */
export function unwrapAddress(client: Address): Address {
  const ipv4 = new Uint8Array(4)
  return client.length === 16 && embeddedIpv4(client, 0, ipv4) > 0 ? ipv4 : client
}

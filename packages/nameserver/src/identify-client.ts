import { embeddedIpv4, findLeaf, leafClass, leafLength } from '@windrose/ip'
import { type ClientMap, SPECIAL_CLASS } from '@windrose/steering'
import { scopeOutsideEmbeddings } from './embedding-scope.ts'
import type { Exchange } from './exchange.ts'

/** Who asks, as steering needs it. One a thread, overwritten by each query. */
export class Client {
  /** Index into the client map's classes. */
  clientClass = 0
  /** Prefix length for which the class holds, in the family of the client subnet. */
  scope = 0
  /** The IPv4 address that an IPv6 address carries. */
  readonly embedded: Uint8Array = new Uint8Array(4)
}

/**
 * Finds the client's class: by its subnet where the query names one (RFC 7871 7.2.1), else by the resolver's address.
 *
 * A subnet of special-purpose space that no override names says nothing about a place: the resolver's own place answers,
 * with the scope of the leaf that the subnet lies in. A subnet of length 0 is none, and has the scope 0. Any other has at
 * least 1, even where all of its family is one leaf: 0 would make the answer that of all clients, of either family.
 */
export function identifyClient(exchange: Exchange, map: ClientMap, client: Client): void {
  const { query } = exchange
  let scope = 0
  if (query.subnetLength > 0 && query.subnetSource !== 0) {
    placeClient(client, query.subnetAddress, query.subnetFamily === 1 ? 4 : 6, map)
    if (client.scope === 0) client.scope = 1
    if (client.clientClass !== SPECIAL_CLASS) return
    scope = client.scope
  }
  placeClient(client, exchange.source, exchange.family, map)
  if (client.clientClass === SPECIAL_CLASS) client.clientClass = 0
  client.scope = scope
}

/** Looks an address up; an IPv6 form that carries an IPv4 address is looked up as that address. */
export function placeClient(client: Client, octets: Uint8Array, family: 4 | 6, map: ClientMap): void {
  const embedded = family === 6 ? embeddedIpv4(octets, 0, client.embedded) : 0
  const leaf = embedded > 0 ? findLeaf(map.trie, client.embedded, 0, 4) : findLeaf(map.trie, octets, 0, family)
  client.clientClass = leafClass(leaf)
  client.scope = embedded + leafLength(leaf)
  if (family === 6 && embedded === 0) client.scope = scopeOutsideEmbeddings(octets, client.scope)
}

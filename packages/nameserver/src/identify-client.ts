import { embeddedIpv4, findLeaf, leafClass, leafLength } from '@windrose/ip'
import { type ClientMap, SPECIAL_CLASS } from '@windrose/steering'
import { scopeOutsideEmbeddings } from './embedding-scope.ts'
import type { Exchange } from './exchange.ts'
import type { Query } from './parse-query.ts'

/** Who asks, as steering needs it. One a thread, overwritten by each query. */
export class Client {
  /** Index into the client map's classes. */
  clientClass = 0
  /** Prefix length for which the class holds, in the family of the client subnet. */
  scope = 0
  /** The client subnet's address, padded with zeros. */
  readonly octets: Uint8Array = new Uint8Array(16)
  readonly embedded: Uint8Array = new Uint8Array(4)
}

/**
 * Finds the client's class: by its subnet where the query names one (RFC 7871 7.2.1), else by the resolver's address.
 *
 * A subnet of special-purpose space that no override names says nothing about a place: the resolver's own place answers,
 * with the scope of the leaf that the subnet lies in. A subnet of length 0 is none, and has the scope 0. Any other has at
 * least 1, even where all of its family is one leaf: 0 would make the answer that of all clients, of either family.
 */
export function identifyClient(exchange: Exchange, query: Query, map: ClientMap, client: Client): void {
  let scope = 0
  if (query.subnetStart >= 0 && exchange.packet[query.subnetStart + 2] !== 0) {
    copySubnet(exchange.packet, query, client.octets)
    placeClient(client, client.octets, subnetFamily(exchange.packet, query), map)
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

/** The address family of a well-formed client subnet: 1 is IPv4 (RFC 7871 6). */
export function subnetFamily(packet: Uint8Array, query: Query): 4 | 6 {
  return packet[query.subnetStart + 1] === 1 ? 4 : 6
}

/** Puts a client subnet's address into 16 octets, padded with zeros. */
export function copySubnet(packet: Uint8Array, query: Query, octets: Uint8Array): void {
  const start = query.subnetStart + SUBNET_FIXED
  const length = query.subnetLength - SUBNET_FIXED
  for (let i = 0; i < 16; i++) octets[i] = i < length ? packet[start + i]! : 0
}

/** Family, source and scope prefix length. */
const SUBNET_FIXED = 4

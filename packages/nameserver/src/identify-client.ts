import { embeddedIpv4, findLeaf, leafClass, leafLength } from '@windrose/ip'
import { type ClientMap, SPECIAL_CLASS } from '@windrose/steering'
import type { Exchange } from './exchange.ts'
import type { Query } from './parse-query.ts'

/** Who asks, as steering needs it. One a thread, overwritten by each query. */
export class Client {
  /** Index into the client map's classes. */
  clientClass = 0
  /** Prefix length for which the class holds, in the family of the client subnet. */
  scope = 0
  readonly octets: Uint8Array = new Uint8Array(16)
  readonly embedded: Uint8Array = new Uint8Array(4)
}

/**
 * Finds the client's class: by its subnet where the query names one (RFC 7871 7.2.1), else by the resolver's address.
 *
 * A subnet of special-purpose space that no override names, and a subnet of length 0, say nothing about a place: the
 * resolver's own place answers, and the scope is that of the leaf the subnet lies in, or 0.
 */
export function identifyClient(exchange: Exchange, query: Query, map: ClientMap, client: Client): void {
  let scope = 0
  if (query.subnetStart >= 0 && exchange.packet[query.subnetStart + 2] !== 0) {
    copySubnet(exchange.packet, query, client.octets)
    placeClient(client, subnetFamily(exchange.packet, query), map)
    if (client.clientClass !== SPECIAL_CLASS) return
    scope = client.scope
  }
  client.octets.set(exchange.source)
  placeClient(client, exchange.family, map)
  if (client.clientClass === SPECIAL_CLASS) client.clientClass = 0
  client.scope = scope
}

/** Looks the client's octets up; an IPv6 form that carries an IPv4 address is looked up as that address. */
export function placeClient(client: Client, family: 4 | 6, map: ClientMap): void {
  const embedded = family === 6 ? embeddedIpv4(client.octets, 0, client.embedded) : 0
  const leaf = embedded > 0 ? findLeaf(map.trie, client.embedded, 0, 4) : findLeaf(map.trie, client.octets, 0, family)
  client.clientClass = leafClass(leaf)
  client.scope = embedded + leafLength(leaf)
}

/** The address family of a well-formed client subnet: 1 is IPv4 (RFC 7871 6). */
export function subnetFamily(packet: Uint8Array, query: Query): 4 | 6 {
  return packet[query.subnetStart + 1] === 1 ? 4 : 6
}

/** Puts a client subnet's address into 16 octets, padded with zeros. */
export function copySubnet(packet: Uint8Array, query: Query, octets: Uint8Array): void {
  octets.fill(0)
  for (let i = 4; i < query.subnetLength; i++) octets[i - 4] = packet[query.subnetStart + i]!
}

import { EdnsOption, Rcode, Rtype } from '@windrose/dns'
import type { Exchange } from './exchange.ts'
import type { Query } from './query.ts'
import type { Runtime } from './runtime.ts'
import type { Settings } from './settings.ts'

/** Root owner, type, payload size, extended rcode, version, flags, length. */
const OPT_FIXED = 11
const OPTION_HEAD = 4
const DO = 0x8000
/** Family, source and scope prefix length of a client subnet. */
const SUBNET_FIXED = 4

/** Octets of the OPT that the response to this query ends with; 0 for a query without one (RFC 6891 6.1.1). */
export function optLength(exchange: Exchange): number {
  const { query } = exchange
  return query.edns ? OPT_FIXED + query.replyOptions : 0
}

/**
 * Writes the OPT at the end of a response: our payload size, version 0, DO as the client set it (RFC 3225 3), the client
 * subnet echoed with the scope that the answer holds for (RFC 7871 7.2.1), NSID if asked for, keepalive over TCP.
 * Returns the length of the response.
 */
export function writeOpt(exchange: Exchange, runtime: Runtime, end: number): number {
  const { query, outView: out } = exchange
  if (!query.edns) return end
  const settings = runtime.snapshot.settings
  out.setUint16(10, out.getUint16(10) + 1)
  out.setUint8(end, 0)
  out.setUint16(end + 1, Rtype.OPT)
  out.setUint16(end + 3, settings.udpPayload)
  // Extended rcode and version, then the flags.
  out.setUint16(end + 5, query.badVersion ? (Rcode.BADVERS >> 4) << 8 : 0)
  out.setUint16(end + 7, query.dnssecOk ? DO : 0)
  out.setUint16(end + 9, query.replyOptions)
  let at = end + OPT_FIXED
  if (query.subnetLength > 0) at = writeSubnet(out, at, query)
  if (query.nsid && settings.nsid.length > 0) {
    out.setUint16(at, EdnsOption.NSID)
    out.setUint16(at + 2, settings.nsid.length)
    exchange.out.set(settings.nsid, at + OPTION_HEAD)
    at += OPTION_HEAD + settings.nsid.length
  }
  if (exchange.tcp && settings.tcpKeepalive > 0) {
    out.setUint16(at, EdnsOption.TCP_KEEPALIVE)
    out.setUint16(at + 2, 2)
    out.setUint16(at + OPTION_HEAD, settings.tcpKeepalive)
    at += OPTION_HEAD + 2
  }
  return at
}

/** Writes the client subnet as it came, with the scope that the answer holds for; returns the position behind it. */
function writeSubnet(out: DataView, at: number, query: Query): number {
  const length = query.subnetLength
  out.setInt32(at, (EdnsOption.CLIENT_SUBNET << 16) | length)
  out.setInt32(at + OPTION_HEAD, (query.subnetFamily << 16) | (query.subnetSource << 8) | query.scope)
  const address = query.subnetAddress
  const start = at + OPTION_HEAD + SUBNET_FIXED
  const octets = length - SUBNET_FIXED
  for (let i = 0; i < octets; i++) out.setUint8(start + i, address[i]!)
  return start + octets
}

/** Octets of the options that the response to this query will hold: known as soon as the query is. */
export function replyOptionsLength(exchange: Exchange, settings: Settings): number {
  const { query } = exchange
  if (!query.edns) return 0
  let length = 0
  if (query.subnetLength > 0) length += OPTION_HEAD + query.subnetLength
  if (query.nsid && settings.nsid.length > 0) length += OPTION_HEAD + settings.nsid.length
  if (exchange.tcp && settings.tcpKeepalive > 0) length += OPTION_HEAD + 2
  return length
}

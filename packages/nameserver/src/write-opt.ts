import { EdnsOption, Rcode, Rtype } from '@windrose/dns'
import type { Exchange } from './exchange.ts'
import type { Runtime } from './runtime.ts'

/** Root owner, type, payload size, extended rcode, version, flags, length. */
const OPT_FIXED = 11
const OPTION_HEAD = 4

/** Octets of the OPT that the response to this query ends with; 0 for a query without one (RFC 6891 6.1.1). */
export function optLength(exchange: Exchange, runtime: Runtime): number {
  return runtime.query.edns ? OPT_FIXED + optionsLength(exchange, runtime) : 0
}

/**
 * Writes the OPT at the end of a response: our payload size, version 0, DO as the client set it (RFC 3225 3), the client
 * subnet echoed with the scope that the answer holds for (RFC 7871 7.2.1), NSID if asked for, keepalive over TCP.
 * Returns the length of the response.
 */
export function writeOpt(exchange: Exchange, runtime: Runtime, end: number): number {
  const query = runtime.query
  if (!query.edns) return end
  const { out, packet } = exchange
  const settings = runtime.snapshot.settings
  putU16(out, 10, ((out[10]! << 8) | out[11]!) + 1)
  out[end] = 0
  out[end + 1] = 0
  out[end + 2] = Rtype.OPT
  putU16(out, end + 3, settings.udpPayload)
  out[end + 5] = query.badVersion ? Rcode.BADVERS >> 4 : 0
  out[end + 6] = 0
  out[end + 7] = query.dnssecOk ? 0x80 : 0
  out[end + 8] = 0
  putU16(out, end + 9, optionsLength(exchange, runtime))
  let at = end + OPT_FIXED
  if (query.subnetStart >= 0) {
    putU16(out, at, EdnsOption.CLIENT_SUBNET)
    putU16(out, at + 2, query.subnetLength)
    for (let i = 0; i < query.subnetLength; i++) out[at + OPTION_HEAD + i] = packet[query.subnetStart + i]!
    out[at + OPTION_HEAD + 3] = query.scope
    at += OPTION_HEAD + query.subnetLength
  }
  if (query.nsid && settings.nsid.length > 0) {
    putU16(out, at, EdnsOption.NSID)
    putU16(out, at + 2, settings.nsid.length)
    out.set(settings.nsid, at + OPTION_HEAD)
    at += OPTION_HEAD + settings.nsid.length
  }
  if (exchange.tcp && settings.tcpKeepalive > 0) {
    putU16(out, at, EdnsOption.TCP_KEEPALIVE)
    putU16(out, at + 2, 2)
    putU16(out, at + OPTION_HEAD, settings.tcpKeepalive)
    at += OPTION_HEAD + 2
  }
  return at
}

function optionsLength(exchange: Exchange, runtime: Runtime): number {
  const query = runtime.query
  const settings = runtime.snapshot.settings
  let length = 0
  if (query.subnetStart >= 0) length += OPTION_HEAD + query.subnetLength
  if (query.nsid && settings.nsid.length > 0) length += OPTION_HEAD + settings.nsid.length
  if (exchange.tcp && settings.tcpKeepalive > 0) length += OPTION_HEAD + 2
  return length
}

function putU16(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 8
  out[at + 1] = value
}

import { EdnsOption, Opcode, Rtype } from '@windrose/dns'
import { scanQname } from '@windrose/zone'
import type { Exchange } from './exchange.ts'
import type { Query } from './query.ts'

/** What a packet turned out to be. Each kind but `query` and `drop` is answered with its rcode and nothing else. */
export const Parsed = {
  query: 0,
  /** No reply: a runt, or a response (a reply to a response is how two servers loop). */
  drop: 1,
  formerr: 2,
  notimp: 3,
  badvers: 4,
} as const
export type Parsed = (typeof Parsed)[keyof typeof Parsed]

export const HEADER_LENGTH: number = 12

/**
 * Reads a packet into its exchange's query and says what it is. Never reads past `exchange.length`, never allocates.
 *
 * Follows RFC 1035 4.1, RFC 6891 6.1 and RFC 7871 7.1 for what is malformed; records other than OPT are stepped over.
 */
export function parseQuery(exchange: Exchange): Parsed {
  const { packetView: packet, query } = exchange
  const end = exchange.length
  query.questionLength = 0
  query.edns = false
  query.dnssecOk = false
  query.badVersion = false
  query.nsid = false
  query.subnetLength = 0
  query.scope = 0
  if (end < HEADER_LENGTH) return Parsed.drop
  const flags = packet.getUint8(2)
  if ((flags & 0x80) !== 0) return Parsed.drop

  query.opcode = (flags >> 3) & 0xf
  const questions = packet.getUint16(4)
  if (questions === 0) {
    // DNS Stateful Operations (RFC 8490) have no question and exist over TCP only.
    return query.opcode === Opcode.QUERY || (query.opcode === Opcode.DSO && !exchange.tcp)
      ? Parsed.formerr
      : Parsed.notimp
  }
  if (!scanQname(packet, HEADER_LENGTH, end, query.qname)) return Parsed.formerr
  const questionEnd = HEADER_LENGTH + query.qname.length + 4
  if (questionEnd > end) return Parsed.formerr
  query.qtype = packet.getUint16(questionEnd - 4)
  query.qclass = packet.getUint16(questionEnd - 2)
  query.questionLength = questionEnd - HEADER_LENGTH
  if (query.opcode === Opcode.DSO && !exchange.tcp) return withoutQuestion(query)
  if (questions > 1) return query.opcode === Opcode.QUERY ? Parsed.formerr : Parsed.notimp

  const records = parseRecords(exchange, questionEnd)
  return query.opcode === Opcode.QUERY ? records : Parsed.notimp
}

/** A DSO message over UDP is refused with the header alone (RFC 8490 5.1). */
function withoutQuestion(query: Query): Parsed {
  query.questionLength = 0
  return Parsed.formerr
}

/** Steps over all records behind the question and takes the OPT of the additional section. */
function parseRecords(exchange: Exchange, start: number): Parsed {
  const { packetView: packet, query } = exchange
  const end = exchange.length
  const firstAdditional = packet.getUint16(6) + packet.getUint16(8)
  const records = firstAdditional + packet.getUint16(10)
  let position = start
  let malformed = false
  for (let i = 0; i < records; i++) {
    const fixed = skipName(packet, position, end)
    if (fixed < 0 || fixed + 10 > end) return Parsed.formerr
    const dataLength = packet.getUint16(fixed + 8)
    const next = fixed + 10 + dataLength
    if (next > end) return Parsed.formerr
    if (i >= firstAdditional && packet.getUint16(fixed) === Rtype.OPT) {
      // One OPT, owned by the root (RFC 6891 6.1.1).
      if (query.edns || fixed !== position + 1) return Parsed.formerr
      query.edns = true
      query.payloadSize = packet.getUint16(fixed + 2)
      query.badVersion = packet.getUint8(fixed + 5) !== 0
      query.dnssecOk = (packet.getUint8(fixed + 6) & 0x80) !== 0
      malformed = !query.badVersion && !parseOptions(exchange, fixed + 10, next)
    }
    position = next
  }
  if (query.badVersion) return Parsed.badvers
  if (malformed) {
    query.subnetLength = 0
    query.nsid = false
    return Parsed.formerr
  }
  return Parsed.query
}

/** Reads the options of an OPT; false when one is malformed. Unknown options are ignored (RFC 6891 6.1.2). */
function parseOptions(exchange: Exchange, start: number, end: number): boolean {
  const { packetView: packet, query, tcp: isTcp } = exchange
  let position = start
  while (position < end) {
    if (position + 4 > end) return false
    const code = packet.getUint16(position)
    const length = packet.getUint16(position + 2)
    const data = position + 4
    if (data + length > end) return false
    if (code === EdnsOption.CLIENT_SUBNET && query.acceptsSubnet && query.subnetLength === 0) {
      if (!parseSubnet(packet, data, length, query)) return false
    } else if (code === EdnsOption.NSID) {
      // Data in it is to be ignored: RFC 5001 2.2.
      query.nsid = true
    } else if (code === EdnsOption.TCP_KEEPALIVE && isTcp && length !== 0) {
      // A query carries no timeout, and over UDP the option means nothing: RFC 7828 3.2.1.
      return false
    }
    position = data + length
  }
  return true
}

/**
 * Reads a client subnet; false when it is not well formed (RFC 7871 6): a known family, the least number of address
 * octets, no bit set beyond the prefix, scope 0. Family 0 stands for "no address" and is accepted when it has none, as
 * BIND does.
 */
function parseSubnet(packet: DataView, data: number, length: number, query: Query): boolean {
  if (length < 4) return false
  const family = packet.getUint16(data)
  const source = packet.getUint8(data + 2)
  if (packet.getUint8(data + 3) !== 0) return false
  const most = family === 1 ? 32 : family === 2 ? 128 : family === 0 ? 0 : -1
  if (source > most || length !== 4 + ((source + 7) >> 3)) return false
  const spare = source & 7
  if (spare !== 0 && (packet.getUint8(data + length - 1) & (0xff >> spare)) !== 0) return false
  query.subnetLength = length
  query.subnetFamily = family
  query.subnetSource = source
  const address = query.subnetAddress
  const octets = length - 4
  for (let i = 0; i < octets; i++) address[i] = packet.getUint8(data + 4 + i)
  for (let i = octets; i < 16; i++) address[i] = 0
  return true
}

/** The position behind a name that may be compressed, or -1. Pointers are not followed: nothing here needs the name. */
function skipName(packet: DataView, start: number, end: number): number {
  let position = start
  while (position < end) {
    const length = packet.getUint8(position)
    if (length === 0) return position + 1
    if (length >= 0xc0) return position + 2
    if (length > 63) return -1
    position += 1 + length
  }
  return -1
}

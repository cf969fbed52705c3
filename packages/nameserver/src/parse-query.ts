import { EdnsOption, Opcode, Rtype } from '@windrose/dns'
import { QnameScan, scanQname } from '@windrose/zone'
import type { Exchange } from './exchange.ts'

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

/** The parts of a query that the path reads. One a thread, overwritten by each packet. */
export class Query {
  readonly qname: QnameScan = new QnameScan()
  qtype = 0
  qclass = 0
  /** Octets of the question section that can be echoed; 0 when there is none. */
  questionLength = 0
  opcode = 0
  edns = false
  payloadSize = 0
  dnssecOk = false
  /** The client speaks a version of EDNS that we do not (RFC 6891 6.1.3). */
  badVersion = false
  /** The client asked for the name server's identifier (RFC 5001). */
  nsid = false
  /** Offset of the client subnet's data in the packet, or -1. */
  subnetStart = -1
  subnetLength = 0
  /** Prefix length for which the answer to be written holds (RFC 7871 7.2.1); 0 until steering says more. */
  scope = 0
  /** Whether ECS is read at all; a server that does not treats it as an option it does not know. */
  acceptsSubnet = true
}

export const HEADER_LENGTH: number = 12

/**
 * Reads a packet into `query` and says what it is. Never reads past `exchange.length`, never allocates.
 *
 * Follows RFC 1035 4.1, RFC 6891 6.1 and RFC 7871 7.1 for what is malformed; records other than OPT are stepped over.
 */
export function parseQuery(exchange: Exchange, query: Query): Parsed {
  const packet = exchange.packet
  const end = exchange.length
  query.questionLength = 0
  query.edns = false
  query.dnssecOk = false
  query.badVersion = false
  query.nsid = false
  query.subnetStart = -1
  query.scope = 0
  if (end < HEADER_LENGTH || packet[2]! & 0x80) return Parsed.drop

  query.opcode = (packet[2]! >> 3) & 0xf
  const questions = u16(packet, 4)
  if (questions === 0) {
    // DNS Stateful Operations (RFC 8490) have no question and exist over TCP only.
    return query.opcode === Opcode.QUERY || (query.opcode === Opcode.DSO && !exchange.tcp)
      ? Parsed.formerr
      : Parsed.notimp
  }
  if (!scanQname(packet, HEADER_LENGTH, end, query.qname)) return Parsed.formerr
  const questionEnd = HEADER_LENGTH + query.qname.length + 4
  if (questionEnd > end) return Parsed.formerr
  query.qtype = u16(packet, questionEnd - 4)
  query.qclass = u16(packet, questionEnd - 2)
  query.questionLength = questionEnd - HEADER_LENGTH
  if (query.opcode === Opcode.DSO && !exchange.tcp) return withoutQuestion(query)
  if (questions > 1) return query.opcode === Opcode.QUERY ? Parsed.formerr : Parsed.notimp

  const records = parseRecords(exchange, query, questionEnd)
  return query.opcode === Opcode.QUERY ? records : Parsed.notimp
}

/** A DSO message over UDP is refused with the header alone (RFC 8490 5.1). */
function withoutQuestion(query: Query): Parsed {
  query.questionLength = 0
  return Parsed.formerr
}

/** Steps over all records behind the question and takes the OPT of the additional section. */
function parseRecords(exchange: Exchange, query: Query, start: number): Parsed {
  const packet = exchange.packet
  const end = exchange.length
  const firstAdditional = u16(packet, 6) + u16(packet, 8)
  const records = firstAdditional + u16(packet, 10)
  let position = start
  let malformed = false
  for (let i = 0; i < records; i++) {
    const fixed = skipName(packet, position, end)
    if (fixed < 0 || fixed + 10 > end) return Parsed.formerr
    const dataLength = u16(packet, fixed + 8)
    const next = fixed + 10 + dataLength
    if (next > end) return Parsed.formerr
    if (i >= firstAdditional && u16(packet, fixed) === Rtype.OPT) {
      // One OPT, owned by the root (RFC 6891 6.1.1).
      if (query.edns || fixed !== position + 1) return Parsed.formerr
      query.edns = true
      query.payloadSize = u16(packet, fixed + 2)
      query.badVersion = packet[fixed + 5] !== 0
      query.dnssecOk = (packet[fixed + 6]! & 0x80) !== 0
      malformed = !query.badVersion && !parseOptions(exchange, fixed + 10, next, query)
    }
    position = next
  }
  if (query.badVersion) return Parsed.badvers
  if (malformed) {
    query.subnetStart = -1
    query.nsid = false
    return Parsed.formerr
  }
  return Parsed.query
}

/** Reads the options of an OPT; false when one is malformed. Unknown options are ignored (RFC 6891 6.1.2). */
function parseOptions(exchange: Exchange, start: number, end: number, query: Query): boolean {
  const { packet, tcp: isTcp } = exchange
  let position = start
  while (position < end) {
    if (position + 4 > end) return false
    const code = u16(packet, position)
    const length = u16(packet, position + 2)
    const data = position + 4
    if (data + length > end) return false
    if (code === EdnsOption.CLIENT_SUBNET && query.acceptsSubnet && query.subnetStart < 0) {
      if (!isSubnet(packet, data, length)) return false
      query.subnetStart = data
      query.subnetLength = length
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
 * Whether a query's client subnet is well formed (RFC 7871 6): a known family, the least number of address octets, no
 * bit set beyond the prefix, scope 0. Family 0 stands for "no address" and is accepted when it has none, as BIND does.
 */
function isSubnet(packet: Uint8Array, data: number, length: number): boolean {
  if (length < 4) return false
  const family = u16(packet, data)
  const source = packet[data + 2]!
  if (packet[data + 3] !== 0) return false
  const most = family === 1 ? 32 : family === 2 ? 128 : family === 0 ? 0 : -1
  if (source > most || length !== 4 + ((source + 7) >> 3)) return false
  const spare = source & 7
  return spare === 0 || (packet[data + length - 1]! & (0xff >> spare)) === 0
}

/** The position behind a name that may be compressed, or -1. Pointers are not followed: nothing here needs the name. */
function skipName(packet: Uint8Array, start: number, end: number): number {
  let position = start
  while (position < end) {
    const length = packet[position]!
    if (length === 0) return position + 1
    if (length >= 0xc0) return position + 2
    if (length > 63) return -1
    position += 1 + length
  }
  return -1
}

function u16(octets: Uint8Array, position: number): number {
  return (octets[position]! << 8) | octets[position + 1]!
}

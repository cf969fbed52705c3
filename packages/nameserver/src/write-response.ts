import { Rcode } from '@windrose/dns'
import type { Answer } from './answer.ts'
import { Body, bodyWord } from './body-image.ts'
import { composeAnswer } from './compose-answer.ts'
import { Counter } from './counters.ts'
import type { Exchange } from './exchange.ts'
import { HEADER_LENGTH } from './parse-query.ts'
import type { Runtime } from './runtime.ts'
import { copySlice } from './slice.ts'
import { optLength, writeOpt } from './write-opt.ts'

/**
 * Writes responses: header, the question as it came, the records, and OPT last. Truncation is decided here alone: a
 * response whose required part does not fit is sent with TC and no records at all, so that nobody takes a part for the
 * whole.
 */

/** Flags of the third octet. */
export const AA = 0x04
const TC = 0x02
const RD = 0x01
const QR = 0x80

/** A response without records. `flags` is AA or 0. Returns the length of the response. */
export function writeEmpty(exchange: Exchange, runtime: Runtime, rcode: number, flags: number): number {
  const end = writeStart(exchange, runtime, rcode, flags)
  return writeOpt(exchange, runtime, end)
}

/** A response with a body of the snapshot. Returns the length of the response. */
export function writeBody(exchange: Exchange, runtime: Runtime, body: number, rcode: number): number {
  const bodies = runtime.snapshot.bodies
  const flags = bodyWord(bodies, body, Body.authoritative) === 1 ? AA : 0
  const room = roomForRecords(exchange, runtime)
  const required = bodyWord(bodies, body, Body.required)
  if (required > room) return writeTruncated(exchange, runtime, rcode, flags)

  const whole = bodyWord(bodies, body, Body.length)
  const fits = whole <= room
  const start = writeStart(exchange, runtime, rcode, flags)
  const out = exchange.outView
  out.setUint16(6, bodyWord(bodies, body, Body.answers))
  out.setUint16(8, bodyWord(bodies, body, Body.authorities))
  out.setUint16(10, bodyWord(bodies, body, fits ? Body.additionals : Body.requiredAdditionals))
  const slice = runtime.slice
  slice.octets = runtime.bodyOctets
  slice.start = bodyWord(bodies, body, Body.start)
  slice.length = fits ? whole : required
  const end = copySlice(slice, out, start)
  movePointers(exchange, runtime, body)
  return writeOpt(exchange, runtime, end)
}

/**
 * A response whose answer section is the records in the runtime's slice: `count` of them, composed. `flags` is AA or 0.
 * The scope is 0 unless the exchange's client decided otherwise: see `answer-steered.ts`.
 */
export function writeRecords(exchange: Exchange, runtime: Runtime, count: number, flags: number): number {
  if (runtime.slice.length > roomForRecords(exchange, runtime)) {
    return writeTruncated(exchange, runtime, Rcode.NOERROR, flags)
  }
  const start = writeStart(exchange, runtime, Rcode.NOERROR, flags)
  exchange.outView.setUint16(6, count)
  return writeOpt(exchange, runtime, copySlice(runtime.slice, exchange.outView, start))
}

/** A response composed for this query alone: the way of chains, not of the hot path. */
export function writeAnswer(exchange: Exchange, runtime: Runtime, answer: Answer): number {
  const flags = answer.authoritative ? AA : 0
  const { query } = exchange
  const { writer } = runtime
  const start = HEADER_LENGTH + query.questionLength
  const limit = start + roomForRecords(exchange, runtime)
  writer.reset(exchange.out, 0, limit)
  writer.position = HEADER_LENGTH
  writer.name(exchange.packet, true, HEADER_LENGTH)
  writer.position = start
  const composed = composeAnswer(answer, writer)
  if (writer.full) return writeTruncated(exchange, runtime, answer.rcode, flags)
  writeStart(exchange, runtime, answer.rcode, flags)
  const out = exchange.outView
  out.setUint16(6, answer.answers.length)
  out.setUint16(8, answer.authorities.length)
  out.setUint16(10, composed.additionals)
  return writeOpt(exchange, runtime, writer.position)
}

/** A response that says "ask over TCP". Its scope is 0: it holds nothing that depends on the client. */
export function writeTruncated(exchange: Exchange, runtime: Runtime, rcode: number, flags: number): number {
  runtime.counters[Counter.truncated]!++
  exchange.query.scope = 0
  return writeEmpty(exchange, runtime, rcode, flags | TC)
}

/** Octets that records may take between the question and the OPT. */
export function roomForRecords(exchange: Exchange, runtime: Runtime): number {
  const query = exchange.query
  let most = exchange.out.length
  if (!exchange.tcp) {
    const offered = query.edns ? Math.max(query.payloadSize, UDP_PLAIN_MAX) : UDP_PLAIN_MAX
    most = Math.min(most, offered, Math.max(runtime.snapshot.settings.udpPayload, UDP_PLAIN_MAX))
  }
  return most - HEADER_LENGTH - query.questionLength - optLength(exchange)
}

/** Without EDNS a UDP response has at most this many octets (RFC 1035 4.2.1), and an offer of less means this. */
const UDP_PLAIN_MAX = 512

/** Header with all record counts 0, and the question as it came. Returns the position behind the question. */
export function writeStart(exchange: Exchange, runtime: Runtime, rcode: number, flags: number): number {
  const { packetView: packet, outView: out, query } = exchange
  out.setUint16(2, ((QR | (query.opcode << 3) | flags | (packet.getUint8(2) & RD)) << 8) | (rcode & 0xf))
  // The counts: of questions and answers, of authorities and additionals.
  out.setInt32(4, query.questionLength > 0 ? 0x10000 : 0)
  out.setInt32(8, 0)
  runtime.counters[rcode > 0xf ? Counter.badvers : Counter.rcodes + rcode]!++
  const end = HEADER_LENGTH + query.questionLength
  if (out === packet) return end
  out.setUint16(0, packet.getUint16(0))
  for (let i = HEADER_LENGTH; i < end; i++) out.setUint8(i, packet.getUint8(i))
  return end
}

/** Moves a body's pointers by the difference between this question's name and the one it was composed for. */
function movePointers(exchange: Exchange, runtime: Runtime, body: number): void {
  const bodies = runtime.snapshot.bodies
  const shift = exchange.query.qname.length - bodyWord(bodies, body, Body.qnameLength)
  if (shift === 0) return
  const out = exchange.outView
  const start = HEADER_LENGTH + exchange.query.questionLength
  const first = bodyWord(bodies, body, Body.pointers)
  const last = first + bodyWord(bodies, body, Body.pointerCount)
  for (let i = first; i < last; i++) {
    const at = start + bodies.words[i]!
    out.setUint16(at, out.getUint16(at) + shift)
  }
}

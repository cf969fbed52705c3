import { composeRr } from './compose-rr.ts'
import { composeEdns } from './edns.ts'
import { HEADER_OCTETS, HeaderFlag, MESSAGE_OCTETS_MAX, type Message } from './message.ts'
import type { Rr } from './rr.ts'
import { Writer } from './writer.ts'

/**
 * Composes a whole message, with names compressed and OPT as the last record. What does not fit into 65535 octets is
 * left out from the first record that does not fit on, and TC is set.
 */
export function composeMessage(message: Message): Uint8Array {
  const ednsOctets =
    message.edns === undefined ? 0 : 11 + message.edns.options.reduce((n, o) => n + 4 + o.data.length, 0)
  const writer = new Writer(new Uint8Array(Math.min(MESSAGE_OCTETS_MAX, octetsAtMost(message) + ednsOctets)))
  writer.u16(message.id)
  writer.u16(flagsOf(message))
  for (let i = 0; i < 4; i++) writer.u16(0)
  writer.limit = Math.max(HEADER_OCTETS, writer.octets.length - ednsOctets)

  let isWhole = true
  let questions = 0
  for (const question of message.questions) {
    const mark = writer.mark()
    writer.name(question.qname, true)
    writer.u16(question.qtype)
    writer.u16(question.qclass)
    if (writer.full) {
      writer.rollback(mark)
      isWhole = false
      break
    }
    questions++
  }
  writer.patchU16(4, questions)
  for (const [i, records] of [message.answers, message.authorities, message.additionals].entries()) {
    const written: number = isWhole ? composeSection(writer, records) : 0
    writer.patchU16(6 + 2 * i, written)
    isWhole &&= written === records.length
  }
  if (message.edns !== undefined) composeOpt(writer, message)
  if (!isWhole) writer.octets[2]! |= HeaderFlag.TC >> 8
  return writer.octets.slice(0, writer.position)
}

/** The length of the message if no name were compressed, without its OPT. */
function octetsAtMost({ questions, answers, authorities, additionals }: Message): number {
  let octets = HEADER_OCTETS
  for (const { qname } of questions) octets += qname.length + 4
  for (const records of [answers, authorities, additionals]) {
    for (const { owner, rdata } of records) octets += owner.length + RR_FIXED_OCTETS + rdata.length
  }
  return octets
}

/** Type, class, TTL and length of a record. */
const RR_FIXED_OCTETS = 10

/** How many records went in before the first that did not fit. */
function composeSection(writer: Writer, records: readonly Rr[]): number {
  for (const [i, rr] of records.entries()) {
    const mark = writer.mark()
    composeRr(writer, rr)
    if (!writer.full) continue
    writer.rollback(mark)
    return i
  }
  return records.length
}

function composeOpt(writer: Writer, message: Message): void {
  const mark = writer.mark()
  writer.limit = writer.octets.length
  composeEdns(writer, message.edns!, message.rcode >> 4)
  if (writer.full) {
    writer.rollback(mark)
    return
  }
  const additionals = ((writer.octets[10]! << 8) | writer.octets[11]!) + 1
  writer.patchU16(10, additionals)
}

function flagsOf(message: Message): number {
  let flags = (message.opcode << 11) | (message.rcode & 15)
  if (message.qr) flags |= HeaderFlag.QR
  if (message.aa) flags |= HeaderFlag.AA
  if (message.tc) flags |= HeaderFlag.TC
  if (message.rd) flags |= HeaderFlag.RD
  if (message.ra) flags |= HeaderFlag.RA
  if (message.z) flags |= HeaderFlag.Z
  if (message.ad) flags |= HeaderFlag.AD
  if (message.cd) flags |= HeaderFlag.CD
  return flags
}

import { DNSSEC_OK, type Edns, type EdnsOptionValue } from './edns.ts'
import { HEADER_OCTETS, HeaderFlag, type Message, type Question } from './message.ts'
import { Rclass } from './rclass.ts'
import { parseRdata, RDATA_OCTETS_MAX } from './rdata/parse-rdata.ts'
import { Reader } from './reader.ts'
import type { Rr } from './rr.ts'
import { Rtype } from './rtype.ts'
import { Writer } from './writer.ts'

/**
 * Parses a whole message. Any octets give a value: what is cut short, has a malformed name or rdata, two OPT records
 * or one in the wrong place, or octets after its last record, is malformed, and the text says where.
 */
export function parseMessage(octets: Uint8Array): Message | { readonly malformed: string } {
  const reader = new Reader(octets)
  const id = reader.u16()
  const flags = reader.u16()
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()]
  if (reader.short) return { malformed: `the header is shorter than ${HEADER_OCTETS} octets` }

  const questions: Question[] = []
  for (let i = 0; i < counts[0]!; i++) {
    questions.push({ qname: reader.name(), qtype: reader.u16(), qclass: reader.u16() })
    if (reader.short) return { malformed: `question ${i + 1} is cut short or malformed` }
  }
  const sections: Rr[][] = []
  const scratch = new Writer(new Uint8Array(Math.min(RDATA_OCTETS_MAX, octets.length + DECOMPRESSED_MAX)))
  for (const [i, section] of SECTIONS.entries()) {
    const records = parseSection(reader, counts[i + 1]!, scratch)
    if (typeof records === 'number') return { malformed: `${section} record ${records} is cut short or malformed` }
    sections.push(records)
  }
  if (reader.remaining > 0) return { malformed: `${reader.remaining} octets follow the last record` }

  const [answers, authorities, additionals] = sections as [Rr[], Rr[], Rr[]]
  const opts = [...answers, ...authorities, ...additionals].filter(isOpt)
  if (opts.length > 1) return { malformed: 'there are two OPT records' }
  const opt = additionals.find(isOpt)
  if (opt !== opts[0]) return { malformed: 'the OPT record is not in the additional section' }
  const edns = opt === undefined ? undefined : parseEdns(opt)
  if (typeof edns === 'string') return { malformed: edns }
  return {
    id,
    qr: (flags & HeaderFlag.QR) !== 0,
    opcode: (flags >> 11) & 15,
    aa: (flags & HeaderFlag.AA) !== 0,
    tc: (flags & HeaderFlag.TC) !== 0,
    rd: (flags & HeaderFlag.RD) !== 0,
    ra: (flags & HeaderFlag.RA) !== 0,
    z: (flags & HeaderFlag.Z) !== 0,
    ad: (flags & HeaderFlag.AD) !== 0,
    cd: (flags & HeaderFlag.CD) !== 0,
    rcode: (flags & 15) | (opt === undefined ? 0 : extendedRcode(opt) << 4),
    questions,
    answers,
    authorities,
    additionals: additionals.filter((rr) => rr !== opt),
    ...(edns === undefined ? {} : { edns }),
  }
}

const SECTIONS = ['answer', 'authority', 'additional'] as const

/** The records of one section, or the number of the first that is malformed. */
function parseSection(reader: Reader, count: number, scratch: Writer): Rr[] | number {
  const records: Rr[] = []
  for (let i = 0; i < count; i++) {
    const rr = parseRr(reader, scratch)
    if (reader.short) return i + 1
    records.push(rr)
  }
  return records
}

/** Parses one record. `scratch` is a writer of 65535 octets that is overwritten. */
export function parseRr(reader: Reader, scratch: Writer): Rr {
  const owner = reader.name()
  const rtype = reader.u16()
  const rclass = reader.u16()
  const ttl = reader.u32()
  const length = reader.u16()
  const isOpaque = (rclass === Rclass.CH && rtype === Rtype.A) || (length === 0 && rclass >= Rclass.NONE)
  const rdata = isOpaque ? reader.take(length) : parseRdata(reader, rtype, length, scratch)
  return { owner, rtype, rclass, ttl, rdata }
}

function isOpt(rr: Rr): boolean {
  return rr.rtype === Rtype.OPT
}

/** The upper 8 bits of the response code: the first octet of the OPT record's TTL. */
function extendedRcode(opt: Rr): number {
  return Math.floor(opt.ttl / 0x1000000)
}

function parseEdns(opt: Rr): Edns | string {
  if (opt.owner.length !== 1) return 'the owner of the OPT record is not the root'
  const reader = new Reader(opt.rdata)
  const options: EdnsOptionValue[] = []
  while (reader.remaining > 0) {
    options.push({ code: reader.u16(), data: reader.take(reader.u16()) })
    if (reader.short) return `EDNS option ${options.length} is cut short`
  }
  const flags = opt.ttl % 0x10000
  const rest = flags & ~DNSSEC_OK
  return {
    payloadSize: opt.rclass,
    version: Math.floor(opt.ttl / 0x10000) % 0x100,
    dnssecOk: (flags & DNSSEC_OK) !== 0,
    ...(rest === 0 ? {} : { flags: rest }),
    options,
  }
}

/** How much longer rdata gets without compression: no type that is read field by field holds more than two names. */
const DECOMPRESSED_MAX = 2 * 255

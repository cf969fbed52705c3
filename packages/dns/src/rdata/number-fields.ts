import { readPeriod, TTL_MAX } from '../period.ts'
import { printRtype, rtypeOf } from '../rtype.ts'
import type { Field } from './field.ts'
import type { Word, Words } from './words.ts'

/** Numbers of 8, 16 and 32 bits in decimal. `what` names the field in messages. */
export function u8(what: string): Field {
  return {
    parse: (reader, writer) => writer.u8(reader.u8()),
    read: (words, writer) => writer.u8(readDecimal(words, what, 0xff)),
    print: (reader) => String(reader.u8()),
  }
}

export function u16(what: string): Field {
  return {
    parse: (reader, writer) => writer.u16(reader.u16()),
    read: (words, writer) => writer.u16(readDecimal(words, what, 0xffff)),
    print: (reader) => String(reader.u16()),
  }
}

export function u32(what: string): Field {
  return {
    parse: (reader, writer) => writer.u32(reader.u32()),
    read: (words, writer) => writer.u32(readDecimal(words, what, 0xffffffff)),
    print: (reader) => String(reader.u32()),
  }
}

/** A number of seconds that may be written with units; printed in seconds. */
export function period(what: string): Field {
  return {
    parse: (reader, writer) => writer.u32(reader.u32()),
    read: (words, writer) => {
      const word = words.next(what)
      if (word === undefined) return
      const seconds = word.quoted ? undefined : readPeriod(word.text)
      if (seconds === undefined) words.refuse(word, `'${word.text}' is no ${what}`, 'write seconds, or 1h30m, 1W')
      else if (seconds > TTL_MAX) words.refuse(word, `${what} ${word.text} is above 2^31 - 1 seconds`)
      else writer.u32(seconds)
    },
    print: (reader) => String(reader.u32()),
  }
}

/** An RR type by its mnemonic: the type covered of RRSIG. */
export const rtype: Field = {
  parse: (reader, writer) => writer.u16(reader.u16()),
  read: (words, writer) => {
    const word = words.next('a type')
    if (word === undefined) return
    const covered = rtypeOf(word.text)
    if (covered === undefined) words.refuse(word, `'${word.text}' is no type`)
    else writer.u16(covered)
  },
  print: (reader) => printRtype(reader.u16()),
}

/** A DNSSEC algorithm: read by number or mnemonic, printed as a number (RFC 4034 appendix A.1). */
export const algorithm: Field = {
  parse: (reader, writer) => writer.u8(reader.u8()),
  read: (words, writer) => {
    const known = ALGORITHMS[words.peek()?.text.toUpperCase() ?? '']
    if (known === undefined) writer.u8(readDecimal(words, 'an algorithm', 0xff))
    else {
      words.next('an algorithm')
      writer.u8(known)
    }
  },
  print: (reader) => String(reader.u8()),
}

/** IANA's registry "DNS Security Algorithm Numbers". */
const ALGORITHMS: Readonly<Record<string, number>> = {
  RSASHA1: 5,
  NSEC3RSASHA1: 7,
  RSASHA256: 8,
  RSASHA512: 10,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
}

/** A moment of RRSIG: YYYYMMDDHHmmSS or seconds since 1970, RFC 4034 section 3.2. Printed in the first form. */
export function timestamp(what: string): Field {
  return {
    parse: (reader, writer) => writer.u32(reader.u32()),
    read: (words, writer) => {
      const word = words.next(what)
      if (word === undefined) return
      const seconds = readTimestamp(word)
      if (seconds === undefined) words.refuse(word, `'${word.text}' is no ${what}`, 'write YYYYMMDDHHmmSS in UTC')
      else writer.u32(seconds)
    },
    print: (reader) => new Date(reader.u32() * 1000).toISOString().replace(/[-:T]|\..*$/g, ''),
  }
}

function readTimestamp(word: Word): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(word.text)
  if (parts === null) return /^\d{1,10}$/.test(word.text) && Number(word.text) < 2 ** 32 ? Number(word.text) : undefined
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number)
  const seconds = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) / 1000
  // A day that does not exist comes back as another one.
  const again = new Date(seconds * 1000).toISOString().replace(/[-:T]|\..*$/g, '')
  return again === word.text ? seconds % 2 ** 32 : undefined
}

/** A decimal number up to `max`; 0 and a problem when it is none. */
function readDecimal(words: Words, what: string, max: number): number {
  const word = words.next(what)
  if (word === undefined) return 0
  if (word.quoted || !/^[0-9]{1,10}$/.test(word.text))
    words.refuse(word, `'${word.text}' is no ${what}: a number is expected`)
  else if (Number(word.text) > max) words.refuse(word, `${what} ${word.text} is above ${max}`)
  else return Number(word.text)
  return 0
}

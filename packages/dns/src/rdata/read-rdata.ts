import { printRtype } from '../rtype.ts'
import type { Writer } from '../writer.ts'
import { readHex } from './base-encodings.ts'
import { layoutOf } from './layouts.ts'
import { isRdata } from './parse-rdata.ts'
import type { Words } from './words.ts'

/**
 * Reads the rdata of a record from the words that are left of it. Any type may be written as `\# LENGTH HEX`
 * (RFC 3597 section 5); that of a known type is checked like any other. When something is wrong, `words.problem`
 * says what, and the result means nothing.
 * `scratch` is a writer of 65535 octets that is overwritten.
 */
export function readRdata(words: Words, rtype: number, scratch: Writer): Uint8Array {
  scratch.rollback(0)
  const first = words.peek()
  const fields = layoutOf(rtype)
  if (first?.text === '\\#' && !first.quoted) readUnknown(words, rtype, scratch)
  else if (fields !== undefined) for (const field of fields) field.read(words, scratch)
  else if (first === undefined) words.next('rdata')
  else {
    words.refuse(first, `${printRtype(rtype)} records have no text form here`, 'write the rdata as \\# LENGTH HEX')
  }
  const extra = words.peek()
  if (extra !== undefined)
    words.refuse(extra, `'${extra.text}' is too much: the record should end before it`, EXTRA_HINT)
  if (scratch.full && first !== undefined) words.refuse(first, 'the rdata is longer than 65535 octets')
  return scratch.octets.slice(0, scratch.position)
}

const EXTRA_HINT = 'a comment begins with ;'

function readUnknown(words: Words, rtype: number, scratch: Writer): void {
  const marker = words.next('rdata')!
  const length = words.next('the length of the rdata')
  if (length === undefined) return
  let digits = ''
  while (!words.atEnd) digits += words.next('hexadecimal digits')!.text
  const rdata = readHex(digits)
  if (!/^[0-9]{1,5}$/.test(length.text)) words.refuse(length, `'${length.text}' is no length`)
  else if (rdata === undefined) words.refuse(length, 'the rdata after the length is not in hexadecimal')
  else if (rdata.length !== Number(length.text)) {
    words.refuse(length, `the length is ${length.text}, but ${rdata.length} octets follow`)
  } else if (!isRdata(rtype, rdata)) words.refuse(marker, `the octets are no rdata of ${printRtype(rtype)}`)
  else scratch.bytes(rdata)
}

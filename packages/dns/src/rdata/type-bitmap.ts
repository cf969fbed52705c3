import type { Reader } from '../reader.ts'
import { printRtype, rtypeOf } from '../rtype.ts'
import type { Writer } from '../writer.ts'
import type { Field } from './field.ts'

/** The types that exist at a name: windows of up to 32 octets, RFC 4034 section 4.1.2. */
export const typeBitmap: Field = {
  parse: (reader, writer) => {
    let last = -1
    while (reader.remaining > 0) {
      const window = reader.u8()
      const octets = reader.take(reader.u8())
      // Windows in order, none empty, no trailing zero octets.
      if (window <= last || octets.length === 0 || octets.length > 32 || octets[octets.length - 1] === 0) reader.fail()
      if (reader.short) return
      last = window
      writer.u8(window)
      writer.u8(octets.length)
      writer.bytes(octets)
    }
  },
  read: (words, writer) => {
    const rtypes: number[] = []
    while (!words.atEnd) {
      const word = words.next('a type')!
      const rtype = rtypeOf(word.text)
      if (rtype === undefined) words.refuse(word, `'${word.text}' is no type`)
      else rtypes.push(rtype)
    }
    composeTypeBitmap(writer, rtypes)
  },
  print: (reader) => parseTypeBitmap(reader).map(printRtype).join(' '),
}

/** Composes the bitmap of some types, given in any order. */
export function composeTypeBitmap(writer: Writer, rtypes: readonly number[]): void {
  const windows = new Map<number, Uint8Array>()
  for (const rtype of [...rtypes].sort((a, b) => a - b)) {
    const bits = windows.get(rtype >> 8) ?? new Uint8Array(32)
    bits[(rtype & 0xff) >> 3]! |= 0x80 >> (rtype & 7)
    windows.set(rtype >> 8, bits)
  }
  for (const [window, bits] of windows) {
    const length = bits.findLastIndex((octet) => octet !== 0) + 1
    writer.u8(window)
    writer.u8(length)
    writer.bytes(bits, 0, length)
  }
}

/** The types of a bitmap that runs to the reader's end, in ascending order. */
export function parseTypeBitmap(reader: Reader): number[] {
  const rtypes: number[] = []
  while (reader.remaining > 0) {
    const window = reader.u8()
    const octets = reader.take(reader.u8())
    for (let bit = 0; bit < octets.length * 8; bit++) {
      if ((octets[bit >> 3]! & (0x80 >> (bit & 7))) !== 0) rtypes.push(window * 256 + bit)
    }
  }
  return rtypes
}

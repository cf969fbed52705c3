import { printBase64, printHex, readBase64, readHex } from './base-encodings.ts'
import type { Field } from './field.ts'
import type { Word, Words } from './words.ts'

/** All octets to the end in hexadecimal, which may be split by blanks: digests, fingerprints. */
export function hex(what: string): Field {
  return {
    parse: (reader, writer) => writer.bytes(reader.take(reader.remaining)),
    read: (words, writer) => {
      const octets = readRest(words, `${what} in hexadecimal`, readHex)
      if (octets !== undefined) writer.bytes(octets)
    },
    print: (reader) => printHex(reader.take(reader.remaining)),
  }
}

/** All octets to the end in base 64, which may be split by blanks: keys, signatures. */
export function base64(what: string): Field {
  return {
    parse: (reader, writer) => writer.bytes(reader.take(reader.remaining)),
    read: (words, writer) => {
      const octets = readRest(words, `${what} in base 64`, readBase64)
      if (octets !== undefined) writer.bytes(octets)
    },
    print: (reader) => printBase64(reader.take(reader.remaining)),
  }
}

function readRest(
  words: Words,
  what: string,
  decode: (text: string) => Uint8Array | undefined,
): Uint8Array | undefined {
  const first = words.next(what)
  let text = first?.text ?? ''
  while (!words.atEnd) text += words.next(what)!.text
  if (first === undefined) return undefined
  const octets = decode(text)
  if (octets === undefined) refuseRest(words, first, what)
  return octets
}

function refuseRest(words: Words, first: Word, what: string): void {
  words.refuse(first, `'${first.text}' does not begin ${what}`)
}

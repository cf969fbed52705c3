import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import { printQuoted, readOctets } from './character-string.ts'
import type { Field } from './field.ts'
import type { Words } from './words.ts'

/** One character-string: a length octet and that many octets (RFC 1035 section 3.3). */
export const string: Field = {
  parse: parseString,
  read: readString,
  print: (reader) => printQuoted(reader.take(reader.u8())),
}

/** One or more character-strings, to the end: TXT. */
export const strings: Field = {
  parse: (reader, writer) => {
    do parseString(reader, writer)
    while (reader.remaining > 0)
  },
  read: (words, writer) => {
    do readString(words, writer)
    while (!words.atEnd)
  },
  print: (reader) => {
    const texts: string[] = []
    while (reader.remaining > 0) texts.push(printQuoted(reader.take(reader.u8())))
    return texts.join(' ')
  },
}

/** The tag of a CAA record: a character-string of letters and digits, written without quotes (RFC 8659 section 4.1.1). */
export const tag: Field = {
  parse: parseString,
  read: (words, writer) => {
    const word = words.next('a tag')
    if (word === undefined) return
    if (word.quoted || !TAG.test(word.text))
      words.refuse(word, `'${word.text}' is no tag: letters and digits are expected`)
    else
      writeString(
        writer,
        Array.from(word.text, (character) => character.charCodeAt(0)),
      )
  },
  print: (reader) => {
    const text = String.fromCharCode(...reader.take(reader.u8()))
    return TAG.test(text) ? text : ''
  },
}

/** All octets to the end, written as one string that may be longer than 255 octets: the value of CAA, the target of URI. */
export function longString(what: string): Field {
  return {
    parse: (reader, writer) => writer.bytes(reader.take(reader.remaining)),
    read: (words, writer) => {
      const octets = nextOctets(words, what)
      if (octets !== undefined) writer.bytes(Uint8Array.from(octets))
    },
    print: (reader) => printQuoted(reader.take(reader.remaining)),
  }
}

const TAG = /^[0-9A-Za-z]{1,255}$/

function parseString(reader: Reader, writer: Writer): void {
  const octets = reader.take(reader.u8())
  if (reader.short) return
  writer.u8(octets.length)
  writer.bytes(octets)
}

function readString(words: Words, writer: Writer): void {
  const word = words.peek()
  const octets = nextOctets(words, 'a string')
  if (octets === undefined || word === undefined) return
  if (octets.length <= 255) writeString(writer, octets)
  else {
    words.refuse(
      word,
      `a string of ${octets.length} octets is too long: 255 is the most`,
      'split it: "one part" "the next part"',
    )
  }
}

function nextOctets(words: Words, what: string): number[] | undefined {
  const word = words.next(what)
  if (word === undefined) return undefined
  const octets = readOctets(word.text)
  if (typeof octets !== 'string') return octets
  words.refuse(word, `'${word.text}' is no string: ${octets}`)
  return undefined
}

function writeString(writer: Writer, octets: readonly number[]): void {
  writer.u8(octets.length)
  writer.bytes(Uint8Array.from(octets))
}

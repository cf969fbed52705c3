import { lacksFinalDot, MISSING_DOT_HINT } from '../missing-dot.ts'
import { foldName, type Name } from '../name.ts'
import { printName, readName } from '../name-text.ts'
import type { Reader } from '../reader.ts'
import type { Writer } from '../writer.ts'
import type { Field, NameCase } from './field.ts'
import type { Words } from './words.ts'

/**
 * A name in the rdata of a type that may be compressed by whoever sent it: those of RFC 1035, and the later ones for
 * which RFC 3597 section 4 asks receivers to be lenient. Its canonical form is in lower case.
 */
export const name: Field = {
  parse: (reader, writer, nameCase) => {
    const parsed = reader.name()
    writeName(reader, writer, nameCase === 'folded' ? foldName(parsed) : parsed)
  },
  read: readField,
  print: (reader) => printName(reader.name()),
}

/** A name that is never compressed and whose case is kept even in canonical form: NSEC, SVCB (RFC 6840 section 5.1). */
export const plainName: Field = {
  parse: (reader: Reader, writer: Writer, _nameCase: NameCase) => writeName(reader, writer, reader.plainName()),
  read: readField,
  print: (reader) => printName(reader.plainName()),
}

function writeName(reader: Reader, writer: Writer, parsed: Name): void {
  if (!reader.short) writer.bytes(parsed)
}

function readField(words: Words, writer: Writer): void {
  const word = words.next('a name')
  if (word === undefined) return
  const read = word.quoted ? { problem: 'a name is not written in quotes' } : readName(word.text, words.origin)
  if ('problem' in read) {
    words.refuse(word, `'${word.text}' is no name: ${read.problem}`)
    return
  }
  writer.bytes(read)
  if (lacksFinalDot(word.text, words.origin)) {
    words.warn(word, `'${word.text}' is relative and becomes ${printName(read)}`, MISSING_DOT_HINT)
  }
}

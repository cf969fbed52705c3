import { readName } from '../name-text.ts'
import { readPeriod, TTL_MAX } from '../period.ts'
import type { Word } from '../rdata/words.ts'
import type { Entry } from './entries.ts'
import { addError, type OpenFile, type Reading } from './reading.ts'
import { suggest } from './suggest.ts'

/** What $INCLUDE asks for: the file and, if given, the origin that it begins with. */
export interface IncludeRequest {
  readonly path: Word
  readonly origin: OpenFile['origin']
}

/** Reads $ORIGIN, RFC 1035 section 5.1. */
export function readOrigin(reading: Reading, open: OpenFile, entry: Entry): void {
  const word = soleArgument(reading, open, entry, 'a name')
  if (word === undefined) return
  const origin = readName(word.text, open.origin)
  if ('problem' in origin) addError(reading, open, word, { message: `'${word.text}' is no name: ${origin.problem}` })
  else open.origin = origin
}

/** Reads $TTL, RFC 2308 section 4. */
export function readDefaultTtl(reading: Reading, open: OpenFile, entry: Entry): void {
  const word = soleArgument(reading, open, entry, 'a TTL')
  if (word === undefined) return
  const seconds = readPeriod(word.text)
  if (seconds === undefined) {
    addError(reading, open, word, { message: `'${word.text}' is no TTL`, hint: 'write seconds, or 1h30m, 1W' })
  } else if (seconds > TTL_MAX) {
    addError(reading, open, word, { message: `the TTL ${word.text} is above 2^31 - 1 seconds` })
  } else reading.defaultTtl = seconds
}

/** Reads $INCLUDE, RFC 1035 section 5.1: a file and perhaps an origin. */
export function readInclude(reading: Reading, open: OpenFile, entry: Entry): IncludeRequest | undefined {
  const [directive, path, name, extra] = entry.words as [Word, Word?, Word?, Word?]
  if (path === undefined) addError(reading, open, directive, { message: '$INCLUDE needs a file' })
  else if (extra !== undefined)
    addError(reading, open, extra, { message: `'${extra.text}' is too much after $INCLUDE` })
  else if (name === undefined) return { path, origin: open.origin }
  else {
    const origin = readName(name.text, open.origin)
    if (!('problem' in origin)) return { path, origin }
    addError(reading, open, name, { message: `'${name.text}' is no name: ${origin.problem}` })
  }
  return undefined
}

/** Complains about a directive that does not exist. */
export function refuseDirective(reading: Reading, open: OpenFile, entry: Entry): void {
  const word = entry.words[0]!
  const meant = suggest(word.text.toUpperCase(), ['$ORIGIN', '$TTL', '$INCLUDE', '$GENERATE'])
  const message = `'${word.text}' is no directive`
  const hint = meant === undefined ? `for a name that begins with $ write \\${word.text}` : `did you mean ${meant}?`
  addError(reading, open, word, { message, hint })
}

function soleArgument(reading: Reading, open: OpenFile, entry: Entry, what: string): Word | undefined {
  const [directive, word, extra] = entry.words as [Word, Word?, Word?]
  if (word === undefined) addError(reading, open, directive, { message: `${directive.text} needs ${what}` })
  else if (extra !== undefined) {
    addError(reading, open, extra, { message: `'${extra.text}' is too much after ${directive.text}` })
  } else return word
  return undefined
}

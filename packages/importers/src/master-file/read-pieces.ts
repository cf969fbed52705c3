import {
  type Entry,
  EntryReader,
  type Name,
  type Place,
  printName,
  readName,
  readPeriod,
  type Word,
} from '@windrose/dns'
import { oneLine } from '../one-line.ts'
import type { SourceFiles } from '../source-files.ts'
import type { Piece, RecordPiece } from './pieces.ts'

/** What differs between the programs that read master files. */
export interface MasterFileDialect {
  /** The path of an included file, as written, in the file that includes it. */
  readonly includePath: (written: string, from: string) => string
  /** Whether $TTL in an included file ends with the file. */
  readonly restoresTtl: boolean
  /** Another spelling of a word that is a name, or undefined: gdnsd writes `@Z` for the zone. */
  readonly respell?: ((word: string, names: { readonly apex: Name; readonly fileOrigin: Name }) => string) | undefined
  /** Types of which no word is a name that could be respelt. */
  readonly textTypes: ReadonlySet<string>
  /** Whether a TXT string may be longer than 255 octets. */
  readonly hasLongStrings: boolean
}

export interface MasterFileInput {
  readonly files: SourceFiles
  readonly path: string
  readonly apex: Name
  readonly dialect: MasterFileDialect
}

/** What cannot be read, and where. */
export interface MasterFileFault {
  readonly place: Place
  readonly source: string
  readonly message: string
}

/**
 * Splits a master file into pieces; those of included files stand where the $INCLUDE stood, with the origin that they
 * had. Never throws: what cannot be read is a fault and is left out.
 */
export function readPieces(input: MasterFileInput): { pieces: Piece[]; faults: MasterFileFault[] } {
  const scan: Scan = { input, pieces: [], faults: [], defaultTtl: undefined }
  const content = input.files.read(input.path)
  const start = { file: input.path, line: 1, column: 1 }
  if ('problem' in content) scan.faults.push({ place: start, source: input.path, message: content.problem })
  else scanFile(scan, { path: input.path, text: content.text, origin: input.apex, chain: [input.path] })
  return { pieces: scan.pieces, faults: scan.faults }
}

interface Scan {
  readonly input: MasterFileInput
  readonly pieces: Piece[]
  readonly faults: MasterFileFault[]
  defaultTtl: number | undefined
}

interface OpenFile {
  readonly path: string
  readonly text: string
  readonly fileOrigin: Name
  readonly chain: readonly string[]
  origin: Name
  owner: Name | undefined
}

function scanFile(
  scan: Scan,
  { path, text, origin, chain }: { path: string; text: string; origin: Name; chain: readonly string[] },
): void {
  const open: OpenFile = { path, text, origin, fileOrigin: origin, owner: undefined, chain }
  const reader = new EntryReader(text)
  let copied = 0
  for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
    // Comments and empty lines between two entries.
    if (reader.start > copied) scan.pieces.push({ kind: 'text', text: text.slice(copied, reader.start) })
    copied = reader.end
    scanEntry(scan, open, entry, text.slice(reader.start, reader.end))
  }
  if (copied < text.length) scan.pieces.push({ kind: 'text', text: text.slice(copied) })
}

function scanEntry(scan: Scan, open: OpenFile, entry: Entry, text: string): void {
  const [first] = entry.words
  if (entry.fault !== undefined || first === undefined) {
    const { line, column, message } = entry.fault ?? { line: 1, column: 1, message: 'it is empty' }
    scan.faults.push({ place: { file: open.path, line, column }, source: shorten(text), message })
    return
  }
  if (entry.isIndented || first.quoted || !first.text.startsWith('$')) scanRecord(scan, open, entry, text)
  else scanDirective(scan, open, entry.words, text)
}

function scanDirective(scan: Scan, open: OpenFile, words: readonly Word[], text: string): void {
  const problem = readDirective(scan, open, words, text)
  if (problem === undefined) return
  scan.faults.push({ place: placeOf(open, words[0]!), source: shorten(text), message: problem })
}

/** Gives what is wrong with the directive. */
function readDirective(scan: Scan, open: OpenFile, words: readonly Word[], text: string): string | undefined {
  const argument = words[1]?.text ?? ''
  const place = placeOf(open, words[0]!)
  switch (words[0]!.text.toUpperCase()) {
    case '$ORIGIN': {
      const origin = readOwner(scan, open, argument)
      if ('problem' in origin) return origin.problem
      open.origin = origin
      scan.pieces.push({ kind: 'text', text: `$ORIGIN ${printName(origin)}\n`, place })
      return undefined
    }
    case '$INCLUDE':
      return includeFile(scan, open, words)
    case '$TTL':
      scan.defaultTtl = readPeriod(argument) ?? scan.defaultTtl
      scan.pieces.push({ kind: 'text', text, place })
      return undefined
    case '$GENERATE':
      scan.pieces.push({ kind: 'text', text, place })
      return undefined
    default:
      return 'the directive is not known'
  }
}

function includeFile(scan: Scan, open: OpenFile, words: readonly Word[]): string | undefined {
  const { files, dialect } = scan.input
  const written = (words[1]?.text ?? '').replace(/\\(.)/g, '$1')
  const path = dialect.includePath(written, open.path)
  const origin = words[2] === undefined ? open.origin : readOwner(scan, open, words[2].text)
  if ('problem' in origin) return origin.problem
  if (open.chain.includes(path)) return `the file includes itself: ${path}`
  if (open.chain.length > INCLUDES_MAX) return `files include files to a depth of more than ${INCLUDES_MAX}`
  const content = files.read(path)
  if ('problem' in content) return `cannot read ${path}: ${content.problem}`
  const ttl = scan.defaultTtl
  scan.pieces.push({ kind: 'text', text: `; ${oneLine(path)} begins\n$ORIGIN ${printName(origin)}\n` })
  scanFile(scan, { path, text: content.text, origin, chain: [...open.chain, path] })
  const restore = dialect.restoresTtl && ttl !== undefined ? `$TTL ${ttl}\n` : ''
  if (dialect.restoresTtl) scan.defaultTtl = ttl
  scan.pieces.push({ kind: 'text', text: `; ${oneLine(path)} ends\n$ORIGIN ${printName(open.origin)}\n${restore}` })
  return undefined
}

function scanRecord(scan: Scan, open: OpenFile, entry: Entry, text: string): void {
  const { words } = entry
  if (!entry.isIndented) {
    const owner = words[0]!.quoted
      ? { problem: 'a name is not written in quotes' }
      : readOwner(scan, open, words[0]!.text)
    if ('problem' in owner) {
      open.owner = undefined
      scan.faults.push({ place: placeOf(open, words[0]!), source: shorten(text), message: owner.problem })
      return
    }
    open.owner = owner
  }
  const head = readHead(words, entry.isIndented ? 0 : 1)
  scan.pieces.push({
    kind: 'record',
    owner: open.owner,
    origin: open.origin,
    hasOwner: !entry.isIndented,
    ttl: head.ttl,
    defaultTtl: scan.defaultTtl,
    type: head.type,
    rdata: words.slice(head.rdataAt),
    text: respellRecord(scan, open, { words, type: head.type, isIndented: entry.isIndented, text }),
    place: placeOf(open, words[0]!),
  })
}

/** TTL and class in any order, then the type. */
function readHead(words: readonly Word[], from: number): Pick<RecordPiece, 'ttl' | 'type'> & { rdataAt: number } {
  let ttl: Word | undefined
  let at = from
  for (; at < words.length - 1; at++) {
    const word = words[at]!
    if (word.quoted) break
    // No type begins with a digit.
    if (ttl === undefined && /^\d/.test(word.text)) ttl = word
    else if (!/^(IN|CH|HS)$/i.test(word.text)) break
  }
  return { ttl, type: words[at]?.text.toUpperCase() ?? '', rdataAt: at + 1 }
}

interface WrittenRecord {
  readonly words: readonly Word[]
  readonly type: string
  readonly isIndented: boolean
  readonly text: string
}

/** The text as it is, unless one of its words is spelt in a way of the dialect: then all of it on one line. */
function respellRecord(scan: Scan, open: OpenFile, { words, type, isIndented, text }: WrittenRecord): string {
  const { dialect } = scan.input
  const spelt = words.map((word) => {
    if (dialect.hasLongStrings && type === 'TXT') return splitString(word)
    const isName = !word.quoted && !dialect.textTypes.has(type)
    const own = isName ? respell(scan, open, word.text) : word.text
    return word.quoted ? `"${own}"` : own
  })
  const isAsWritten = spelt.every((word, i) => word === (words[i]!.quoted ? `"${words[i]!.text}"` : words[i]!.text))
  return isAsWritten ? text : `${isIndented ? ' ' : ''}${spelt.join(' ')}\n`
}

/** A string of more than 255 octets as several. */
function splitString({ text, quoted }: Word): string {
  const octets = text.match(/\\[0-9]{3}|\\[\s\S]|[\s\S]/gu) ?? []
  if (octets.length <= STRING_MAX) return quoted ? `"${text}"` : text
  const parts: string[] = []
  for (let at = 0; at < octets.length; at += STRING_MAX) parts.push(`"${octets.slice(at, at + STRING_MAX).join('')}"`)
  return parts.join(' ')
}

const STRING_MAX = 255

function readOwner(scan: Scan, open: OpenFile, text: string): Name | { problem: string } {
  return readName(respell(scan, open, text), open.origin)
}

function respell({ input }: Scan, { fileOrigin }: OpenFile, word: string): string {
  return input.dialect.respell?.(word, { apex: input.apex, fileOrigin }) ?? word
}

function placeOf(open: OpenFile, { line, column }: { line: number; column: number }): Place {
  return { file: open.path, line, column }
}

/** A record in short, as findings quote it. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > SHORT_MAX ? `${line.slice(0, SHORT_MAX)}...` : line
}

const SHORT_MAX = 60
const INCLUDES_MAX = 50

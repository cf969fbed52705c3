import { lacksFinalDot, MISSING_DOT_HINT } from '../missing-dot.ts'
import type { Name } from '../name.ts'
import { printName, readName } from '../name-text.ts'
import { readPeriod, TTL_MAX } from '../period.ts'
import { Rclass, rclassOf } from '../rclass.ts'
import { readRdata } from '../rdata/read-rdata.ts'
import { type Word, Words } from '../rdata/words.ts'
import { isMetaRtype, RTYPE_MNEMONICS, Rtype, rtypeOf } from '../rtype.ts'
import type { Entry } from './entries.ts'
import { addError, addWarning, type OpenFile, type Reading } from './reading.ts'
import { suggest } from './suggest.ts'

/**
 * Reads one record: [owner] [TTL] [class] type rdata, with TTL and class in either order, and keeps it unless
 * something is wrong with it.
 */
export function readRecord(reading: Reading, open: OpenFile, entry: Entry): void {
  const { words } = entry
  const owner = entry.isIndented ? lastOwner(reading, open, entry) : readOwner(reading, open, words[0]!)
  const head = readHead(reading, open, entry)
  if (head === undefined) return
  const rest = new Words(words, head.rdataAt, open.origin)
  const rdata = readRdata(rest, head.rtype, reading.scratch)
  if (rest.problem !== undefined) {
    addError(reading, open, rest.problem.word, rest.problem)
    return
  }
  for (const warning of rest.warnings) addWarning(reading, open, warning.word, warning)
  const ttl = settleTtl(reading, head, rdata)
  if (ttl === undefined) {
    addError(reading, open, words[head.rdataAt - 1]!, {
      message: 'the record has no TTL, and none is known yet',
      hint: 'put $TTL 300 at the top of the file',
    })
    return
  }
  if (owner === undefined) return
  const { line, column } = words[0]!
  const place = { file: open.file, line, column }
  reading.records.push({ owner, rtype: head.rtype, rclass: Rclass.IN, ttl, rdata, place })
}

interface Head {
  readonly rtype: number
  readonly ttl: number | undefined
  /** The index of the first word of the rdata. */
  readonly rdataAt: number
}

function readOwner(reading: Reading, open: OpenFile, word: Word): Name | undefined {
  const read = word.quoted ? { problem: 'a name is not written in quotes' } : readName(word.text, open.origin)
  open.isOwnerLost = 'problem' in read
  open.owner = undefined
  if ('problem' in read) {
    addError(reading, open, word, { message: `'${word.text}' is no name: ${read.problem}` })
    return undefined
  }
  if (lacksFinalDot(word.text, open.origin)) {
    const message = `'${word.text}' is relative and becomes ${printName(read)}`
    addWarning(reading, open, word, { message, hint: MISSING_DOT_HINT })
  }
  open.owner = read
  return read
}

function lastOwner(reading: Reading, open: OpenFile, entry: Entry): Name | undefined {
  if (open.owner === undefined && !open.isOwnerLost) {
    addError(reading, open, entry.words[0]!, {
      message: 'the line begins with a blank, which stands for the last owner, but there is none yet in this file',
    })
    open.isOwnerLost = true
  }
  return open.owner
}

/** Reads TTL, class and type; undefined after an error. */
function readHead(reading: Reading, open: OpenFile, entry: Entry): Head | undefined {
  const { words } = entry
  let ttl: number | undefined
  let rclass: number | undefined
  let at = entry.isIndented ? 0 : 1
  for (; at < words.length; at++) {
    const { text, quoted } = words[at]!
    const seconds = quoted || ttl !== undefined ? undefined : readPeriod(text)
    if (seconds !== undefined) ttl = seconds
    else if (!quoted && rclass === undefined && isClassWord(text)) rclass = rclassOf(text)
    else break
    const fault = headFault(text, seconds, rclass)
    if (fault === undefined) continue
    addError(reading, open, words[at]!, fault)
    return undefined
  }
  const word = words[at]
  if (word === undefined) {
    const last = words[words.length - 1]!
    addError(reading, open, last, { message: `the record ends after '${last.text}', but a type is expected` })
    return undefined
  }
  const rtype = word.quoted ? undefined : rtypeOf(word.text)
  if (rtype === undefined) addError(reading, open, word, unknownType(entry, at))
  else if (isMetaRtype(rtype))
    addError(reading, open, word, { message: `${word.text} exists in messages only, not in zones` })
  else return { rtype, ttl, rdataAt: at + 1 }
  return undefined
}

function headFault(
  text: string,
  seconds: number | undefined,
  rclass: number | undefined,
): { message: string } | undefined {
  if (seconds !== undefined && seconds > TTL_MAX) return { message: `the TTL ${text} is above 2^31 - 1 seconds` }
  if (rclass !== undefined && rclass !== Rclass.IN) return { message: `class ${text}: only class IN is served` }
  return undefined
}

/** Not NONE and ANY: they are no classes of zones, and ANY is also a type. */
function isClassWord(text: string): boolean {
  return /^(?:IN|CH|HS|CLASS[0-9]+)$/i.test(text) && rclassOf(text) !== undefined
}

function unknownType(entry: Entry, at: number): { message: string; hint?: string } {
  const word = entry.words[at]!
  const message = `'${word.text}' is no type`
  const meant = suggest(word.text.toUpperCase(), RTYPE_MNEMONICS)
  if (meant !== undefined) return { message, hint: `did you mean ${meant}?` }
  if (word.text.startsWith('$')) return { message, hint: 'a directive begins in the first column' }
  if (entry.isIndented && at === 0) {
    return { message, hint: 'the line begins with a blank, so it has no owner of its own' }
  }
  if (!entry.isIndented && at === 1 && rtypeOf(entry.words[0]!.text) !== undefined) {
    return {
      message,
      hint: `'${entry.words[0]!.text}' is read as the owner; begin the line with a blank for the last owner`,
    }
  }
  return { message }
}

/** RFC 2308 section 4: $TTL; where there is none, RFC 1035: the last TTL; for a first SOA its minimum, as BIND does. */
function settleTtl(reading: Reading, head: Head, rdata: Uint8Array): number | undefined {
  if (head.ttl !== undefined) {
    reading.lastTtl = head.ttl
    return head.ttl
  }
  const known = reading.defaultTtl ?? reading.lastTtl
  if (known !== undefined || head.rtype !== Rtype.SOA) return known
  const minimum = rdata.subarray(rdata.length - 4).reduce((sum, octet) => sum * 256 + octet, 0)
  reading.lastTtl = minimum
  return minimum
}

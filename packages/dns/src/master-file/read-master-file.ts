import type { Name } from '../name.ts'
import type { Problem } from '../problem.ts'
import { RDATA_OCTETS_MAX } from '../rdata/parse-rdata.ts'
import type { PlacedRr } from '../rr.ts'
import { Writer } from '../writer.ts'
import { readDefaultTtl, readInclude, readOrigin, refuseDirective } from './directives.ts'
import { type Entry, EntryReader } from './entries.ts'
import { readGenerate } from './generate.ts'
import { addError, type Include, type OpenFile, type Reading } from './reading.ts'
import { readRecord } from './record.ts'
import { settleRrsets } from './settle-rrsets.ts'

/**
 * Reads a master file (RFC 1035 section 5, RFC 2308 section 4, RFC 3597 section 5, and BIND's TTL units and
 * $GENERATE): its records in order, and everything that is wrong with it. After an error reading goes on, so that
 * all of them are known at once; with any error among them the records are not complete.
 *
 * No file is opened here: `include` gives the text of the files that $INCLUDE names. Whether the records make a zone
 * (one SOA, nothing beside a CNAME, nothing outside) is not asked here.
 */
export function readMasterFile(source: MasterFileSource): { records: PlacedRr[]; problems: Problem[] } {
  const reading: Reading = {
    records: [],
    problems: [],
    include: source.include,
    defaultTtl: undefined,
    lastTtl: undefined,
    scratch: new Writer(new Uint8Array(RDATA_OCTETS_MAX)),
  }
  readFile(reading, openFile(source.file, source.text, source.origin, []))
  const settled = settleRrsets(reading.records)
  return { records: settled.records, problems: [...reading.problems, ...settled.problems] }
}

export interface MasterFileSource {
  /** For messages, and for `include` to resolve paths against. */
  readonly file: string
  readonly text: string
  /** What names without a final dot are relative to, until $ORIGIN says otherwise: the zone's apex. */
  readonly origin: Name
  readonly include?: Include
}

/** Files may include files to this depth. */
const INCLUDE_DEPTH_MAX = 16

function openFile(file: string, text: string, origin: Name, chain: readonly string[]): OpenFile {
  return { file, text, chain: [...chain, file], origin, owner: undefined, isOwnerLost: false }
}

function readFile(reading: Reading, open: OpenFile): void {
  const entries = new EntryReader(open.text)
  for (let entry = entries.next(); entry !== undefined; entry = entries.next()) {
    if (entry.fault !== undefined) addError(reading, open, entry.fault, entry.fault)
    else if (isDirective(entry)) readDirective(reading, open, entry)
    else readRecord(reading, open, entry)
  }
}

/** A directive begins in the first column; a name that begins with a dollar sign is written with a backslash. */
function isDirective(entry: Entry): boolean {
  return !entry.isIndented && !entry.words[0]!.quoted && entry.words[0]!.text.startsWith('$')
}

function readDirective(reading: Reading, open: OpenFile, entry: Entry): void {
  const read = DIRECTIVES[entry.words[0]!.text.toUpperCase()] ?? refuseDirective
  read(reading, open, entry)
}

/** Origin and owner of the including file are as before afterwards (RFC 1035 section 5.1). */
function includeFile(reading: Reading, open: OpenFile, entry: Entry): void {
  const request = readInclude(reading, open, entry)
  if (request === undefined) return
  const path = request.path.text.replace(/\\(.)/g, '$1')
  const found = reading.include?.(path, open.file) ?? { problem: '$INCLUDE is not possible here' }
  if ('problem' in found) {
    addError(reading, open, request.path, { message: `cannot include '${path}': ${found.problem}` })
  } else if (open.chain.includes(found.file)) {
    const circle = [...open.chain.slice(open.chain.indexOf(found.file)), found.file].join(' -> ')
    addError(reading, open, request.path, { message: `the file includes itself: ${circle}` })
  } else if (open.chain.length > INCLUDE_DEPTH_MAX) {
    addError(reading, open, request.path, {
      message: `files include files to a depth of more than ${INCLUDE_DEPTH_MAX}`,
    })
  } else readFile(reading, openFile(found.file, found.text, request.origin, open.chain))
}

const DIRECTIVES: Readonly<Record<string, (reading: Reading, open: OpenFile, entry: Entry) => void>> = {
  $ORIGIN: readOrigin,
  $TTL: readDefaultTtl,
  $INCLUDE: includeFile,
  $GENERATE: readGenerate,
}

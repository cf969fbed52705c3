import { equalNames, type Name, type Place, printName, printRdata, ROOT, Rtype, readMasterFile } from '@windrose/dns'
import { type Draft, note } from './draft.ts'
import { oneLine } from './one-line.ts'

/** A record for the master file, of a source that is none. */
export interface StaticRecord {
  readonly owner: Name
  /** Seconds. */
  readonly ttl: number
  readonly type: string
  /** In presentation format, names absolute. */
  readonly rdata: string
  readonly place: Place
}

/** The records of a zone of a source that is no master file. */
export interface ZoneRecords {
  readonly apex: Name
  /** Where they are from, as a comment names it. */
  readonly file: string
  readonly records: readonly StaticRecord[]
}

/** The master file. */
export function printZone(draft: Draft, { apex, file, records }: ZoneRecords): string {
  const place = records[0]?.place ?? { file, line: 1, column: 1 }
  const text = printStaticRecords(draft, records)
  return `; From ${oneLine(file)}.\n${missingAtApex(draft, { apex, text, place })}${text}`
}

/** Lines for the SOA and NS that a master file lacks, to be replaced: some sources leave them to a provider. */
export function missingAtApex(
  draft: Draft,
  { apex, text, place }: { readonly apex: Name; readonly text: string; readonly place: Place },
): string {
  const { records } = readMasterFile({ file: '', text, origin: apex })
  const ofApex = (rtype: number) => records.find((record) => record.rtype === rtype && equalNames(record.owner, apex))
  const server = ofApex(Rtype.NS)
  const serverName = server === undefined ? NOBODY : printRdata(Rtype.NS, server.rdata)
  const lines: string[] = []
  if (ofApex(Rtype.SOA) === undefined) {
    lines.push(`${printName(apex)} 900 SOA ${serverName} hostmaster.invalid. 1 7200 900 1209600 60\n`)
  }
  if (server === undefined) {
    const source = `NS of ${printName(apex)}`
    const why = 'the source does not say which servers the zone has'
    note(draft, 'to do', place, { source, why, instead: 'put the names of your servers into the master file' })
    lines.push(`${printName(apex)} 3600 NS ${NOBODY}\n`)
  }
  return lines.join('')
}

/** A name that can be nobody's, RFC 6761 section 6.4. */
const NOBODY = 'ns.invalid.'

/** How `zones` of windrose.yaml names a zone. */
export function zoneKey(apex: Name): string {
  const text = printName(apex)
  return text === '.' ? text : text.slice(0, -1)
}

/** Master file lines of records; those that no master file could hold are listed and left out. */
function printStaticRecords(draft: Draft, records: readonly StaticRecord[]): string {
  const lines = new Set<string>()
  for (const { owner, ttl, type, rdata, place } of records) {
    const line = `${printName(owner)} ${ttl} ${type} ${rdata}`
    const problem = /[\r\n]/.test(line) ? 'it has more than one line' : problemOf(line)
    if (problem === undefined) lines.add(line)
    else {
      const source = `${printName(owner)} ${type} ${rdata}`.slice(0, SOURCE_MAX)
      note(draft, 'left out', place, { source, why: problem, instead: 'write the record to the master file by hand' })
    }
  }
  return [...lines].map((line) => `${line}\n`).join('')
}

const SOURCE_MAX = 80

function problemOf(line: string): string | undefined {
  const { problems, records } = readMasterFile({ file: '', text: line, origin: ROOT })
  const error = problems.find(({ severity }) => severity === 'error')
  return error?.message ?? (records.length === 1 ? undefined : 'it is no record')
}

/** Types of which the last word, or another, is a name that some sources write without its final dot. */
const NAME_WORDS: ReadonlyMap<string, readonly number[]> = new Map([
  ['CNAME', [0]],
  ['DNAME', [0]],
  ['NS', [0]],
  ['PTR', [0]],
  ['MX', [1]],
  ['SRV', [3]],
  ['NAPTR', [5]],
  ['SVCB', [1]],
  ['HTTPS', [1]],
  ['SOA', [0, 1]],
])

/** Rdata whose names have their final dots. */
export function withFinalDots(type: string, rdata: string): string {
  const positions = NAME_WORDS.get(type)
  if (positions === undefined) return rdata
  const words = rdata.trim().split(/[ \t]+/)
  return words.map((word, i) => (positions.includes(i) && !word.endsWith('.') ? `${word}.` : word)).join(' ')
}

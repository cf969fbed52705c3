import { type LoadFigure, type Report, shortenReason } from '@windrose/health'
import type { TargetReport } from '../report-batch.ts'
import { decodeLatency, encodeLatency } from './latency-code.ts'
import { loadKey, targetKey } from './target-key.ts'

/**
 * Reports in octets, as agents write and servers read them: a change of a few, or all that an agent says.
 *
 *   0       format, 1
 *   1       0; other flags are for later formats
 *   2-5     incarnation
 *   6-9     sequence
 *   10-15   time, epoch milliseconds
 *   16-17   number of texts
 *   18-21   number of cells
 *   22-     texts, each an octet of length and UTF-8
 *   then    cells, 16 octets each, in ascending order of their keys
 *
 * A cell:
 *
 *   0-5     key: the first 48 bits of the target's id
 *   6       bits 0-1 verdict, 3 for a target that is dropped; bit 2 degraded; bit 3 a cell of its load goes with it
 *   7       latency, coded
 *   8-9     stability, seconds
 *   10-13   since, epoch seconds
 *   14-15   which text is the reason
 *
 * A cell of a load, which versions that know none take for a target that they do not have:
 *
 *   0-5     key: the second 48 bits of the target's id
 *   6       bit 4
 *   7-9     0
 *   10-13   the figure, a float of 32 bits; not a number where there is none
 *   14-15   which text says why there is none
 *
 * All numbers are big-endian. Whoever reads checks everything and throws nothing: a store is written to by many.
 */
export interface ReportRecord {
  readonly incarnation: number
  readonly sequence: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly texts: readonly string[]
  /** The cells. */
  readonly cells: DataView
  readonly count: number
}

export interface RecordContent {
  readonly incarnation: number
  readonly sequence: number
  readonly at: number
  readonly reports: Iterable<TargetReport>
  readonly dropped?: readonly string[]
}

export function encodeReports({ incarnation, sequence, at, reports, dropped = [] }: RecordContent): Uint8Array {
  const texts = new Map<string, number>()
  const rows: CellRow[] = []
  for (const report of reports) {
    const { target, reason, load } = report
    rows.push({ key: targetKey(target), report, text: textOf(texts, reason) })
    if (load !== undefined) {
      rows.push({ key: loadKey(target), load, text: textOf(texts, 'problem' in load ? load.problem : '') })
    }
  }
  for (const target of dropped) rows.push({ key: targetKey(target), text: textOf(texts, '') })
  rows.sort((a, b) => a.key - b.key)
  const encoded = [...texts.keys()].map((text) => encoder.encode(text))
  const textOctets = encoded.reduce((sum, text) => sum + 1 + text.length, 0)
  const octets = new Uint8Array(HEADER + textOctets + rows.length * CELL)
  const view = new DataView(octets.buffer)
  octets[0] = FORMAT
  view.setUint32(2, incarnation)
  view.setUint32(6, sequence)
  putUint48(view, 10, at)
  view.setUint16(16, encoded.length)
  view.setUint32(18, rows.length)
  let place = HEADER
  for (const text of encoded) {
    octets[place] = text.length
    octets.set(text, place + 1)
    place += 1 + text.length
  }
  for (const row of rows) {
    putCell(view, place, row)
    place += CELL
  }
  return octets
}

/** Of a target that is reported, of the load of one, or of one that is dropped. */
interface CellRow {
  readonly key: number
  readonly report?: TargetReport
  readonly load?: LoadFigure
  readonly text: number
}

function putCell(view: DataView, place: number, { key, report, load, text }: CellRow): void {
  putUint48(view, place, key)
  view.setUint16(place + 14, text)
  if (load !== undefined) {
    view.setUint8(place + 6, IS_LOAD)
    view.setFloat32(place + 10, 'figure' in load ? load.figure : Number.NaN)
  } else if (report !== undefined) {
    const flags = (report.degraded ? DEGRADED : 0) | (report.load === undefined ? 0 : HAS_LOAD)
    view.setUint8(place + 6, report.verdict | flags)
    view.setUint8(place + 7, encodeLatency(report.latencyMs))
    view.setUint16(place + 8, Math.min(Math.floor(report.stability), 0xffff))
    view.setUint32(place + 10, Math.floor(report.since / 1000))
  } else view.setUint8(place + 6, DROPPED)
}

/** Reads the header, the texts and the order of the cells; `problem` says what does not fit. */
export function decodeReports(octets: Uint8Array): ReportRecord | { readonly problem: string } {
  if (octets.length > RECORD_MAX) return { problem: `${octets.length} octets, more than ${RECORD_MAX}` }
  if (octets.length < HEADER) return { problem: `${octets.length} octets are no record` }
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  if (octets[0] !== FORMAT) return { problem: `format ${octets[0]}, not ${FORMAT}: written by another version` }
  const texts: string[] = []
  let place = HEADER
  for (let left = view.getUint16(16); left > 0; left--) {
    const end = place + 1 + (octets[place] ?? 0)
    if (end > octets.length) return { problem: 'a text is cut off' }
    texts.push(decoder.decode(octets.subarray(place + 1, end)))
    place = end
  }
  const count = view.getUint32(18)
  if (octets.length - place !== count * CELL) {
    return { problem: `${octets.length - place} octets of cells where ${count} cells are announced` }
  }
  const cells = new DataView(octets.buffer, octets.byteOffset + place, count * CELL)
  let before = -1
  for (let i = 0; i < count; i++) {
    const key = getUint48(cells, i * CELL)
    if (key <= before) return { problem: 'cells are not in ascending order' }
    before = key
    if (cells.getUint16(i * CELL + 14) >= texts.length) return { problem: 'a cell names a text that is not there' }
  }
  return {
    incarnation: view.getUint32(2),
    sequence: view.getUint32(6),
    at: getUint48(view, 10),
    texts,
    cells,
    count,
  }
}

export function cellKey({ cells }: ReportRecord, cell: number): number {
  return getUint48(cells, cell * CELL)
}

/** Whose report a cell is, and when it was made. */
export type ReportFrame = Pick<Report, 'agent' | 'vantage' | 'incarnation' | 'sequence' | 'target' | 'at'>

/** What a cell says; undefined for a target that is dropped. In one piece: half a million are read at a time. */
export function readCell({ cells, texts }: ReportRecord, cell: number, frame: ReportFrame): Report | undefined {
  const place = cell * CELL
  const word = cells.getUint8(place + 6)
  const verdict = word & 0b11
  if (verdict === DROPPED) return undefined
  return {
    agent: frame.agent,
    vantage: frame.vantage,
    incarnation: frame.incarnation,
    sequence: frame.sequence,
    target: frame.target,
    at: frame.at,
    verdict: verdict as Report['verdict'],
    since: cells.getUint32(place + 10) * 1000,
    stability: cells.getUint16(place + 8),
    reason: texts[cells.getUint16(place + 14)]!,
    degraded: (word & DEGRADED) !== 0,
    latencyMs: decodeLatency(cells.getUint8(place + 7)),
  }
}

/** Whether a cell of the target's load goes with a cell. */
export function hasLoad({ cells }: ReportRecord, cell: number): boolean {
  return (cells.getUint8(cell * CELL + 6) & HAS_LOAD) !== 0
}

/** What a cell of a load says; undefined where it is none. */
export function readLoadCell({ cells, texts }: ReportRecord, cell: number): LoadFigure | undefined {
  const place = cell * CELL
  if ((cells.getUint8(place + 6) & IS_LOAD) === 0) return undefined
  const figure = cells.getFloat32(place + 10)
  if (Number.isFinite(figure) && figure >= 0) return { figure }
  return { problem: texts[cells.getUint16(place + 14)]! }
}

/** The cell of a key, -1 if there is none. */
export function findCell({ cells, count }: ReportRecord, key: number): number {
  let low = 0
  let high = count - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = getUint48(cells, middle * CELL)
    if (found === key) return middle
    if (found < key) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** An agent with 200,000 targets writes less. */
export const RECORD_MAX: number = 4 * 2 ** 20

const FORMAT = 1
const HEADER = 22
const CELL = 16
const DROPPED = 3
const DEGRADED = 1 << 2
const HAS_LOAD = 1 << 3
const IS_LOAD = 1 << 4

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function textOf(texts: Map<string, number>, reason: string): number {
  const text = shortenReason(reason)
  const known = texts.get(text)
  if (known !== undefined) return known
  // Where there are too many to number, the reason of the first stands for the rest.
  if (texts.size >= 0xffff) return 0
  texts.set(text, texts.size)
  return texts.size - 1
}

function putUint48(view: DataView, place: number, value: number): void {
  view.setUint16(place, Math.floor(value / 2 ** 32))
  view.setUint32(place + 2, value % 2 ** 32)
}

function getUint48(view: DataView, place: number): number {
  return view.getUint16(place) * 2 ** 32 + view.getUint32(place + 2)
}

import type { Name } from '../name.ts'
import type { Problem } from '../problem.ts'
import type { PlacedRr } from '../rr.ts'
import type { Writer } from '../writer.ts'

/** How the text of an included file is fetched: `path` as written, `from` the file that includes it. */
export type Include = (path: string, from: string) => { file: string; text: string } | { problem: string }

/** What is gathered while a master file and those that it includes are read. */
export interface Reading {
  readonly records: PlacedRr[]
  readonly problems: Problem[]
  readonly include: Include | undefined
  /** $TTL, in seconds; like BIND's it stays in force after the file that set it. */
  defaultTtl: number | undefined
  /** The last TTL that a record gave, or the SOA minimum. */
  lastTtl: number | undefined
  readonly scratch: Writer
}

/** One file that is being read. */
export interface OpenFile {
  readonly file: string
  readonly text: string
  /** The files that include one another down to this one, this one last. */
  readonly chain: readonly string[]
  origin: Name
  /** The last owner; undefined before the first. */
  owner: Name | undefined
  /** The last owner could not be read, so records without one of their own are checked but not kept. */
  isOwnerLost: boolean
  lines?: readonly string[]
}

/** Where in a file, as words and faults have it. */
export interface Spot {
  readonly line: number
  readonly column: number
}

export function addError(reading: Reading, open: OpenFile, spot: Spot, text: { message: string; hint?: string }): void {
  reading.problems.push(problemAt('error', open, spot, text))
}

export function addWarning(
  reading: Reading,
  open: OpenFile,
  spot: Spot,
  text: { message: string; hint?: string },
): void {
  reading.problems.push(problemAt('warning', open, spot, text))
}

function problemAt(
  severity: Problem['severity'],
  open: OpenFile,
  spot: Spot,
  text: { message: string; hint?: string },
): Problem {
  open.lines ??= open.text.split(/\r?\n/)
  const sourceLine = open.lines[spot.line - 1] ?? ''
  const place = { file: open.file, line: spot.line, column: spot.column }
  const { message, hint } = text
  return { severity, place, message, ...(hint === undefined ? {} : { hint }), sourceLine }
}

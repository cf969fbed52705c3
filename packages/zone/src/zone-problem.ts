import { type Place, type PlacedRr, type Problem, printRtype } from '@windrose/dns'

/** What is wrong and what to do about it, for the people who keep the file. */
export interface Finding {
  readonly message: string
  readonly hint: string
}

/** A problem that makes the zone unusable. */
export function refuse(place: Place, finding: Finding): Problem {
  return { severity: 'error', place, ...finding }
}

/** A problem with which the zone can be served. */
export function warn(place: Place, finding: Finding): Problem {
  return { severity: 'warning', place, ...finding }
}

/** A place in another file or further away in this one: `zones/example.org.zone:12`. */
export function printPlace(place: Place): string {
  return `${place.file}:${place.line}`
}

/** The types of the records, each once: `A, MX, TXT`. */
export function printTypes(records: readonly PlacedRr[]): string {
  return [...new Set(records.map((record) => record.rtype))].map(printRtype).join(', ')
}

/** Problems in the order in which someone reads the files. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => comparePlaces(a.place, b.place))
}

function comparePlaces(a: Place, b: Place): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

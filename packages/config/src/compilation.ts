import type { Problem } from '@windrose/dns'
import type { DocumentPath } from './document-path.ts'
import type { FileReader } from './file-reader.ts'
import type { Settings } from './schema.ts'
import { type Finding, problemAt, type SourceDocument } from './source-document.ts'

/** What every part of the compilation works on. Only the list of problems grows. */
export interface Compilation {
  readonly document: SourceDocument
  readonly settings: Settings
  /** Entries that were left out because their shape is wrong: `sites/fra`. */
  readonly leftOut: ReadonlySet<string>
  readonly reader: FileReader
  readonly problems: Problem[]
}

/** Notes what is wrong in the configuration file. */
export function report(compilation: Compilation, finding: Finding): void {
  compilation.problems.push(problemAt(compilation.document, finding))
}

/** Notes an error at the value of a path. */
export function reportError(compilation: Compilation, path: DocumentPath, message: string, hint?: string): void {
  report(compilation, { severity: 'error', path, message, hint })
}

/** Notes an error or warning at the key that a path ends with. */
export function reportAtKey(compilation: Compilation, finding: Omit<Finding, 'at'>): void {
  report(compilation, { ...finding, at: { path: finding.path, part: 'key' } })
}

/** Notes what several parts of the compilation may find at the same key. */
export function reportOnce(compilation: Compilation, finding: Omit<Finding, 'at'>): void {
  const problem = problemAt(compilation.document, { ...finding, at: { path: finding.path, part: 'key' } })
  if (!compilation.problems.some((other) => sameProblem(other, problem))) compilation.problems.push(problem)
}

function sameProblem(a: Problem, b: Problem): boolean {
  return a.message === b.message && a.place.line === b.place.line && a.place.column === b.place.column
}

/** Whether a name stands in a section, be it in an entry that was left out. */
export function isKnown(compilation: Compilation, section: 'sites' | 'checks' | 'services', name: string): boolean {
  return Object.hasOwn(compilation.settings[section], name) || isLeftOut(compilation, section, name)
}

/** Whether an entry, or its whole section, could not be read: then what refers to it is not to blame. */
export function isLeftOut(compilation: Compilation, section: string, name: string): boolean {
  return compilation.leftOut.has(section) || compilation.leftOut.has(`${section}/${name}`)
}

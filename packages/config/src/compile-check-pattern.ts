import { type Compilation, reportError } from './compilation.ts'
import type { DocumentPath } from './document-path.ts'

/** Agents match with the same engine, on a thread of its own and for a bounded time. */
export function refuseBadPattern(compilation: Compilation, path: DocumentPath, pattern: string | undefined): void {
  if (pattern === undefined) return
  try {
    new RegExp(pattern, 'u')
  } catch (error) {
    const what = (error as Error).message.replace(/^.*\/u?: /s, '')
    reportError(compilation, path, `not a regular expression: ${what}`, 'the syntax is that of JavaScript')
  }
}

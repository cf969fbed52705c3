import type { DocumentPath } from './document-path.ts'
import type { SourceDocument } from './source-document.ts'

/** What the file says at a path; undefined where it says nothing. */
export function valueAt(document: Pick<SourceDocument, 'value'>, path: DocumentPath): unknown {
  let value: unknown = document.value
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[key]
  }
  return value
}

import { readDocument } from '@windrose/config/document'
import { type Draft, note } from './draft.ts'
import { JsonView } from './json-view.ts'
import type { SourceFiles } from './source-files.ts'

/** A YAML or JSON file; undefined and findings when it cannot be read. */
export function readJson(draft: Draft, files: SourceFiles, path: string): JsonView | undefined {
  const content = files.read(path)
  const start = { file: path, line: 1, column: 1 }
  if ('problem' in content) {
    note(draft, 'unreadable', start, { source: path, why: content.problem, instead: 'give the path of a file' })
    return undefined
  }
  const { document, problems } = readDocument(path, content.text)
  for (const { place, message, hint } of problems) {
    note(draft, 'unreadable', place, { source: path, why: message, instead: hint ?? 'mend it and import again' })
  }
  return document === undefined ? undefined : new JsonView(document)
}

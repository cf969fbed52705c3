import { isMap, isScalar } from 'yaml'
import type { DocumentPath } from './document-path.ts'
import { nodeAt, type SourceDocument } from './source-document.ts'

/**
 * The entries of a mapping in the order of the file.
 *
 * JavaScript moves keys that look like whole numbers to the front, and the order of pools is a meaning.
 */
export function entriesInOrder<Value>(
  document: SourceDocument,
  path: DocumentPath,
  values: Readonly<Record<string, Value>>,
): (readonly [key: string, value: Value])[] {
  const node = nodeAt(document, path)
  if (!isMap(node)) return Object.entries(values)
  // A key that is given twice was refused when the file was read.
  const names = new Set(node.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')))
  return [...names].flatMap((name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    return value === undefined ? [] : [[name, value] as const]
  })
}

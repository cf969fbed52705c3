import type { Place, Problem } from '@windrose/dns'
import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import type { AliasTargets } from './alias-targets.ts'
import { type DocumentPath, printPath } from './document-path.ts'
import { lineAt, placeAt, type SourceText } from './source-text.ts'

/** A YAML file that was read: its plain value, and the place of everything in it. */
export interface SourceDocument {
  readonly source: SourceText
  readonly yaml: Document
  readonly targets: AliasTargets
  /** Objects, arrays and scalars; undefined when the file says nothing. */
  readonly value: unknown
  /** The entries of the mappings that were looked into, by key. */
  readonly pairs: WeakMap<YAMLMap, ReadonlyMap<string, Pair>>
}

/** Which part of a mapping's entry is meant: the key (`"polcy"`) or its value. */
export type EntryPart = 'key' | 'value'

/** What is wrong, by the path that is printed before the message. */
export interface Finding {
  readonly severity: Problem['severity']
  readonly path: DocumentPath
  /** What the caret points at, where it is not the value at `path`. */
  readonly at?: { readonly path: DocumentPath; readonly part: EntryPart }
  readonly message: string
  readonly hint?: string | undefined
}

/** A finding with its place and its line, as it is printed: the message starts with the path. */
export function problemAt(document: SourceDocument, finding: Finding): Problem {
  const place = placeOf(document, finding.at?.path ?? finding.path, finding.at?.part ?? 'value')
  const where = printPath(finding.path)
  return {
    severity: finding.severity,
    place,
    message: where === '' ? finding.message : `${where}: ${finding.message}`,
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
    sourceLine: lineAt(document.source, place.line),
  }
}

/** Where the node at a path is; the nearest node above it when there is none. */
export function placeOf(document: SourceDocument, path: DocumentPath, part: EntryPart): Place {
  let node: unknown = document.yaml.contents
  let offset = startOf(node) ?? 0
  path.forEach((segment, depth) => {
    const target = isAlias(node) ? document.targets.get(node) : node
    const last = depth === path.length - 1
    if (isMap(target)) {
      const pair = pairOf(document, target, String(segment))
      node = pair?.value
      offset = startOf(last && part === 'key' ? pair?.key : pair?.value) ?? startOf(pair?.key) ?? offset
    } else if (isSeq(target)) {
      node = target.items[Number(segment)]
      offset = startOf(node) ?? offset
    } else node = undefined
  })
  return placeAt(document.source, offset)
}

/** The text of the scalar at a path as the file writes it, or undefined when there is no such scalar. */
export function scalarSource(document: SourceDocument, path: DocumentPath): string | undefined {
  const node = nodeAt(document, path)
  return isScalar(node) ? node.source : undefined
}

/** The node at a path with aliases followed, or undefined when there is none. */
export function nodeAt(document: SourceDocument, path: DocumentPath): unknown {
  let node: unknown = document.yaml.contents
  for (const segment of path) {
    const target = isAlias(node) ? document.targets.get(node) : node
    if (isMap(target)) node = pairOf(document, target, String(segment))?.value
    else if (isSeq(target)) node = target.items[Number(segment)]
    else return undefined
  }
  return isAlias(node) ? document.targets.get(node) : node
}

function pairOf(document: SourceDocument, map: YAMLMap, key: string): Pair | undefined {
  let pairs = document.pairs.get(map)
  if (pairs === undefined) {
    pairs = new Map(map.items.map((pair) => [isScalar(pair.key) ? String(pair.key.value) : '', pair]))
    document.pairs.set(map, pairs)
  }
  return pairs.get(key)
}

function startOf(node: unknown): number | undefined {
  const range = isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range : undefined
  return range?.[0]
}

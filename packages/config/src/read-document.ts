import type { Problem } from '@windrose/dns'
import { type Document, parseDocument } from 'yaml'
import { aliasTargets } from './alias-targets.ts'
import type { SourceDocument } from './source-document.ts'
import { lineAt, placeAt, type SourceText, sourceText } from './source-text.ts'
import { yamlFault } from './yaml-fault.ts'
import { type NodeFault, yamlValue } from './yaml-value.ts'

/**
 * Reads YAML 1.2 (and so JSON) and keeps the place of everything.
 *
 * Stricter than YAML must be: no YAML 1.1, no tags of one's own, no key twice, keys are texts, aliases are bounded.
 * Never throws. `document` is missing when the text has no value that could be looked at any further.
 */
export function readDocument(
  file: string,
  text: string,
): { readonly document?: SourceDocument; readonly problems: readonly Problem[] } {
  const source = sourceText(file, text)
  const tooMuch = unreasonable(source)
  if (tooMuch !== undefined) return { problems: [problemOf(source, tooMuch)] }
  let yaml: Document
  try {
    // `uniqueKeys` compares every key with all before it: a minute for a hundred thousand names. yamlValue does it.
    yaml = parseDocument(text, { version: '1.2', uniqueKeys: false, stringKeys: true, prettyErrors: false })
  } catch {
    return { problems: [problemOf(source, { offset: 0, message: 'not valid YAML' })] }
  }
  const faults = [...yaml.warnings, ...yaml.errors].map((error) => yamlFault(error, text))
  if (yaml.directives?.yaml.version === '1.1') {
    faults.push({
      offset: Math.max(0, text.indexOf('%YAML')),
      message: 'YAML 1.1 is not read',
      hint: 'remove the line',
    })
  }
  // After a grammatical error the rest of the tree is a guess.
  if (yaml.errors.length > 0) return { problems: firstOfEachLine(faults.map((fault) => problemOf(source, fault))) }
  const targets = aliasTargets(yaml)
  const { value, faults: valueFaults, keysTwice } = yamlValue(yaml, targets)
  const problems = [...faults, ...valueFaults, ...keysTwice].map((fault) => problemOf(source, fault))
  return valueFaults.length > 0
    ? { problems }
    : { document: { source, yaml, targets, value, pairs: new WeakMap() }, problems }
}

function problemOf(source: SourceText, fault: NodeFault): Problem {
  const end = source.text.trimEnd().length
  const place = placeAt(source, Math.min(fault.offset, Math.max(0, end)))
  return {
    severity: 'error',
    place,
    message: fault.message,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
    sourceLine: lineAt(source, place.line),
  }
}

/** The parser recurses and can end the process when it runs out of stack: what no person writes is not handed to it. */
function unreasonable(source: SourceText): NodeFault | undefined {
  if (source.text.length > TEXT_MAX) return { offset: 0, message: `longer than ${TEXT_MAX / 1_048_576} MiB` }
  let depth = 0
  for (const bracket of source.text.matchAll(/[[{\]}]/g)) {
    depth = bracket[0] === '[' || bracket[0] === '{' ? depth + 1 : Math.max(0, depth - 1)
    if (depth > DEPTH_MAX)
      return { offset: bracket.index, message: `more than ${DEPTH_MAX} brackets inside each other` }
  }
  const nest = /^[ \t]*(?:[-?:][ \t]+){32}/m.exec(source.text)
  return nest === null ? undefined : { offset: nest.index, message: 'more than 32 lists inside each other' }
}

/** One mistake often makes the parser report several on one line; the first says most. */
function firstOfEachLine(problems: readonly Problem[]): Problem[] {
  const lines = new Set<number>()
  return problems.filter((problem) => {
    const isFirst = !lines.has(problem.place.line)
    lines.add(problem.place.line)
    return isFirst && lines.size <= SYNTAX_PROBLEMS_MAX
  })
}

const TEXT_MAX = 16 * 1_048_576
const DEPTH_MAX = 100
const SYNTAX_PROBLEMS_MAX = 10

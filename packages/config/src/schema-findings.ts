import { suggestName } from '@windrose/health'
import type { z } from 'zod'
import { allowedKeys, allowedWords } from './allowed-keys.ts'
import { didYouMean } from './did-you-mean.ts'
import type { DocumentPath } from './document-path.ts'
import { type Finding, type SourceDocument, scalarSource } from './source-document.ts'

/**
 * What a schema has against a value, said for people: never "Invalid input", always with what would be right.
 *
 * A message of the schema's own may have a second line: that is the hint.
 */
export function schemaFindings(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  document: SourceDocument,
): Finding[] {
  const found = issues.flatMap((issue) => issueFindings(issue, [], { schema, document }))
  return found
    .filter((finding) => !isConsequence(finding, found))
    .map(({ path, at, message, hint }) => ({
      severity: 'error',
      path,
      ...(at === undefined ? {} : { at }),
      message,
      ...(hint === undefined ? {} : { hint }),
    }))
}

/** For `safeParse`: the message of an issue for which the schema has no own. */
export function issueMessage(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${EXPECTED[String(issue.expected)] ?? issue.expected}, found ${kindOf(issue.input)}`
    case 'invalid_value':
      return `expected ${(issue.values as unknown[])
        .map(String)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1')}`
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty'
      return issue.origin === 'array' ? `needs at least ${count(issue.minimum)}` : `must be at least ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'string') return `longer than ${issue.maximum} characters`
      return issue.origin === 'array' ? `has at most ${count(issue.maximum)}` : `must be at most ${issue.maximum}`
    default:
      return 'not understood'
  }
}

interface SchemaFinding extends Finding {
  readonly code?: string
  /** The required key that is not there. */
  readonly absentKey?: string
  /** For an unknown key: the known one that it is taken for. */
  readonly meantKey?: string | undefined
}

interface Context {
  readonly schema: z.ZodType
  readonly document: SourceDocument
}

function issueFindings(issue: z.core.$ZodIssue, above: DocumentPath, context: Context): SchemaFinding[] {
  const path = [...above, ...issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)))]
  const [message = '', hint] = issue.message.split('\n')
  const finding: SchemaFinding = { severity: 'error', path, message, hint, code: issue.code }
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, context))
    case 'invalid_key':
      return issue.issues.slice(0, 1).map((inner) => {
        const [innerMessage = '', innerHint] = inner.message.split('\n')
        return { ...finding, at: { path, part: 'key' }, message: innerMessage, hint: innerHint }
      })
    case 'invalid_union': {
      const near = nearestBranch(issue.errors)
      if (near !== undefined) return near.flatMap((inner) => issueFindings(inner, path, context))
      const value = valueAt(context.document.value, path)
      if (value === undefined) return [absent(finding)]
      const meant = typeof value === 'string' ? didYouMean(value, allowedWords(context.schema, path)) : undefined
      return [{ ...finding, hint: meant ?? hint }]
    }
    case 'invalid_value': {
      const value = valueAt(context.document.value, path)
      if (value === undefined) return [absent(finding)]
      const meant = typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : undefined
      return [{ ...finding, hint: hint ?? meant }]
    }
    case 'invalid_type': {
      const value = valueAt(context.document.value, path)
      if (issue.expected === 'never') return [{ ...finding, at: { path, part: 'key' } }]
      return [
        value === undefined
          ? absent(finding)
          : { ...finding, hint: hint ?? quoteIt(issue.expected, value, path, context) },
      ]
    }
    default:
      return [finding]
  }
}

function unknownKey(key: string, path: DocumentPath, context: Context): SchemaFinding {
  const known = allowedKeys(context.schema, path)
  const meant = suggestName(key, known)
  const list = known.length === 0 ? undefined : `known here: ${known.join(', ')}`
  const hint = meant === undefined ? list : `did you mean "${meant}"?`
  return {
    severity: 'error',
    path,
    at: { path: [...path, key], part: 'key' },
    message: `unknown key "${key}"`,
    hint: key.includes(':') ? 'put an IPv6 address in quotes' : hint,
    code: 'unrecognized_keys',
    meantKey: meant,
  }
}

/** A required key that is not there is told at the mapping that should have it. */
function absent(finding: SchemaFinding): SchemaFinding {
  const key = String(finding.path.at(-1) ?? '')
  const path = finding.path.slice(0, -1)
  const { severity, hint } = finding
  return { severity, path, at: { path, part: 'key' }, message: `needs "${key}"`, hint, absentKey: key }
}

/** Whether an unknown key of the same mapping explains it: the missing key was misspelt, or the rule cannot be met. */
function isConsequence(finding: SchemaFinding, found: readonly SchemaFinding[]): boolean {
  if (finding.absentKey === undefined && finding.code !== 'custom') return false
  return found.some(
    (other) =>
      other.code === 'unrecognized_keys' &&
      samePath(other.path, finding.path) &&
      (finding.code === 'custom' || other.meantKey === finding.absentKey),
  )
}

function samePath(a: DocumentPath, b: DocumentPath): boolean {
  return a.length === b.length && a.every((segment, i) => segment === b[i])
}

/** The branch of a union that the value was meant to be: one whose kind of value fits, with the fewest faults. */
function nearestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const fitting = branches.filter(
    (issues) => issues.length > 0 && !issues.some((issue) => issue.path.length === 0 && isWrongKind(issue)),
  )
  return fitting.sort((a, b) => a.length - b.length)[0]
}

function isWrongKind(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_union') return nearestBranch(issue.errors) === undefined
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

/** YAML reads 1.10 as a number and yes-no words as truth values; the person meant what is written. */
function quoteIt(expected: string, value: unknown, path: DocumentPath, context: Context): string | undefined {
  if (expected !== 'string' || (typeof value !== 'number' && typeof value !== 'boolean')) return undefined
  return `quote it: "${scalarSource(context.document, path) ?? String(value)}"`
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  let at = value
  for (const segment of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Record<string | number, unknown>)[segment]
  }
  return at
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
}

function count(entries: unknown): string {
  return entries === 1 ? 'one entry' : `${entries} entries`
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping (KEY: VALUE)',
  record: 'a mapping (NAME: VALUE)',
  array: 'a list',
  tuple: 'a list',
}

import type { z } from 'zod'
import { configurationSchema, type Settings } from './schema.ts'
import { issueMessage, schemaFindings } from './schema-findings.ts'
import type { Finding, SourceDocument } from './source-document.ts'

/** What a document says, as far as its shape is right. */
export interface ReadSettings {
  /** Without the entries whose shape is wrong; missing when too little would be left to look at. */
  readonly settings?: Settings
  /** What is wrong with the shape. */
  readonly findings: readonly Finding[]
  /** Sections and entries (`services.web` as `services/web`) that were left out: what refers to them is not to blame. */
  readonly leftOut: ReadonlySet<string>
}

/**
 * Checks the shape of a configuration.
 *
 * A wrong entry does not hide what is wrong elsewhere: it is left out and the rest is read on, so that one run lists
 * everything. An unknown key is left out alone, any other fault takes its whole entry (a site, a service) with it.
 */
export function readSettings(document: SourceDocument): ReadSettings {
  if (typeof document.value !== 'object' || document.value === null || Array.isArray(document.value)) {
    const message = (document.value ?? null) === null ? EMPTY : NOT_A_MAPPING
    return { findings: [{ severity: 'error', path: [], message }], leftOut: new Set() }
  }
  const value = withoutEmptySections(document.value as Record<string, unknown>)
  const first = configurationSchema.safeParse(value, { error: issueMessage })
  if (first.success) return { settings: first.data, findings: [], leftOut: new Set() }
  const findings = schemaFindings(first.error.issues, configurationSchema, document)
  const leftOut = new Set<string>()
  const rest = structuredClone(value)
  leaveOut(rest, first.error.issues, leftOut)
  const second = configurationSchema.safeParse(rest)
  if (second.success) return { settings: second.data, findings, leftOut }
  leaveOut(rest, second.error.issues, leftOut)
  const third = configurationSchema.safeParse(rest)
  return third.success ? { settings: third.data, findings, leftOut } : { findings, leftOut }
}

/** A section whose entries are all commented out is as good as one that is not there. */
function withoutEmptySections(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null))
}

function leaveOut(value: Record<string, unknown>, issues: readonly z.core.$ZodIssue[], leftOut: Set<string>): void {
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      const mapping = issue.path.reduce<unknown>(entryOf, value)
      for (const key of issue.keys) if (isMapping(mapping)) delete mapping[key]
      continue
    }
    const [section, entry] = issue.path.map(String)
    if (section === undefined) continue
    const entries = value[section]
    if (entry !== undefined && NAMED_SECTIONS.has(section) && isMapping(entries)) {
      delete entries[entry]
      leftOut.add(`${section}/${entry}`)
    } else {
      delete value[section]
      leftOut.add(section)
    }
  }
}

function entryOf(mapping: unknown, key: PropertyKey): unknown {
  return typeof mapping === 'object' && mapping !== null ? (mapping as Record<PropertyKey, unknown>)[key] : undefined
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Sections whose keys are names that people choose. */
const NAMED_SECTIONS: ReadonlySet<string> = new Set(['sites', 'checks', 'services', 'zones'])

const NOT_A_MAPPING = 'expected a mapping (KEY: VALUE)'
const EMPTY = 'the file holds no configuration'

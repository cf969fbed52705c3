import { suggestName } from '@windrose/health'
import type { z } from 'zod'
import { allowedKeys } from './allowed-keys.ts'
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
 * everything. An unknown key is left out alone, or taken for the one that was meant; any other fault takes its whole entry
 * (a site, a service) with it.
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
  let { issues } = first.error
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const unknownKeys = issues.filter(({ code }) => code === 'unrecognized_keys')
    leaveOut(rest, unknownKeys.length > 0 ? unknownKeys : issues, leftOut)
    const again = configurationSchema.safeParse(rest)
    if (again.success) return { settings: again.data, findings, leftOut }
    issues = again.error.issues
  }
  return { findings, leftOut }
}

/** Unknown keys, what they hid, and what is wrong in the entries themselves: more than enough. */
const PASSES_MAX = 6

/** A section whose entries are all commented out is as good as one that is not there. */
function withoutEmptySections(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null))
}

function leaveOut(value: Record<string, unknown>, issues: readonly z.core.$ZodIssue[], leftOut: Set<string>): void {
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      const mapping = issue.path.reduce<unknown>(entryOf, value)
      for (const key of issue.keys) {
        const meant = suggestName(key, allowedKeys(configurationSchema, issue.path.map(segmentOf)))
        if (isMapping(mapping)) renameKey(mapping, key, meant)
        if (issue.path.length === 0 && meant !== undefined) leftOut.add(meant)
      }
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

/**
 * Gives a scalar the key that was meant; anything else goes, because what is inside would be told without its place.
 */
function renameKey(mapping: Record<string, unknown>, key: string, meant: string | undefined): void {
  const value = mapping[key]
  if (meant !== undefined && typeof value !== 'object' && !Object.hasOwn(mapping, meant)) mapping[meant] = value
  delete mapping[key]
}

function segmentOf(segment: PropertyKey): string | number {
  return typeof segment === 'number' ? segment : String(segment)
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

import type { MapRule } from '@windrose/geo'
import { printPrefix, readPrefix } from '@windrose/ip'
import { type Compilation, isKnown, reportError } from './compilation.ts'
import type { Site } from './configuration.ts'
import { didYouMean } from './did-you-mean.ts'
import type { DocumentPath } from './document-path.ts'
import { embeddingProblem } from './embedding-prefix.ts'
import type { Vantage } from './health-configuration.ts'
import { readDocument } from './read-document.ts'
import { relativeFile } from './relative-file.ts'
import { type GeoOverrideSettings, overrideFileSchema } from './schema/geo.ts'
import { issueMessage, schemaFindings } from './schema-findings.ts'
import { problemAt, type SourceDocument } from './source-document.ts'

/** The overrides of the file and of the files that it names, in that order. */
export function compileOverrides(
  compilation: Compilation,
  sites: readonly Site[],
  vantages: readonly Vantage[],
): MapRule[] {
  const rules: MapRule[] = []
  const seen = new Map<string, string>()
  compilation.settings.geo.overrides.forEach((entry, i) => {
    const path = ['geo', 'overrides', i]
    if (typeof entry !== 'string') {
      addRule(compilation, { sites, vantages, rules, seen }, { document: compilation.document, path, entry })
      return
    }
    const file = readOverrideFile(compilation, entry, path)
    file?.entries.forEach((fileEntry, j) => {
      addRule(compilation, { sites, vantages, rules, seen }, { document: file.document, path: [j], entry: fileEntry })
    })
  })
  return rules
}

interface Rules {
  readonly sites: readonly Site[]
  readonly vantages: readonly Vantage[]
  readonly rules: MapRule[]
  /** Where each prefix was first. */
  readonly seen: Map<string, string>
}

interface PlacedOverride {
  readonly document: SourceDocument
  readonly path: DocumentPath
  readonly entry: GeoOverrideSettings
}

function addRule(compilation: Compilation, { sites, vantages, rules, seen }: Rules, placed: PlacedOverride): void {
  const { document, path, entry } = placed
  const note = (severity: 'error' | 'warning', at: DocumentPath, message: string, hint?: string): void => {
    compilation.problems.push(problemAt(document, { severity, path: [...path, ...at], message, hint }))
  }
  const indexes = entry.sites.flatMap((name, i) => {
    const index = sites.findIndex((site) => site.name === name)
    if (index !== -1 || isKnown(compilation, 'sites', name)) return [index]
    const hint = didYouMean(
      name,
      sites.map((site) => site.name),
    )
    note('error', ['sites', i], `there is no site "${name}"`, hint)
    return []
  })
  const view = vantages.findIndex(({ name }) => name === entry.vantage) + 1
  if (entry.vantage !== undefined && view === 0 && !compilation.leftOut.has('health')) {
    const names = vantages.map(({ name }) => name)
    const hint = didYouMean(entry.vantage, names) ?? 'give it an entry in "health.vantages"'
    note('error', ['vantage'], `there is no vantage "${entry.vantage}"`, hint)
  }
  const read = readPrefix(entry.prefix)
  if (read === undefined) {
    note('error', ['prefix'], `"${entry.prefix}" is not a prefix`, 'for example 10.20.0.0/16 or "2001:db8::/32"')
    return
  }
  const text = printPrefix(read.prefix)
  if (read.hostBitsSet) {
    note('warning', ['prefix'], `${entry.prefix} has bits set beyond its length: taken as ${text}`)
  }
  const problem = embeddingProblem(read.prefix)
  if (problem !== undefined) note('error', ['prefix'], problem.message, problem.hint)
  const place = problemAt(document, { severity: 'error', path: [...path, 'prefix'], message: '' }).place
  const before = seen.get(text)
  if (before !== undefined) note('error', ['prefix'], `${text} is there twice`, `first at ${before}`)
  else seen.set(text, `${place.file}:${place.line}:${place.column}`)
  rules.push({ prefix: read.prefix, sites: indexes, ...(view === 0 ? {} : { view }), comment: entry.comment ?? '' })
}

function readOverrideFile(
  compilation: Compilation,
  name: string,
  path: DocumentPath,
): { document: SourceDocument; entries: readonly GeoOverrideSettings[] } | undefined {
  const read = compilation.reader.read(relativeFile(compilation.document.source.file, name))
  if ('problem' in read) {
    reportError(compilation, path, read.problem, /\/\d+$/.test(name) ? PREFIX_HINT : undefined)
    return undefined
  }
  const { document, problems } = readDocument(read.file, read.text)
  compilation.problems.push(...problems)
  if (document === undefined) return undefined
  const entries = overrideFileSchema.safeParse(document.value ?? [], { error: issueMessage })
  if (entries.success) return { document, entries: entries.data }
  for (const finding of schemaFindings(entries.error.issues, overrideFileSchema, document)) {
    compilation.problems.push(problemAt(document, finding))
  }
  return undefined
}

const PREFIX_HINT = 'for a prefix write { prefix: PREFIX, sites: [SITE] }'

import { parse } from 'yaml'
import type { ImportResult } from './import-result.ts'

/** windrose.yaml as plain values. */
export interface ImportedConfiguration {
  readonly listen?: readonly string[]
  readonly server?: Readonly<Record<string, unknown>>
  readonly geo?: Readonly<Record<string, unknown>>
  readonly sites: Readonly<Record<string, unknown>>
  readonly checks: Readonly<Record<string, unknown>>
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly zones: Readonly<
    Record<string, { readonly records: string; readonly steer?: Readonly<Record<string, string>> }>
  >
}

export function configurationOf({ files }: ImportResult): ImportedConfiguration {
  const [configuration] = files
  if (configuration?.path !== 'windrose.yaml') throw new Error('nothing was imported')
  return { sites: {}, checks: {}, services: {}, zones: {}, ...parse(configuration.text) }
}

/** The master file of a zone, without its first line, which names the source. */
export function recordsOf({ files }: ImportResult, zone: string): string {
  const file = files.find(({ path }) => path === `zones/${zone}.zone`)
  if (file === undefined) throw new Error(`there is no zone ${zone}`)
  return file.text.replace(/^; From .*\n/, '')
}

/** Findings as `FILE:LINE:COLUMN KIND: SOURCE: WHY`. */
export function findingsOf({ findings }: ImportResult): string[] {
  return findings.map(
    ({ kind, place, source, why }) => `${place.file}:${place.line}:${place.column} ${kind}: ${source}: ${why}`,
  )
}

import { basename, dirname, join } from 'node:path'
import { equalNames, isWithin, type Name, nameKey, printName, readName } from '@windrose/dns'
import { addService, type MadeServices } from '../add-service.ts'
import { type Draft, type DraftSteering, newDraft, note } from '../draft.ts'
import { finishDraft, type ImportResult, unreadable } from '../import-result.ts'
import type { JsonView } from '../json-view.ts'
import { printOwner } from '../master-file/steered-owner.ts'
import { readJson } from '../read-json.ts'
import type { SourceFiles } from '../source-files.ts'
import { printZone, type StaticRecord, zoneKey } from '../static-records.ts'
import { type OctodnsRecord, readRecords } from './record.ts'
import { rdataOf } from './record-rdata.ts'
import { recipeOf } from './record-recipe.ts'

/**
 * Zones in octoDNS's YAML as a configuration of windrose. `input` is a file named like its zone (`example.com.yaml`), or a
 * folder of such files; a folder named like a zone has its records in several files.
 */
export function importOctodns(files: SourceFiles, input: string, databases: readonly string[] = []): ImportResult {
  const draft = newDraft('octoDNS', databases)
  const zones = findZones(files, input)
  if (zones.length === 0) {
    const place = { file: input, line: 1, column: 1 }
    const instead = 'give a file that is named like its zone, such as example.com.yaml, or a folder of such files'
    note(draft, 'unreadable', place, { source: input, why: 'there is no YAML file', instead })
    return unreadable(draft)
  }
  const made: MadeServices = new Map()
  for (const zone of zones) importZone(draft, files, zone, made)
  return draft.zones.size === 0 ? unreadable(draft) : finishDraft(draft)
}

interface ZoneFiles {
  /** The name of the file or folder without its ending. */
  readonly name: string
  readonly paths: readonly string[]
}

function findZones(files: SourceFiles, input: string): ZoneFiles[] {
  const names = files.list(input)
  if (names === undefined) return files.exists(input) ? [zoneOf(input)] : []
  const isSplit = basename(input).includes('.') && names.some((name) => name.startsWith('$') || name.startsWith('_'))
  if (isSplit) return [{ name: basename(input), paths: names.filter(isYaml).map((name) => join(input, name)) }]
  return names.flatMap((name): ZoneFiles[] => {
    const path = join(input, name)
    if (isYaml(name)) return [zoneOf(path)]
    if (!name.endsWith('/')) return []
    const inner = (files.list(path) ?? []).filter(isYaml)
    return inner.length === 0 ? [] : [{ name: name.slice(0, -1), paths: inner.map((file) => join(path, file)) }]
  })
}

function zoneOf(path: string): ZoneFiles {
  return { name: basename(path).replace(/\.ya?ml$/, ''), paths: [path] }
}

function isYaml(name: string): boolean {
  return /\.ya?ml$/.test(name)
}

function importZone(draft: Draft, files: SourceFiles, { name, paths }: ZoneFiles, made: MadeServices): void {
  const apex = readName(name.endsWith('.') ? name : `${name}.`)
  const place = { file: paths[0] ?? name, line: 1, column: 1 }
  const roots = paths.flatMap((path) => readJson(draft, files, path) ?? [])
  if (roots.length === 0) return
  if ('problem' in apex) {
    note(draft, 'left out', place, {
      source: name,
      why: `this is no name of a zone: ${apex.problem}`,
      instead: 'name the file like its zone',
    })
    return
  }
  if (roots.some(isManagerConfig)) {
    const why = "this is octoDNS's own configuration, not a zone"
    note(draft, 'left out', place, { source: basename(place.file), why, instead: 'nothing' })
    return
  }
  const records = roots.flatMap((root) => readRecords(draft, root, apex))
  importRecords(draft, { apex, records, made, file: paths.length === 1 ? place.file : dirname(place.file) })
}

function isManagerConfig(root: JsonView): boolean {
  return root.at('providers')?.isMap === true && root.at('zones')?.isMap === true
}

/** An ALIAS is steered too: nothing static can answer with another name's addresses. */
function isSteeredRecord({ type, view }: OctodnsRecord): boolean {
  return type === 'ALIAS' || view.at('dynamic') !== undefined || view.at('geo') !== undefined
}

interface ZoneSource {
  readonly apex: Name
  readonly records: readonly OctodnsRecord[]
  readonly made: MadeServices
  readonly file: string
}

function importRecords(draft: Draft, { apex, records, made, file }: ZoneSource): void {
  const steer: DraftSteering = new Map()
  const lines: StaticRecord[] = []
  const byOwner = new Map<string, OctodnsRecord[]>()
  for (const record of records) {
    if (!isWithin(record.owner, apex)) {
      const why = 'the name is outside the zone'
      const source = `${printName(record.owner)} ${record.type}`
      note(draft, 'left out', record.place, { source, why, instead: 'mend it in the source' })
      continue
    }
    const key = nameKey(record.owner)
    byOwner.set(key, [...(byOwner.get(key) ?? []), record])
  }
  for (const group of byOwner.values()) {
    const { owner } = group[0]!
    const isApex = equalNames(owner, apex)
    const addresses = group.filter(({ type }) => STEERED_TYPES.has(type))
    const isSteered = addresses.some(isSteeredRecord)
    for (const record of group) {
      if (!isSteered || !STEERED_TYPES.has(record.type)) lines.push(...rdataOf(draft, record))
    }
    if (!isSteered) continue
    const name = printOwner(owner, apex)
    const hasOthers = group.length > addresses.length
    const recipe = recipeOf(draft, { owner, records: addresses, canBeName: !isApex && !hasOthers })
    const wanted = isApex ? zoneKey(apex) : name.replace(/^\*/, 'any')
    const ttl = { max: Math.min(...addresses.map((record) => record.ttl)) }
    const service = recipe && addService(draft, made, { recipe, name: wanted, ttl })
    if (service !== undefined) steer.set(name, { service, place: group[0]!.place })
    else {
      const instead = 'see what is said of its records'
      note(draft, 'left out', group[0]!.place, {
        source: printName(owner),
        why: 'nothing is left to answer with',
        instead,
      })
    }
  }
  draft.zones.set(zoneKey(apex), { comment: file, records: printZone(draft, { apex, file, records: lines }), steer })
}

const STEERED_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME', 'ALIAS'])

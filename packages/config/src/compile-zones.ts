import {
  equalNames,
  type Name,
  nameKey,
  type PlacedRr,
  printName,
  printRtype,
  Rtype,
  readMasterFile,
  readName,
} from '@windrose/dns'
import { WHOAMI_SERVICE } from '@windrose/nameserver'
import type { Endpoint, Service } from '@windrose/steering'
import { buildZone, checkZones, type SteeredName, type Zone } from '@windrose/zone'
import { type Compilation, isLeftOut, reportAtKey, reportError } from './compilation.ts'
import { didYouMean } from './did-you-mean.ts'
import type { DocumentPath } from './document-path.ts'
import { entriesInOrder } from './entries-in-order.ts'
import { servicesWithin } from './nest-services.ts'
import { relativeFile } from './relative-file.ts'
import type { ZoneSettings } from './schema/zone.ts'
import { placeOf } from './source-document.ts'

/** The zones in the order of the file, each with its master file and its steered names. */
export function compileZoneFiles(compilation: Compilation, services: readonly Service[]): Zone[] {
  const { document, settings, problems } = compilation
  const zones: Zone[] = []
  const apexes = new Set<string>()
  let isComplete = true
  for (const [text, zoneSettings] of entriesInOrder(document, ['zones'], settings.zones)) {
    const path = ['zones', text]
    const apex = readName(text.endsWith('.') ? text : `${text}.`)
    if ('problem' in apex) {
      const message = `not a name: ${apex.problem}`
      reportAtKey(compilation, { severity: 'error', path, message })
      continue
    }
    if (apexes.has(nameKey(apex))) {
      const message = `the zone ${printName(apex)} is there twice`
      reportAtKey(compilation, { severity: 'error', path, message, hint: 'keep one of them' })
      continue
    }
    apexes.add(nameKey(apex))
    const zone = compileZone(compilation, { path, apex, settings: zoneSettings, services })
    if (zone === undefined) isComplete = false
    else zones.push(zone)
  }
  // A zone that could not be built may be the one that explains the others.
  if (isComplete) problems.push(...checkZones(zones))
  return zones
}

interface ZoneToCompile {
  readonly path: DocumentPath
  readonly apex: Name
  readonly settings: ZoneSettings
  readonly services: readonly Service[]
}

function compileZone(compilation: Compilation, source: ZoneToCompile): Zone | undefined {
  const { path, apex, settings } = source
  const steered = compileSteeredNames(compilation, source)
  const { reader, problems } = compilation
  const read = reader.read(relativeFile(compilation.document.source.file, settings.records))
  if ('problem' in read) {
    reportError(compilation, [...path, 'records'], read.problem, 'the master file is relative to this file')
    return undefined
  }
  const include = (name: string, from: string) => reader.read(relativeFile(from, name))
  const file = readMasterFile({ file: read.file, text: read.text, origin: apex, include })
  problems.push(...file.problems)
  refuseMisplacedAliases(compilation, { ...source, steered, records: file.records })
  // With an error among them the records are not complete, and what is missing would be told as well.
  if (file.problems.some(({ severity }) => severity === 'error')) return undefined
  const place = placeOf(compilation.document, path, 'key')
  const names = steered.map(({ owner, service, place: at }) => ({ owner, service, place: at }))
  const built = buildZone({ apex, records: file.records, steered: names, place })
  problems.push(...built.problems)
  return built.zone
}

function compileSteeredNames(
  compilation: Compilation,
  { path, apex, settings, services }: ZoneToCompile,
): SteeredKey[] {
  const steerPath = [...path, 'steer']
  return entriesInOrder(compilation.document, steerPath, settings.steer).flatMap(([text, serviceName]) => {
    const namePath = [...steerPath, text]
    const service = serviceName === 'whoami' ? WHOAMI_SERVICE : services.findIndex(({ name }) => name === serviceName)
    if (service === -1 && !isLeftOut(compilation, 'services', serviceName)) {
      const hint = didYouMean(serviceName, [...services.map(({ name }) => name), 'whoami'])
      reportError(
        compilation,
        namePath,
        `there is no service "${serviceName}"`,
        hint ?? 'give it an entry in "services"',
      )
    }
    const owner = readName(text, apex)
    if ('problem' in owner) {
      reportAtKey(compilation, { severity: 'error', path: namePath, message: `not a name: ${owner.problem}` })
      return []
    }
    return [{ owner, service, place: placeOf(compilation.document, namePath, 'key'), path: namePath }]
  })
}

/** A steered name and where the file steers it. */
interface SteeredKey extends SteeredName {
  readonly path: DocumentPath
}

interface SteeredZone extends ZoneToCompile {
  readonly steered: readonly SteeredKey[]
  readonly records: readonly PlacedRr[]
}

/**
 * A service with a CNAME endpoint answers with an alias, and an alias is alone at its name (RFC 1034 section 3.6.2):
 * it cannot be at the apex, where the SOA is, nor beside other records.
 */
function refuseMisplacedAliases(compilation: Compilation, { apex, steered, services, records }: SteeredZone): void {
  const aliased = steered.filter(({ service }) => {
    const steering = services[service]
    const within = steering === undefined ? [] : servicesWithin(steering)
    return within.some(({ pools }) => pools.some(({ endpoints }) => endpoints.some(isCname)))
  })
  if (aliased.length === 0) return
  const beside = new Map<string, PlacedRr>()
  for (const record of records) {
    if (!STANDS_BESIDE_ALIAS.has(record.rtype)) beside.set(nameKey(record.owner), record)
  }
  for (const { owner, service, path } of aliased) {
    const isApex = equalNames(owner, apex)
    const other = beside.get(nameKey(owner))
    if (!isApex && other === undefined) continue
    const reason = isApex
      ? 'the apex has an SOA record'
      : `${printName(owner)} has a record of type ${printRtype(other?.rtype ?? 0)} (${other?.place.file}:${other?.place.line})`
    const message = `"${services[service]?.name}" has a CNAME endpoint, and ${reason}: an alias is alone at its name`
    const hint = isApex
      ? 'write alias: in place of cname:, or steer a name below the apex'
      : 'remove the record, or give the service addresses'
    reportAtKey(compilation, { severity: 'error', path, message, hint })
  }
}

function isCname({ kind, isAlias }: Endpoint): boolean {
  return kind === 'name' && isAlias !== true
}

/** RFC 4035 section 2.5; A, AAAA and CNAME are refused beside every steered name. */
const STANDS_BESIDE_ALIAS: ReadonlySet<number> = new Set([Rtype.RRSIG, Rtype.NSEC, Rtype.A, Rtype.AAAA, Rtype.CNAME])

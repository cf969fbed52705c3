import { equalNames, isWithin, type Name, printName, readMasterFile, readName } from '@windrose/dns'
import { WHOAMI_SERVICE } from '@windrose/nameserver'
import type { Service } from '@windrose/steering'
import { buildZone, type SteeredName, type Zone } from '@windrose/zone'
import { type Compilation, isKnown, reportAtKey, reportError } from './compilation.ts'
import { didYouMean } from './did-you-mean.ts'
import { entriesInOrder } from './entries-in-order.ts'
import { relativeFile } from './relative-file.ts'
import type { ZoneSettings } from './schema/zone.ts'
import { placeOf } from './source-document.ts'

/** The zones in the order of the file, each read from its master file and checked whole. */
export function compileZoneFiles(compilation: Compilation, services: readonly Service[]): Zone[] {
  const { document, settings } = compilation
  const apexes: Name[] = []
  return entriesInOrder(document, ['zones'], settings.zones).flatMap(([text, zone]) => {
    const apex = readName(text.endsWith('.') ? text : `${text}.`)
    if ('problem' in apex) {
      reportAtKey(compilation, { severity: 'error', path: ['zones', text], message: `not a name: ${apex.problem}` })
      return []
    }
    if (apexes.some((other) => equalNames(other, apex))) {
      reportAtKey(compilation, { severity: 'error', path: ['zones', text], message: 'the zone is there twice' })
    }
    apexes.push(apex)
    const steered = compileSteered(compilation, { text, apex, steer: zone.steer }, services)
    refuseAliasAtApex(compilation, { text, apex, steered }, services)
    return compileZone(compilation, { text, apex, zone, steered })
  })
}

interface ZoneParts {
  readonly text: string
  readonly apex: Name
  readonly zone: ZoneSettings
  readonly steered: readonly SteeredName[]
}

function compileZone(compilation: Compilation, { text, apex, zone, steered }: ZoneParts): Zone[] {
  const { document, reader, problems } = compilation
  const path = ['zones', text, 'records']
  const read = reader.read(relativeFile(document.source.file, zone.records))
  if ('problem' in read) {
    reportError(compilation, path, read.problem, 'the path is relative to the configuration file')
    return []
  }
  const include = (name: string, from: string) => reader.read(relativeFile(from, name))
  const master = readMasterFile({ file: read.file, text: read.text, origin: apex, include })
  problems.push(...master.problems)
  // What could not be read may be the very record that a check would miss.
  if (master.problems.some(({ severity }) => severity === 'error')) return []
  const built = buildZone({ apex, records: master.records, steered, place: placeOf(document, path, 'value') })
  for (const problem of built.problems) {
    const sourceLine = problem.sourceLine ?? lineOf(compilation, problem.place.file, problem.place.line)
    problems.push(sourceLine === undefined ? problem : { ...problem, sourceLine })
  }
  return built.zone === undefined ? [] : [built.zone]
}

/** A line of a file that was read, for the excerpt under a problem. */
function lineOf(compilation: Compilation, file: string, line: number): string | undefined {
  const read = compilation.reader.read(file)
  return 'problem' in read ? undefined : read.text.split(/\r?\n/)[line - 1]
}

interface SteeredParts {
  readonly text: string
  readonly apex: Name
  readonly steer: ZoneSettings['steer']
}

/** The steered names of a zone, with the service that each points at. */
function compileSteered(
  compilation: Compilation,
  { text, apex, steer }: SteeredParts,
  services: readonly Service[],
): SteeredName[] {
  const { document } = compilation
  const names = [...services.map(({ name }) => name), 'whoami']
  return entriesInOrder(document, ['zones', text, 'steer'], steer).flatMap(([label, service]) => {
    const path = ['zones', text, 'steer', label]
    const owner = label === '@' ? apex : readName(label, apex)
    if ('problem' in owner) {
      reportAtKey(compilation, { severity: 'error', path, message: `not a name: ${owner.problem}` })
      return []
    }
    if (!isWithin(owner, apex)) {
      const message = `${printName(owner)} is not in the zone`
      const hint = 'a final dot makes a name absolute; leave it off for a name of this zone'
      reportAtKey(compilation, { severity: 'error', path, message, hint })
      return []
    }
    const index = service === 'whoami' ? WHOAMI_SERVICE : services.findIndex(({ name }) => name === service)
    if (index < 0) {
      if (!isKnown(compilation, 'services', service)) {
        reportError(compilation, path, `there is no service "${service}"`, didYouMean(service, names))
      }
      return []
    }
    return [{ owner, service: index, place: placeOf(document, path, 'key') }]
  })
}

interface ApexParts {
  readonly text: string
  readonly apex: Name
  readonly steered: readonly SteeredName[]
}

/** A CNAME may not stand beside SOA and NS (RFC 1034 3.6.2), so none may be steered to at the apex. */
function refuseAliasAtApex(
  compilation: Compilation,
  { text, apex, steered }: ApexParts,
  services: readonly Service[],
): void {
  const atApex = steered.find(({ owner }) => equalNames(owner, apex))
  const service = atApex === undefined ? undefined : services[atApex.service]
  const alias = service?.pools.flatMap(({ endpoints }) => endpoints).find(({ kind }) => kind === 'name')
  if (service === undefined || alias === undefined) return
  const message = `the service "${service.name}" has the CNAME endpoint ${alias.label}, and an apex can have no CNAME`
  const hint = 'steer a name below the apex to it, or give the service addresses only'
  const label = Object.entries(compilation.settings.zones[text]?.steer ?? {}).find(([, name]) => name === service.name)
  reportError(compilation, ['zones', text, 'steer', label?.[0] ?? '@'], message, hint)
}

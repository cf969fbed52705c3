import { resolve } from 'node:path'
import {
  asksForPlaces,
  type Database,
  defaultDatabase,
  type MapSpec,
  missingFamilies,
  openDatabase,
} from '@windrose/geo'
import { type Compilation, report, reportAtKey, reportError } from './compilation.ts'
import type { Site } from './configuration.ts'
import type { DocumentPath } from './document-path.ts'
import { relativeFile } from './relative-file.ts'

/**
 * The databases, each opened to see that it is of use. Undefined, and a problem, when one of them is not: what is said of
 * the others would only confuse.
 */
export function openDatabases(compilation: Compilation): Database[] | undefined {
  const names = compilation.settings.geo.databases
  return names === undefined ? openDefault(compilation) : openNamed(compilation, names)
}

/** The absolute paths of the databases; where some map asks where clients are, warns of what they cannot tell. */
export function compileDatabases(
  compilation: Compilation,
  databases: readonly Database[] | undefined,
  { sites, mapSpecs }: { readonly sites: readonly Site[]; readonly mapSpecs: readonly MapSpec[] },
): string[] {
  if (databases === undefined) return []
  if (mapSpecs.some(asksForPlaces)) warnOfMissingFamilies(compilation, databases)
  const knowsCities = databases.some(({ schema }) => schema.precision === 'city')
  if (!knowsCities && mapSpecs.some(({ sites: chosen }) => chosen.length > 0)) warnOfSharedCountries(compilation, sites)
  return databases.map(({ path }) => resolve(path))
}

function openDefault(compilation: Compilation): Database[] | undefined {
  const refuse = (message: string): undefined => {
    reportError(compilation, ['geo'], message, 'name a database in geo.databases')
  }
  let path: string
  try {
    path = defaultDatabase()
  } catch {
    return refuse('the geo database that comes with windrose is not installed')
  }
  const database = openDatabase(path)
  return 'problem' in database ? refuse(database.problem) : [database]
}

function openNamed(compilation: Compilation, names: readonly string[]): Database[] | undefined {
  const opened = names.map((name, i) => {
    const database = openDatabase(relativeFile(compilation.document.source.file, name))
    if (!('problem' in database)) return database
    reportError(compilation, [...DATABASES, i], database.problem)
    return undefined
  })
  const usable = opened.filter((database) => database !== undefined)
  return usable.length === names.length ? usable : undefined
}

function warnOfMissingFamilies(compilation: Compilation, databases: readonly Database[]): void {
  const missing = missingFamilies(databases)
  if (missing.length === 2) {
    const hint = 'an ASN database does not say where clients are: add a country or City database'
    reportError(compilation, DATABASES, 'none of them can place a client', hint)
    return
  }
  for (const family of missing) {
    const clients = family === 'ipv4' ? 'IPv4' : 'IPv6'
    const message = `none of them knows ${clients} addresses: such clients are taken as if nobody knew where they are`
    report(compilation, { severity: 'warning', path: DATABASES, message })
  }
}

/** With countries only, all clients of a country are at one point: of two sites in it one is nearest to nobody there. */
function warnOfSharedCountries(compilation: Compilation, sites: readonly Site[]): void {
  const first = new Map<string, string>()
  for (const { name, country } of sites) {
    const before = country === undefined ? undefined : first.get(country)
    if (country !== undefined && before === undefined) first.set(country, name)
    if (before === undefined) continue
    const message = `is in ${country} like "${before}", and the geo data knows only countries: clients there are all at one point`
    const hint = 'name a City database in geo.databases, or let failover or weighted choose between the two'
    reportAtKey(compilation, { severity: 'warning', path: ['sites', name], message, hint })
  }
}

const DATABASES: DocumentPath = ['geo', 'databases']

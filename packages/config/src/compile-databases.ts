import { resolve } from 'node:path'
import { defaultDatabase, openDatabase } from '@windrose/geo'
import { type Compilation, report, reportAtKey, reportError } from './compilation.ts'
import type { Site } from './configuration.ts'
import { relativeFile } from './relative-file.ts'

/**
 * The absolute paths of the databases, each opened once to see that it is of use.
 *
 * A database that knows only countries puts all clients of a country at one point, so of two sites in one country
 * one would never be the nearest to anybody: that is told.
 */
export function compileDatabases(compilation: Compilation, sites: readonly Site[], isNeeded: boolean): string[] {
  const { databases } = compilation.settings.geo
  if (databases === undefined) {
    const path = defaultDatabase()
    if (!isNeeded) return [path]
    const database = openDatabase(path)
    if ('problem' in database) {
      const message = database.problem
      reportAtKey(compilation, { severity: 'error', path: ['geo'], message, hint: 'name one in geo.databases' })
    } else if (database.schema.precision !== 'city') warnOfSharedCountries(compilation, sites)
    return [path]
  }
  let knowsCities = false
  databases.forEach((name, i) => {
    const database = openDatabase(relativeFile(compilation.document.source.file, name))
    if ('problem' in database) reportError(compilation, ['geo', 'databases', i], database.problem)
    else if (database.schema.precision === 'city') knowsCities = true
  })
  if (!knowsCities && isNeeded) warnOfSharedCountries(compilation, sites)
  return databases.map((name) => resolve(relativeFile(compilation.document.source.file, name)))
}

function warnOfSharedCountries(compilation: Compilation, sites: readonly Site[]): void {
  const first = new Map<string, string>()
  for (const { name, country } of sites) {
    if (country === undefined) continue
    const before = first.get(country)
    if (before === undefined) {
      first.set(country, name)
      continue
    }
    const message = `is in ${country} like "${before}", and the geo data knows only countries: all clients of a country are at one point`
    const hint = 'point geo.databases at a City database, or put both in one failover tier before nearest'
    report(compilation, {
      severity: 'warning',
      path: ['sites', name],
      at: { path: ['sites', name], part: 'key' },
      message,
      hint,
    })
  }
}

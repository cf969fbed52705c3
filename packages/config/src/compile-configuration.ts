import { resolve } from 'node:path'
import type { Compilation } from './compilation.ts'
import { findLoadTargets } from './compile-capacity.ts'
import { compileChecks } from './compile-checks.ts'
import { compileDatabases, openDatabases } from './compile-databases.ts'
import { compileHealth } from './compile-health.ts'
import { compileControl, compileListen } from './compile-listen.ts'
import { compileOverrides } from './compile-overrides.ts'
import type { Inventory } from './compile-pools.ts'
import { compileServer } from './compile-server.ts'
import { compileServices } from './compile-services.ts'
import { compileSites } from './compile-sites.ts'
import { compileVantages, compileViews } from './compile-views.ts'
import { compileZoneFiles } from './compile-zones.ts'
import type { Configuration } from './configuration.ts'
import { withServedBy } from './nest-services.ts'
import { relativeFile } from './relative-file.ts'
import { defaultStateDir } from './state-dir.ts'
import { warnOfLargeAnswers } from './warn-of-large-answers.ts'
import { warnOfLowRates } from './warn-of-low-rates.ts'
import { warnOfUnknownAreas } from './warn-of-unknown-areas.ts'
import { warnOfUnused } from './warn-of-unused.ts'

/** What the command line says instead of the file. */
export interface ConfigurationOverrides {
  /** Replaces `listen`. */
  readonly listen?: readonly string[]
}

/**
 * Turns settings into what `serve` runs on: names become indexes, texts become addresses, files are read.
 *
 * What is wrong is added to the compilation's problems; the result is of use only if none of them is an error.
 */
export function compileConfiguration(compilation: Compilation, overrides: ConfigurationOverrides): Configuration {
  const { settings, reader } = compilation
  const { file } = compilation.document.source
  const listen = compileListen(compilation, overrides.listen)
  const control = compileControl(compilation, listen)
  const sites = compileSites(compilation)
  const vantages = compileVantages(compilation)
  const rules = compileOverrides(compilation, sites, vantages)
  const views = compileViews(compilation, vantages, rules)
  const checks = compileChecks(compilation)
  const inventory: Inventory = { sites, checks, endpoints: [], probeTargets: new Map() }
  const opened = openDatabases(compilation)
  const { services, mapSpecs, namedAreas } = compileServices(compilation, {
    inventory,
    rules,
    views,
    databases: opened,
  })
  const databases = compileDatabases(compilation, opened, { sites, mapSpecs })
  const zones = compileZoneFiles(compilation, services)
  warnOfLargeAnswers(compilation, services, zones)
  const probeTargets = [...inventory.probeTargets.values()]
  const sitesWithLoad = findLoadTargets(compilation, inventory)
  warnOfLowRates(compilation, checks, probeTargets)
  warnOfUnused(compilation)
  warnOfUnknownAreas(compilation, opened, namedAreas)
  return {
    file,
    revision: reader.revision(),
    files: reader.files(),
    listen,
    sites: sitesWithLoad,
    checks,
    services,
    endpoints: withServedBy(inventory.endpoints, services),
    probeTargets,
    zones,
    geo: { databases, rules, mapSpecs },
    control,
    server: compileServer(compilation),
    stateDir: settings.state_dir === undefined ? defaultStateDir() : resolve(relativeFile(file, settings.state_dir)),
    health: compileHealth(compilation, { ...views, checks, services, endpoints: inventory.endpoints, probeTargets }),
    log: settings.log,
  }
}

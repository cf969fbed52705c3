import { resolve } from 'node:path'
import type { Problem } from '@windrose/dns'
import type { ProbeTarget } from '@windrose/health'
import type { Compilation } from './compilation.ts'
import { compileChecks } from './compile-checks.ts'
import { compileDatabases } from './compile-databases.ts'
import { compileControl, compileListen } from './compile-listen.ts'
import { compileOverrides } from './compile-overrides.ts'
import type { Inventory } from './compile-pools.ts'
import { compileServer } from './compile-server.ts'
import { compileServices } from './compile-services.ts'
import { compileSites } from './compile-sites.ts'
import { compileZoneFiles } from './compile-zones.ts'
import type { Configuration } from './configuration.ts'
import { createFileReader } from './file-reader.ts'
import { readDocument } from './read-document.ts'
import { readSettings } from './read-settings.ts'
import { relativeFile } from './relative-file.ts'
import { problemAt } from './source-document.ts'
import { defaultStateDirectory } from './state-directory.ts'
import { warnOfUnused } from './warn-of-unused.ts'

/** What the command line says over the file. */
export interface ConfigurationOverrides {
  /** `ADDRESS:PORT`, instead of the file's `listen`. */
  readonly listen?: readonly string[]
}

/** The configuration, when nothing forbids it; and everything that is wrong with it. */
export interface ReadConfiguration {
  readonly configuration?: Configuration
  readonly problems: readonly Problem[]
}

/**
 * Reads windrose.yaml and all that it names. What is wrong is listed whole, with places; with an error among it there is
 * no configuration. Never throws for what files say.
 */
export function readConfiguration(file: string, overrides: ConfigurationOverrides = {}): ReadConfiguration {
  const reader = createFileReader()
  const read = reader.read(file)
  if ('problem' in read) {
    return { problems: [{ severity: 'error', place: { file, line: 1, column: 1 }, message: read.problem }] }
  }
  const { document, problems } = readDocument(read.file, read.text)
  if (document === undefined) return { problems }
  const { settings, findings, leftOut } = readSettings(document)
  const all = [...problems, ...findings.map((finding) => problemAt(document, finding))]
  if (settings === undefined) return { problems: all }
  const compilation: Compilation = { document, settings, leftOut, reader, problems: all }
  const configuration = compile(compilation, file, overrides)
  const inOrder = sortByPlace(compilation.problems, reader.files())
  return inOrder.some(({ severity }) => severity === 'error')
    ? { problems: inOrder }
    : { configuration, problems: inOrder }
}

function compile(compilation: Compilation, file: string, overrides: ConfigurationOverrides): Configuration {
  const { settings, reader } = compilation
  const listen = compileListen(compilation, overrides.listen)
  const control = compileControl(compilation, listen)
  const sites = compileSites(compilation)
  const checks = compileChecks(compilation)
  const rules = compileOverrides(compilation, sites)
  const inventory: Inventory = { sites, checks, endpoints: [], probeTargets: new Map<string, ProbeTarget>() }
  const { services, mapSpecs } = compileServices(compilation, inventory, rules)
  const databases = compileDatabases(compilation, sites, mapSpecs.length > 0)
  const zones = compileZoneFiles(compilation, services)
  warnOfUnused(compilation)
  return {
    file,
    revision: reader.revision(),
    files: reader.files(),
    listen,
    sites,
    checks,
    services,
    endpoints: inventory.endpoints,
    probeTargets: [...inventory.probeTargets.values()],
    zones,
    geo: { databases, rules, mapSpecs },
    control,
    server: compileServer(settings.server),
    stateDir:
      settings.state_dir === undefined ? defaultStateDirectory() : resolve(relativeFile(file, settings.state_dir)),
    health: { store: 'memory' },
    log: settings.log,
  }
}

/** File by file in the order of their reading, line by line. */
function sortByPlace(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const rank = ({ place }: Problem): number => files.indexOf(resolve(place.file))
  return [...problems].sort(
    (a, b) => rank(a) - rank(b) || a.place.line - b.place.line || a.place.column - b.place.column,
  )
}

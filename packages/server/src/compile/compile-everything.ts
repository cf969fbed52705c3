import { type Configuration, readConfiguration } from '@windrose/config'
import { printName } from '@windrose/dns'
import { composeBodies } from '@windrose/nameserver'
import { compileZones } from '@windrose/zone'
import { buildSnapshot, createTable } from '../build-snapshot.ts'
import { countErrors } from '../start-refused.ts'
import { Geographies } from './compile-geography.ts'
import type { Compiled, CompileRefusal, ServedConfiguration } from './compiled.ts'
import { proveSnapshot } from './prove-snapshot.ts'

/**
 * From files to what is served, proved by asking it: the configuration is read, zones and client maps are compiled, and
 * every kind of question is answered once. `listen` replaces what the file says.
 *
 * Takes as long as the files are large. The server runs it in a thread of its own. `geographies` may know some of it already.
 */
export async function compileEverything(
  file: string,
  listen: readonly string[] | undefined,
  geographies: Geographies = new Geographies(),
): Promise<Compiled | CompileRefusal> {
  const { configuration, problems } = await readConfiguration(file, listen === undefined ? {} : { listen })
  if (configuration === undefined || problems.some((problem) => problem.severity === 'error')) {
    return { refusal: countErrors(problems), problems }
  }
  const geography = geographies.compile(configuration.geo)
  if ('refusal' in geography) return geography
  const zones = compileZones(configuration.zones)
  const bodies = composeBodies(zones)
  const compiled = { configuration: summarise(configuration), zones, bodies, geography, warnings: problems }
  const flaw = proveSnapshot(buildSnapshot(compiled, createTable(compiled.configuration)), configuration.zones)
  return flaw === undefined ? compiled : { refusal: flaw, problems: [] }
}

function summarise(configuration: Configuration): ServedConfiguration {
  const zones = configuration.zones.map((zone) => ({
    apex: printName(zone.apex),
    records: zone.records.length,
    steered: zone.steered.length,
  }))
  return { ...configuration, zones }
}

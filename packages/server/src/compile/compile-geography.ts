import type { Configuration } from '@windrose/config'
import {
  areaProblem,
  compileClientMaps,
  type Database,
  mapPlaces,
  namedAreas,
  openDatabase,
  printMatcher,
} from '@windrose/geo'
import { attributionOf } from './attribution.ts'
import type { CompileRefusal, DatabaseSummary, Geography } from './compiled.ts'

/**
 * Opens the databases and compiles the client maps. Where no service asks for one the databases are left alone.
 *
 * A file that cannot be used is a refusal: a server that silently knew nothing of its clients would be worse.
 */
export function compileGeography(geo: Configuration['geo']): Geography | CompileRefusal {
  if (geo.mapSpecs.length === 0) return { maps: [], databases: [] }
  const databases: Database[] = []
  for (const path of geo.databases) {
    const opened = openDatabase(path)
    if ('problem' in opened) return { refusal: opened.problem, problems: [] }
    databases.push(opened)
  }
  for (const { of } of geo.mapSpecs.flatMap(({ areas = [] }) => areas.flat())) {
    const problem = areaProblem(of, databases)
    if (problem === undefined) continue
    return { refusal: `the area ${printMatcher(of)}: ${problem.message}; ${problem.hint}`, problems: [] }
  }
  try {
    const placeMap = mapPlaces(databases, namedAreas(geo.mapSpecs))
    return { maps: compileClientMaps(placeMap, geo.mapSpecs), databases: databases.map(summarise) }
  } catch (error) {
    return { refusal: `geo databases: ${(error as Error).message}`, problems: [] }
  }
}

function summarise({ path, schema, metadata }: Database): DatabaseSummary {
  return {
    file: path,
    type: metadata.databaseType,
    precision: schema.precision,
    builtAt: metadata.buildEpoch.getTime(),
    attribution: attributionOf(schema.vendor),
  }
}

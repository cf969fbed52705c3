import type { Configuration } from '@windrose/config'
import {
  type AreaMatcher,
  areaProblem,
  compileClientMaps,
  type Database,
  mapPlaces,
  mapSpecKey,
  matcherKey,
  namedAreas,
  openDatabase,
  type PlaceMap,
  printMatcher,
} from '@windrose/geo'
import type { ClientMap } from '@windrose/steering'
import { attributionOf } from './attribution.ts'
import type { CompileRefusal, DatabaseSummary, Geography } from './compiled.ts'

/**
 * Opens the databases and compiles the client maps. Where no service asks for one the databases are left alone.
 *
 * A file that cannot be used is a refusal: a server that silently knew nothing of its clients would be worse.
 */
export function compileGeography(geo: Configuration['geo']): Geography | CompileRefusal {
  return new Geographies().compile(geo)
}

/** Databases that were opened, and where they place clients. */
export interface Places {
  readonly databases: readonly Database[]
  readonly map: PlaceMap
}

/** The geography of several configurations: what they have in common is opened, walked and compiled once. */
export class Geographies {
  readonly #places: Map<string, Places | CompileRefusal> = new Map()
  readonly #maps: Map<string, ClientMap> = new Map()

  /** Takes maps over that were compiled elsewhere. */
  know(
    { databases, mapSpecs }: Pick<Configuration['geo'], 'databases' | 'mapSpecs'>,
    maps: readonly ClientMap[],
  ): void {
    for (const [i, spec] of mapSpecs.entries()) this.#maps.set(keyOf(databases, mapSpecKey(spec)), maps[i]!)
  }

  compile({ databases, mapSpecs }: Configuration['geo']): Geography | CompileRefusal {
    if (mapSpecs.length === 0) return { maps: [], databases: [] }
    const places = this.places(databases, mapSpecs)
    if ('refusal' in places) return places
    const keys = mapSpecs.map((spec) => keyOf(databases, mapSpecKey(spec)))
    const wanted = mapSpecs.filter((_, i) => !this.#maps.has(keys[i]!))
    this.know({ databases, mapSpecs: wanted }, compileClientMaps(places.map, wanted))
    return { maps: keys.map((key) => this.#maps.get(key)!), databases: places.databases.map(summariseDatabase) }
  }

  /** Only where areas are asked for, places are told apart by them. */
  places(files: readonly string[], mapSpecs: Configuration['geo']['mapSpecs'] = []): Places | CompileRefusal {
    const key = keyOf(files, areasOf(mapSpecs).map(matcherKey).sort().join())
    const places = this.#places.get(key) ?? openPlaces(files, mapSpecs)
    this.#places.set(key, places)
    return places
  }
}

function keyOf(files: readonly string[], spec = ''): string {
  return [...files, spec].join('\0')
}

function areasOf(mapSpecs: Configuration['geo']['mapSpecs']): readonly AreaMatcher[] {
  return mapSpecs.flatMap(({ areas = [] }) => areas.flat().map(({ of }) => of))
}

function openPlaces(files: readonly string[], mapSpecs: Configuration['geo']['mapSpecs']): Places | CompileRefusal {
  const databases: Database[] = []
  for (const path of files) {
    const opened = openDatabase(path)
    if ('problem' in opened) return { refusal: opened.problem, problems: [] }
    databases.push(opened)
  }
  for (const of of areasOf(mapSpecs)) {
    const problem = areaProblem(of, databases)
    if (problem === undefined) continue
    return { refusal: `the area ${printMatcher(of)}: ${problem.message}; ${problem.hint}`, problems: [] }
  }
  try {
    return { databases, map: mapPlaces(databases, namedAreas(mapSpecs)) }
  } catch (error) {
    return { refusal: `geo databases: ${(error as Error).message}`, problems: [] }
  }
}

export function summariseDatabase({ path, schema, metadata }: Database): DatabaseSummary {
  return {
    file: path,
    type: metadata.databaseType,
    precision: schema.precision,
    builtAt: metadata.buildEpoch.getTime(),
    attribution: attributionOf(schema.vendor),
  }
}

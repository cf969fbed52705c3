import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import {
  type AreaTable,
  compileClientMap,
  countryCodes,
  type Database,
  defaultDatabase,
  mapPlaces,
  namedAreas,
  openDatabase,
} from '@windrose/geo'
import { median } from '../measure/statistics.ts'
import type { Goal } from '../report/section.ts'
import { sitesOf, WORLD } from '../world/world.ts'
import type { Suite } from './bench.ts'

const RUNS = 5
/** Files of a City database to compile as well, if there is one; some have a file for each address family. */
const CITY_FILES = (process.env['WINDROSE_BENCH_CITY'] ?? '').split(',').filter((file) => existsSync(file))

/** How long client maps take to compile, and how large they are. */
export const maps: Suite = async (bench) => {
  const rows: string[][] = []
  const goals: Goal[] = []
  const compile = (
    what: string,
    files: readonly string[],
    sites: number,
    areas: readonly AreaTable[] = [],
  ): { seconds: number; megabytes: number } => {
    bench.say(`maps: ${what}, ${sites} sites`)
    const seconds: number[] = []
    let megabytes = 0
    let classes = 0
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now()
      const spec = { ...specOf(sites), areas }
      const map = compileClientMap(mapPlaces(files.map(openOrThrow), namedAreas([spec])), spec)
      seconds.push((performance.now() - start) / 1000)
      megabytes = (map.trie.length * 4) / 2 ** 20
      classes = map.classes.length
    }
    rows.push([
      what,
      nodesOf(files),
      String(sites),
      median(seconds).toFixed(2),
      Math.max(...seconds).toFixed(2),
      megabytes.toFixed(1),
      String(classes),
    ])
    return { seconds: median(seconds), megabytes }
  }
  const country = [3, 30, 100].map((sites) => compile('country', [defaultDatabase()], sites))
  goals.push({ what: 'client map of the country database, 3 sites', value: country[0]!.seconds, most: 0.4, unit: ' s' })
  goals.push({
    what: 'ten client maps of the country database, 30 sites',
    value: country[1]!.megabytes * 10,
    most: 60,
    unit: ' MB',
  })
  compile('country, an area for each', [defaultDatabase()], 30, [AREAS])
  for (const file of CITY_FILES) {
    const city = compile(basename(file), [file], 30)
    goals.push({ what: `client map of ${basename(file)}, 30 sites`, value: city.seconds, most: 4, unit: ' s' })
    goals.push({ what: `client map of ${basename(file)}, 30 sites`, value: city.megabytes, most: 60, unit: ' MB' })
  }
  if (CITY_FILES.length > 1) compile('these together', CITY_FILES, 30)
  return {
    title: 'Client maps',
    text: `From an MMDB file to a client map of IPv4 and IPv6, ${RUNS} times each; reading the file is counted. WINDROSE_BENCH_CITY names the
files of a City database to compile as well.`,
    columns: ['database', 'nodes', 'sites', 'median s', 'slowest s', 'MB', 'classes'],
    rows,
    goals,
  }
}

/** As many areas as a policy can have of countries. */
const AREAS: AreaTable = countryCodes().map((country, i) => ({ of: { kind: 'country', country }, area: i + 1 }))

/** In millions. */
function nodesOf(files: readonly string[]): string {
  const nodes = files.reduce((sum, file) => sum + openOrThrow(file).tree.nodeCount, 0)
  return `${(nodes / 1e6).toFixed(1)} M`
}

function openOrThrow(file: string): Database {
  const database = openDatabase(file)
  if ('problem' in database) throw new Error(database.problem)
  return database
}

function specOf(sites: number): Parameters<typeof compileClientMap>[1] {
  const placed = sitesOf({ ...WORLD, sites }).map(({ at: [latitude, longitude] }, index) => ({
    index,
    latitude,
    longitude,
    bias: 0,
  }))
  return { sites: placed, preferred: 3, rules: [] }
}

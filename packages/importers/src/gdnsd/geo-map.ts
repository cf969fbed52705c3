import { basename, isAbsolute, join } from 'node:path'
import type { Place } from '@windrose/dns'
import { type Draft, note } from '../draft.ts'
import type { SourceFiles } from '../source-files.ts'
import { type MapRule, readNets, readPlaces } from './geo-map-rules.ts'
import { isVscfFault, readVscf } from './read-vscf.ts'
import { hashOf } from './service-types.ts'
import { leaveOut, quoteEntry, Settings } from './settings.ts'
import { textsOf, type VscfEntry, type VscfHash } from './vscf-value.ts'

/** A map of the geoip plugin: from where a client is to datacenters in order. */
export interface GeoMap {
  readonly name: string
  readonly place: Place
  readonly datacenters: readonly string[]
  /** Latitude and longitude of the datacenters that clients are sent to by distance. */
  readonly coordinates: ReadonlyMap<string, readonly [number, number]>
  /** How many of the nearest datacenters are tried. */
  readonly limit: number
  /** Path of the database, or undefined for networks alone. */
  readonly database: { readonly path: string; readonly entry: VscfEntry } | undefined
  readonly ignoresEcs: VscfEntry | undefined
  /** What is said of areas, without the default. */
  readonly rules: readonly MapRule[]
  /** For clients that no rule is for. */
  readonly fallback: MapRule
}

export type GeoMaps = ReadonlyMap<string, GeoMap>

export interface GeoMapSource {
  readonly draft: Draft
  readonly files: SourceFiles
  /** The folder of databases and networks: `geoip` in the configuration folder. */
  readonly folder: string
}

/** The maps below `maps` of the geoip plugin. */
export function importGeoMaps(source: GeoMapSource, hash: VscfHash | undefined): GeoMaps {
  const maps = new Map<string, GeoMap>()
  for (const entry of hash?.entries.values() ?? []) {
    const value = hashOf(source.draft, entry, 'a map')
    if (value !== undefined) maps.set(entry.key, importGeoMap(source, entry, value))
  }
  return maps
}

function importGeoMap(source: GeoMapSource, entry: VscfEntry, hash: VscfHash): GeoMap {
  const { draft } = source
  const settings = new Settings(draft, hash)
  const datacenters = takeNames(draft, settings, 'datacenters')
  const coordinates = takeCoordinates(draft, settings, datacenters)
  const written = settings.integer('auto_dc_limit', [0, 255]) ?? Math.min(3, datacenters.length)
  const limit = written === 0 ? datacenters.length : Math.min(written, datacenters.length)
  const database = settings.take('geoip2_db')
  const ignoring = settings.take('ignore_ecs')
  const places = hashOf(draft, settings.take('map'), '"map"')
  const ordered: MapRule = { area: 'default', place: entry.place, sites: datacenters }
  const fallback: MapRule = coordinates.size > 0 ? { ...ordered, sites: 'auto' } : ordered
  const rules = [
    ...readPlaces(draft, places, { datacenters, hasCoordinates: coordinates.size > 0 }),
    ...readNets(draft, netsOf(source, settings.take('nets')), datacenters),
  ]
  settings.refuseRest('a map')
  return {
    name: entry.key,
    place: entry.place,
    datacenters,
    coordinates,
    limit,
    database: database === undefined ? undefined : { path: pathOf(source, database), entry: database },
    ignoresEcs: isTrue(ignoring) ? ignoring : undefined,
    rules: rules.filter(({ area }) => area !== 'default'),
    fallback: rules.find(({ area }) => area === 'default') ?? fallback,
  }
}

function isTrue(entry: VscfEntry | undefined): boolean {
  return entry?.value.kind === 'text' && entry.value.text.toLowerCase() === 'true'
}

function takeNames(draft: Draft, settings: Settings, key: string): readonly string[] {
  const entry = settings.take(key)
  const names = entry === undefined ? [] : textsOf(entry.value)
  if (names === undefined && entry !== undefined)
    leaveOut(draft, entry, 'a list of names is expected', 'mend it in the source')
  return [...new Set((names ?? []).map(({ text }) => text))]
}

function takeCoordinates(
  draft: Draft,
  settings: Settings,
  datacenters: readonly string[],
): Map<string, readonly [number, number]> {
  const coordinates = new Map<string, readonly [number, number]>()
  const hash = hashOf(draft, settings.take('auto_dc_coords'), '"auto_dc_coords"')
  for (const entry of hash?.entries.values() ?? []) {
    const [latitude, longitude, ...more] = (textsOf(entry.value) ?? []).map(({ text }) =>
      text === '' ? Number.NaN : Number(text),
    )
    const isPlace =
      Math.abs(latitude ?? Number.NaN) <= 90 && Math.abs(longitude ?? Number.NaN) <= 180 && more.length === 0
    if (!isPlace) leaveOut(draft, entry, '[LATITUDE, LONGITUDE] in degrees is expected', 'give the site its "at"')
    else if (!datacenters.includes(entry.key))
      leaveOut(draft, entry, 'the map has no such datacenter', 'nothing: it has no effect')
    else coordinates.set(entry.key, [latitude!, longitude!])
  }
  return coordinates
}

/** Networks stand in the map or in a file of their own. */
function netsOf({ draft, files, folder }: GeoMapSource, entry: VscfEntry | undefined): VscfHash | undefined {
  if (entry === undefined || entry.value.kind !== 'text') return hashOf(draft, entry, '"nets"')
  const path = isAbsolute(entry.value.text) ? entry.value.text : join(folder, entry.value.text)
  const read = readVscf(files, path)
  if (!isVscfFault(read) && read.kind === 'hash') return read
  const fault = isVscfFault(read) ? read : { place: read.place, message: 'a hash of networks is expected' }
  note(draft, 'unreadable', fault.place.file === path && fault.place.line > 1 ? fault.place : entry.place, {
    source: quoteEntry(entry),
    why: fault.message,
    instead: `mend ${basename(path)} and import again`,
  })
  return undefined
}

function pathOf({ folder }: GeoMapSource, { value }: VscfEntry): string {
  const text = value.kind === 'text' ? value.text : ''
  return isAbsolute(text) ? text : join(folder, text)
}

import type { Place } from '@windrose/dns'
import { type Prefix, printPrefix, readPrefix } from '@windrose/ip'
import { isContinentCode, isCountryCode } from '../area.ts'
import { type Draft, note } from '../draft.ts'
import { leaveOut, quoteEntry } from './settings.ts'
import { textsOf, type VscfEntry, type VscfHash } from './vscf-value.ts'

/** The datacenters of an area, in order; `auto` for the nearest ones. */
export interface MapRule {
  /** As windrose.yaml writes it: `country:DE`, `10.0.0.0/8`, `default`. */
  readonly area: string
  readonly place: Place
  readonly sites: readonly string[] | 'auto'
}

interface MapContext {
  readonly datacenters: readonly string[]
  readonly hasCoordinates: boolean
}

/** The country and the subdivision that an entry of a map is below. */
interface Level {
  readonly country: string
  readonly subdivision?: string
}

type Visit = (entry: VscfEntry) => void

/**
 * The hierarchy of `map`: continent, country, subdivisions, city; `default` stands for the rest of the level that it is in.
 *
 * A level below the country is a subdivision where it looks like a code of ISO 3166-2 (up to three letters and digits), else
 * the English name of a city.
 */
export function readPlaces(draft: Draft, hash: VscfHash | undefined, context: MapContext): MapRule[] {
  const rules: MapRule[] = []
  const add = (area: string, entry: VscfEntry): void => {
    const sites = readSites(draft, entry, context)
    if (sites !== undefined) rules.push({ area, place: entry.place, sites })
  }
  const addLevel = (area: string, { entries }: VscfHash, below: Visit): void => {
    for (const entry of entries.values()) {
      if (entry.key.toLowerCase() === 'default') add(area, entry)
      else below(entry)
    }
  }
  const addArea = (area: string, entry: VscfEntry, below: Visit): void => {
    if (entry.value.kind === 'hash') addLevel(area, entry.value, below)
    else add(area, entry)
  }
  const addCity = (entry: VscfEntry, { country, subdivision }: Level): void => {
    if (subdivision !== undefined) {
      note(draft, 'changed', entry.place, {
        source: quoteEntry(entry),
        why: `windrose knows a city by its country: cities of this name outside ${country}/${subdivision} count too`,
        instead: 'see whether the country has another city of this name',
      })
    }
    add(`city:${country}/${entry.key}`, entry)
  }
  const inCountry =
    (level: Level): Visit =>
    (entry) => {
      if (!/^[A-Za-z0-9]{1,3}$/.test(entry.key)) return addCity(entry, level)
      const subdivision = entry.key.toUpperCase()
      addArea(`subdivision:${level.country}/${subdivision}`, entry, inCountry({ ...level, subdivision }))
    }
  const inContinent: Visit = (entry) => {
    const country = entry.key.toUpperCase()
    if (isCountryCode(country)) addArea(`country:${country}`, entry, inCountry({ country }))
    else leaveOut(draft, entry, 'a country code has two letters', MEND)
  }
  const inWorld: Visit = (entry) => {
    const continent = entry.key.toUpperCase()
    if (isContinentCode(continent)) addArea(`continent:${continent}`, entry, inContinent)
    else leaveOut(draft, entry, 'no continent has this code', MEND)
  }
  if (hash !== undefined) addLevel('default', hash, inWorld)
  return onlyOnce(draft, rules)
}

const MEND = 'mend it in the source'

/** `nets`: networks in the notation of both families, host bits cleared. */
export function readNets(draft: Draft, hash: VscfHash | undefined, datacenters: readonly string[]): MapRule[] {
  const rules: MapRule[] = []
  for (const entry of hash?.entries.values() ?? []) {
    const read = entry.key.includes('/') ? readPrefix(entry.key) : undefined
    if (read === undefined) {
      leaveOut(draft, entry, 'NETWORK/LENGTH is expected', MEND)
      continue
    }
    const sites = readSites(draft, entry, { datacenters, hasCoordinates: false })
    if (sites !== undefined) rules.push({ area: printPrefix(asIpv4(read.prefix)), place: entry.place, sites })
  }
  return onlyOnce(draft, rules)
}

/** gdnsd takes networks below ::/96 for IPv4. */
function asIpv4({ address, length }: Prefix): Prefix {
  const isIpv4 = address.length === 16 && length >= 96 && address.subarray(0, 12).every((octet) => octet === 0)
  return isIpv4 ? { address: address.subarray(12), length: length - 96 } : { address, length }
}

/** Keys are the same in any case, and networks with any host bits: the first one stands. */
function onlyOnce(draft: Draft, rules: readonly MapRule[]): MapRule[] {
  const seen = new Map<string, MapRule>()
  for (const rule of rules) {
    const first = seen.get(rule.area)
    if (first === undefined) seen.set(rule.area, rule)
    else if (JSON.stringify(first.sites) !== JSON.stringify(rule.sites)) {
      const why = `${rule.area} is there already, at ${first.place.file}:${first.place.line}`
      const instead = 'the first one is used; gdnsd takes any'
      note(draft, 'changed', rule.place, { source: rule.area, why, instead })
    }
  }
  return [...seen.values()]
}

function readSites(draft: Draft, entry: VscfEntry, context: MapContext): MapRule['sites'] | undefined {
  const texts = textsOf(entry.value)
  const names = texts?.map(({ text }) => text) ?? []
  if (context.hasCoordinates && names.length === 1 && names[0] === 'auto') return 'auto'
  const unknown = names.filter((name) => !context.datacenters.includes(name))
  if (texts === undefined || unknown.length > 0) {
    const why = texts === undefined ? 'a list of datacenters is expected' : `the map has no datacenter "${unknown[0]}"`
    leaveOut(draft, entry, why, 'its clients get what the area around it says')
    return undefined
  }
  if (names.length === 0) {
    const why = 'windrose has no area whose clients get no answer'
    note(draft, 'changed', entry.place, {
      source: quoteEntry(entry),
      why,
      instead: 'its clients get what the area around it says',
    })
    return undefined
  }
  return [...new Set(names)]
}

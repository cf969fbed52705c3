import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  composeMmdb,
  countryCodes,
  countryCoordinates,
  defaultDatabase,
  type MmdbContent,
  type MmdbRecord,
  mapPlaces,
  openDatabase,
  type PlaceMap,
} from '@windrose/geo'
import type { Prefix } from '@windrose/ip'

/**
 * Writes the country database that windrose uses by default in the schema that the other servers read: nested, with
 * `country.iso_code` and `location`. Prefixes are those that windrose sees, and a country's point is the same for all, so
 * that the nearest site is. Gives the first 32 bits of IPv6 blocks that it knows, as many as are asked for.
 */
export function writeCountryDatabase(file: string, blocks: number): number[] {
  const database = openDatabase(defaultDatabase())
  if ('problem' in database) throw new Error(database.problem)
  const placeMap = mapPlaces([database])
  const records = recordsOf(placeMap)
  const entries: MmdbContent['entries'][number][] = []
  for (const [root, octets] of [
    [placeMap.ipv4, 4],
    [placeMap.ipv6, 16],
  ] as const) {
    collect(placeMap, root, { address: new Uint8Array(octets), length: 0 }, (prefix, place) => {
      const record = records[place]
      if (record !== undefined) entries.push({ prefix, record })
    })
  }
  mkdirSync(dirname(file), { recursive: true })
  const octets = composeMmdb({
    databaseType: 'Bench-City',
    buildEpoch: database.metadata.buildEpoch.getTime() / 1000,
    ipVersion: 6,
    recordSize: 28,
    entries,
  })
  writeFileSync(`${file}.part`, octets)
  renameSync(`${file}.part`, file)
  return sampleBlocks(entries, blocks)
}

/** Evenly from all that are a /32 or more: clients are where addresses are given out. */
function sampleBlocks(entries: MmdbContent['entries'], count: number): number[] {
  const known = entries.filter(({ prefix }) => prefix.address.length === 16 && prefix.length <= 32)
  const step = Math.max(1, known.length / count)
  return Array.from({ length: Math.min(count, known.length) }, (_, i) => {
    const { address } = known[Math.floor(i * step)]!.prefix
    return new DataView(address.buffer, address.byteOffset).getUint32(0)
  })
}

/** The record of each place, by number; places with the same point are the same to every server here. */
function recordsOf({ places }: PlaceMap): (MmdbRecord | undefined)[] {
  const codeAt = new Map<string, string>()
  for (const code of countryCodes()) {
    const { latitude, longitude } = countryCoordinates(code)!
    codeAt.set(`${latitude} ${longitude}`, code)
  }
  return Array.from({ length: places.size }, (_, place) => {
    if (place === 0) return undefined
    const { latitude, longitude } = places.coordinates(place)
    return { country: { iso_code: codeAt.get(`${latitude} ${longitude}`)! }, location: { latitude, longitude } }
  })
}

/** Calls `found` with each prefix of the trie below `reference`, in the order of addresses. */
function collect(
  placeMap: PlaceMap,
  reference: number,
  prefix: Prefix,
  found: (prefix: Prefix, place: number) => void,
): void {
  if (reference >= 0) {
    found(prefix, reference)
    return
  }
  const length = prefix.length + 1
  const one = prefix.address.slice()
  one[prefix.length >> 3]! |= 0x80 >> (prefix.length & 7)
  collect(placeMap, placeMap.trie.half(reference, 0), { address: prefix.address, length }, found)
  collect(placeMap, placeMap.trie.half(reference, 1), { address: one, length }, found)
}

import { composeMmdb, countryCoordinates, type MmdbRecord } from '@windrose/geo'
import { type Prefix, readPrefix } from '@windrose/ip'
import type { Difference } from './differences.ts'

/** Places of a made-up world: continent, country, subdivision, city, latitude, longitude. */
const PLACES: readonly (readonly [string, string, string, string, number, number])[] = [
  ['EU', 'DE', 'HE', 'Frankfurt', 50.1, 8.7],
  ['EU', 'DE', 'BE', 'Berlin', 52.5, 13.4],
  ['EU', 'FR', 'IDF', 'Paris', 48.9, 2.4],
  ['EU', 'GB', 'ENG', 'London', 51.5, -0.1],
  ['NA', 'US', 'CA', 'San Jose', 37.3, -121.9],
  ['NA', 'US', 'MA', 'Boston', 42.4, -71.1],
  ['NA', 'US', 'TX', 'Dallas', 32.8, -96.8],
  ['NA', 'CA', 'ON', 'Toronto', 43.7, -79.4],
  ['SA', 'BR', 'SP', 'Sao Paulo', -23.6, -46.6],
  ['SA', 'CL', 'RM', 'Santiago', -33.4, -70.7],
  ['AS', 'JP', '13', 'Tokyo', 35.7, 139.7],
  ['AS', 'SG', '01', 'Singapore', 1.3, 103.8],
  ['AS', 'IN', 'MH', 'Mumbai', 19.1, 72.9],
  ['OC', 'AU', 'NSW', 'Sydney', -33.9, 151.2],
  ['OC', 'AU', 'WA', 'Perth', -32, 115.9],
  ['AF', 'ZA', 'WC', 'Cape Town', -33.9, 18.4],
]

/** Blocks in which the database tells clients apart: the places of its parts, and the one that covers most of it. */
const FINE: readonly {
  readonly block: string
  readonly most: number
  readonly parts: Readonly<Record<string, number>>
}[] = [
  { block: '81.2.69.0/24', most: 0, parts: { '81.2.69.0/24': 0, '81.2.69.0/28': 10, '81.2.69.64/26': 3 } },
  // Both cover half of it.
  { block: '81.2.70.0/24', most: 6, parts: { '81.2.70.0/25': 6, '81.2.70.128/25': 12 } },
  { block: '8.8.8.0/24', most: 9, parts: { '8.8.8.0/24': 9, '8.8.8.8/30': 4, '8.8.8.255/32': 15 } },
  { block: '2a02:2e0:3fe:1000::/56', most: 2, parts: { '2a02:2e0:3fe:1000::/56': 2, '2a02:2e0:3fe:1000::/58': 13 } },
]
export const FINE_BLOCKS: readonly string[] = FINE.map(({ block }) => block)

/**
 * A made-up City database in the form of GeoLite2: networks of both families, most of them placed, some known by country
 * alone, the rest of the space unknown. The same random numbers give the same octets.
 *
 * What windrose makes of a database can be written into it: `applied` are the intended differences that are.
 */
export function composeClientsDatabase(random: () => number, applied: readonly Difference[]): Uint8Array {
  const has = (difference: Difference): boolean => applied.includes(difference)
  const placesCountries = has('a client of whom only the country is known is in the middle of it, not nowhere')
  const recordOf = (index: number, isVague: boolean): MmdbRecord => composeRecord(index, isVague, placesCountries)
  const below = (limit: number): number => Math.floor(random() * limit)
  const entries: { prefix: Prefix; record: MmdbRecord }[] = []
  for (let i = 0; i < 700; i++) {
    const length = 6 + below(19)
    const octets = [1 + below(223), below(256), below(256), 0].join('.')
    entries.push({ prefix: prefixOf(`${octets}/${length}`), record: recordOf(below(PLACES.length), random() < 0.15) })
  }
  for (let i = 0; i < 400; i++) {
    const start = ['2001', '2400', '2600', '2800', '2a00', '2a02', '2c0f'][below(7)]!
    const rest = Array.from({ length: 3 }, () => below(65_536).toString(16)).join(':')
    const prefix = prefixOf(`${start}:${rest}::/${14 + below(43)}`)
    entries.push({ prefix, record: recordOf(below(PLACES.length), random() < 0.15) })
  }
  for (const { block, most, parts } of FINE) {
    const isCoarse = has('a database tells no clients apart inside a /24 or /56')
    for (const [network, place] of Object.entries(isCoarse ? { [block]: most } : parts))
      entries.push({ prefix: prefixOf(network), record: recordOf(place, false) })
  }
  return composeMmdb({
    databaseType: 'GeoLite2-City',
    buildEpoch: 1_700_000_000,
    ipVersion: 6,
    recordSize: 28,
    entries,
    ipv4Aliases: ['::ffff:0:0/96', '2002::/16', '2001::/32'].map(prefixOf),
  })
}

function prefixOf(text: string): Prefix {
  return readPrefix(text)!.prefix
}

function composeRecord(index: number, isVague: boolean, placesCountries: boolean): MmdbRecord {
  const [continent, country, subdivision, city, latitude, longitude] = PLACES[index]!
  const whole = { continent: { code: continent }, country: { iso_code: country } }
  if (isVague) return placesCountries ? { ...whole, location: { ...countryCoordinates(country)! } } : whole
  return {
    ...whole,
    subdivisions: [{ iso_code: subdivision }],
    city: { names: { en: city } },
    location: { latitude, longitude },
  }
}

import { readAddress } from '@windrose/ip'
import type { Coordinates } from './great-circle.ts'
import { makeDatabase, makeMmdb } from './mmdb.arbitraries.ts'
import type { MmdbRecord } from './mmdb-data.ts'
import { type Database, openDatabaseOctets } from './mmdb-file.ts'
import { mapPlaces, type PlaceMap } from './place-map.ts'

const at = (latitude: number): MmdbRecord => ({ latitude, longitude: 10, city: `at ${latitude}` })

/** The latitude of an address's place and the length of its leaf, as `latitude/length`. */
function find(map: PlaceMap, text: string): string {
  const address = readAddress(text)!
  let reference = address.length === 4 ? map.ipv4 : map.ipv6
  let depth = 0
  for (; reference < 0; depth++) reference = map.trie.half(reference, (address[depth >> 3]! >> (7 - (depth & 7))) & 1)
  const point: Coordinates | undefined = reference === 0 ? undefined : map.places.coordinates(reference)
  return `${point?.latitude ?? 'nowhere'}/${depth}`
}

describe.each([24, 28, 32] as const)('a database with records of %d bits', (recordSize) => {
  const database = makeDatabase(
    { '8.0.0.0/8': at(1), '8.8.0.0/16': at(2), '2600::/16': at(3), '2600:1::/32': at(4) },
    { recordSize },
  )
  const map = mapPlaces([database])
  test.each([
    ['8.1.1.1', '1/13'],
    ['8.8.1.1', '2/16'],
    ['9.1.1.1', 'nowhere/8'],
    ['2600:1::1', '4/32'],
    ['2600:2::1', '3/31'],
    ['2601::', 'nowhere/16'],
  ])('places %s', (address, found) => expect(find(map, address)).toBe(found))
})

describe('a database that knows more than a /24 or /56', () => {
  const networks = {
    '8.8.8.0/25': at(1),
    '8.8.8.128/26': at(2),
    '8.8.8.192/26': at(2),
    '8.8.9.0/26': at(7),
    '8.8.9.64/26': at(3),
    '8.8.9.128/26': at(3),
    '8.8.9.192/26': at(7),
    '8.8.10.64/28': at(4),
    '8.8.11.0/25': at(5),
    '8.8.12.7/32': { city: 'of unknown place' },
    '8.8.13.128/30': { city: 'of unknown place' },
    '8.8.13.132/32': at(6),
    '2600:0:0:1ff::/64': at(1),
    '2600:0:0:200::/58': at(2),
    '2600:0:0:240::/60': at(3),
  }
  const map = mapPlaces([makeDatabase(networks)])

  test.each([
    // Half and half: the first. The two /26 are one record and count as one.
    ['8.8.8.200', '1/24'],
    // The outer quarters against the inner ones: again half and half.
    ['8.8.9.100', '7/24'],
    // What nobody knows does not outvote what somebody does.
    ['8.8.10.0', '4/24'],
    ['8.8.11.200', '5/24'],
    ['8.8.12.7', 'nowhere/24'],
    ['8.8.13.1', '6/24'],
    ['2600:0:0:100::', '1/56'],
    ['2600:0:0:200::', '2/56'],
    ['2600:0:0:2ff::', '2/56'],
  ])('puts all of the one around %s where most of it is', (address, found) => {
    expect(find(map, address)).toBe(found)
  })
})

describe('aliases of IPv4 in a tree of IPv6', () => {
  const networks = { '8.0.0.0/8': at(1), '2600::/16': at(2) }
  const aliases = ['::ffff:0:0/96', '2002::/16', '2001::/32'].map((text) => ({
    address: readAddress(text.split('/')[0]!)!,
    length: Number(text.split('/')[1]),
  }))
  const map = mapPlaces([makeDatabase(networks, { ipv4Aliases: aliases })])

  test.each([
    ['8.8.8.8', '1/8'],
    ['2600::1', '2/16'],
    ['::ffff:8.8.8.8', 'nowhere/3'],
    ['2002:808:808::', 'nowhere/6'],
    ['::8.8.8.8', 'nowhere/3'],
  ])('are not copied: %s', (address, found) => expect(find(map, address)).toBe(found))
})

describe('several databases', () => {
  const ipv4 = makeDatabase({ '8.0.0.0/8': at(1), '9.0.0.0/8': { city: 'somewhere' } }, { ipVersion: 4 })
  const ipv6 = makeDatabase({ '2600::/16': at(2) })
  const country = makeDatabase({ '8.0.0.0/7': { country_code: 'ch' }, '2600::/12': { country_code: 'CH' } })
  const asn = makeDatabase({ '11.0.0.0/8': { autonomous_system_number: 64500 } })
  const map = mapPlaces([ipv4, ipv6, asn, country])

  test.each([
    ['8.1.1.1', '1/8'],
    ['9.1.1.1', '46.8/8'],
    ['2600::1', '2/16'],
    ['2601::1', '46.8/16'],
    ['11.1.1.1', 'nowhere/7'],
  ])('place %s by the first one that can', (address, found) => expect(find(map, address)).toBe(found))
})

test('no database at all places nobody', () => {
  const map = mapPlaces([])
  expect([find(map, '8.8.8.8'), find(map, '2600::')]).toEqual(['nowhere/0', 'nowhere/0'])
})

describe('a tree of IPv6 that knows one thing of all IPv4', () => {
  test('keeps that thing where IPv6 has it too', () => {
    const map = mapPlaces([makeDatabase({ '::/0': at(1) })])
    expect([find(map, '8.8.8.8'), find(map, '2600::')]).toEqual(['1/0', '1/0'])
  })
})

describe('a damaged tree', () => {
  const records = (octets: Uint8Array, node: number, value: number): Uint8Array => {
    for (let i = 0; i < 6; i++) octets[node * 6 + i] = value >>> ((2 - (i % 3)) * 8)
    return octets
  }
  test.each([
    ['that goes round', 8, 0],
    ['that leads on for ever', 8, 8],
  ])('%s is an error with the name of the file, and no endless walk', (_, node, target) => {
    const octets = makeMmdb({ '8.8.0.0/16': at(1), '9.9.9.0/24': at(2), '129.0.0.0/8': at(3) }, { ipVersion: 4 })
    const opened = openDatabaseOctets('bent.mmdb', Buffer.from(records(octets, node, target)))
    expect(opened).not.toHaveProperty('problem')
    expect(() => mapPlaces([opened as Database])).toThrow(
      /^geo database bent\.mmdb: the search tree is damaged; download it again$/,
    )
  })
})

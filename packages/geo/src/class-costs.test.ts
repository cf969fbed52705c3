import { printPrefix, readAddress, readPrefix } from '@windrose/ip'
import { type ClientMap, SPECIAL_CLASS } from '@windrose/steering'
import fc from 'fast-check'
import { compileMap, findClass } from './areas.arbitraries.ts'
import { countryCoordinates } from './country-coordinates.ts'
import { greatCircleKm } from './great-circle.ts'
import { makeDatabase } from './mmdb.arbitraries.ts'
import { anyNetwork, anyPrefix } from './networks.arbitraries.ts'

const SITES = [
  { index: 4, latitude: 38.9, longitude: -77.5, bias: 0 },
  { index: 2, latitude: 48.9, longitude: 2.3, bias: 50 },
]
const [VIRGINIA, PARIS] = SITES
const at = (country: string) => countryCoordinates(country)!

/** What the map says of the class of an address. */
function costsAt(map: ClientMap, text: string) {
  const { sites, km, blocks4, blocks6 } = map.costs!
  const { number } = findClass(map, readAddress(text)!)
  return {
    km: Object.fromEntries(sites.map((site, column) => [site, km[number * sites.length + column]!])),
    blocks4: blocks4[number],
    blocks6: blocks6[number],
  }
}

describe('the costs of a class', () => {
  const database = makeDatabase({
    '5.0.0.0/8': { country_code: 'DE' },
    '6.0.0.0/16': { country_code: 'FR' },
    '9.0.0.0/8': { country_code: 'US' },
    '10.0.0.0/8': { country_code: 'US' },
    '2a00::/16': { country_code: 'FR' },
    '2c00::/32': { country_code: 'ZA' },
  })
  const rules = ['5.0.0.0/32', '10.0.0.0/16'].map((text) => ({
    prefix: readPrefix(text)!.prefix,
    sites: [4],
    comment: '',
  }))
  const map = compileMap([database], { sites: SITES, preferred: 1, rules, costs: true })

  test('are there only where they are asked for', () => {
    expect(compileMap([database], { sites: SITES })).not.toHaveProperty('costs')
  })

  test('count its addresses, whole blocks and parts of them', () => {
    const ofParis = costsAt(map, '5.1.1.1')
    expect([ofParis.blocks4, ofParis.blocks6]).toEqual([65536 + 256 - 1 / 256, 2 ** 32 + 2 ** 16])
    expect(costsAt(map, '9.1.1.1')).toMatchObject({ blocks4: 65536, blocks6: 0 })
    expect(costsAt(map, '5.0.0.0')).toMatchObject({ blocks4: 256 + 1 / 256, blocks6: 0 })
  })

  test('say how far its IPv4 addresses are from each site in the mean, whatever the bias', () => {
    const { km } = costsAt(map, '5.1.1.1')
    const [de, fr] = [65536 - 1 / 256, 256]
    for (const site of [VIRGINIA!, PARIS!]) {
      const mean = (de * greatCircleKm(at('DE'), site) + fr * greatCircleKm(at('FR'), site)) / (de + fr)
      expect(km[site.index]).toBeCloseTo(mean, 2)
    }
  })

  test('are those of its IPv6 addresses where it has no others', () => {
    const six = makeDatabase({ '2a00::/32': { country_code: 'FR' }, '2b00::/31': { country_code: 'DE' } })
    const { km } = costsAt(compileMap([six], { sites: SITES, preferred: 1, costs: true }), '2a00::')
    const mean = (greatCircleKm(at('FR'), PARIS!) + 2 * greatCircleKm(at('DE'), PARIS!)) / 3
    expect(km[PARIS!.index]).toBeCloseTo(mean, 2)
  })

  test('of clients whom nobody can place have no distance, also where a database speaks of private space', () => {
    expect(costsAt(map, '11.1.1.1').km).toEqual({ 2: Number.NaN, 4: Number.NaN })
    const private_ = compileMap([database], { sites: SITES, rules: rules.slice(1), costs: true })
    expect(costsAt(private_, '10.0.0.1').km).toEqual({ 2: Number.NaN, 4: Number.NaN })
  })

  test('lie on shared memory', () => {
    for (const cells of [map.costs!.km, map.costs!.blocks4, map.costs!.blocks6]) {
      expect(cells.buffer).toBeInstanceOf(SharedArrayBuffer)
    }
  })
})

/** Blocks of each class, leaf by leaf through all addresses of a family. */
function countLeaves(map: ClientMap, octets: 4 | 16, blockLength: number): Map<number, number> {
  const blocks = new Map<number, number>()
  const address = new Uint8Array(octets)
  for (;;) {
    const { number, length } = findClass(map, address)
    blocks.set(number, (blocks.get(number) ?? 0) + 2 ** (blockLength - length))
    // The first address behind the leaf.
    let bit = length - 1
    for (; bit >= 0; bit--) {
      address[bit >> 3]! ^= 0x80 >> (bit & 7)
      if ((address[bit >> 3]! & (0x80 >> (bit & 7))) !== 0) break
    }
    if (bit < 0) return blocks
  }
}

const prefixOf = (text: string) => readPrefix(text)!.prefix

test('for any database and rules, the counts are those of all leaves of the map', () => {
  const networks = fc.array(fc.tuple(anyNetwork, fc.constantFrom('US', 'FR', 'ZA')), { maxLength: 8 })
  const prefixes = fc.uniqueArray(anyPrefix, { maxLength: 3, selector: printPrefix })
  fc.assert(
    fc.property(networks, prefixes, prefixes, (placed, ruled, named) => {
      const entries = placed.map(([prefix, country]) => [printPrefix(prefix), { country_code: country }] as const)
      const database = makeDatabase({ ...Object.fromEntries(entries), '96.0.0.0/4': { country_code: 'US' } })
      const map = compileMap([database], {
        sites: SITES,
        rules: ruled.map((prefix) => ({ prefix, sites: [4], comment: '' })),
        areas: [named.map((prefix, i) => ({ of: { kind: 'prefix', prefix }, area: i + 1 }))],
        costs: true,
      })
      for (const [cells, counted] of [
        [map.costs!.blocks4, countLeaves(map, 4, 24)],
        [map.costs!.blocks6, countLeaves(map, 16, 48)],
      ] as const) {
        counted.delete(SPECIAL_CLASS)
        for (const [number, blocks] of cells.entries()) {
          const expected = counted.get(number) ?? 0
          // What is left of all IPv6 beside a host or two is more than a number of 53 bits can tell, and sums round.
          expect(Math.abs(blocks - expected)).toBeLessThanOrEqual(expected * 2 ** -50)
        }
      }
    }),
    {
      examples: [
        [[[prefixOf('::/0'), 'US']], [prefixOf('::/2')], [prefixOf('2000::/56'), prefixOf('2000:0:0:a00::/57')]],
      ],
    },
  )
}, 60_000)

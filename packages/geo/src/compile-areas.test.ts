import { readAddress, readPrefix } from '@windrose/ip'
import { type ClientMap, SPECIAL_CLASS } from '@windrose/steering'
import type { AreaTable } from './area-table.ts'
import { compileMap, findClass, matcher, table } from './areas.arbitraries.ts'
import { compileClientMaps } from './compile-client-map.ts'
import { countryCoordinates } from './country-coordinates.ts'
import type { MapSpec } from './map-spec.ts'
import { makeDatabase } from './mmdb.arbitraries.ts'
import type { MmdbRecord } from './mmdb-data.ts'
import { namedAreas } from './named-areas.ts'
import { mapPlaces } from './place-map.ts'

const PARIS = { index: 0, latitude: 48.9, longitude: 2.3, bias: 0 }

/** `areas/length` of an address's class, or `special/length`. */
function show(map: ClientMap, text: string): string {
  const { number, length } = findClass(map, readAddress(text)!)
  return `${number === SPECIAL_CLASS ? 'special' : map.classes[number]!.areas.join()}/${length}`
}

const CITY = makeDatabase({
  '5.0.0.0/8': city('DE', 'Testburg', { code: 'HE', name: 'Hesse' }),
  '6.0.0.0/8': city('DE', 'Köln', { code: 'NW', name: 'North Rhine-Westphalia' }),
  '7.0.0.0/8': { country: { iso_code: 'DE' }, continent: { code: 'EU' } },
  '8.0.0.0/8': { country: { iso_code: 'CY' }, continent: { code: 'EU' } },
  '9.0.0.0/8': { continent: { code: 'EU' } },
  '11.0.0.0/8': city('US', 'Testburg', { code: 'CA', name: 'California' }),
  '12.0.0.0/8': { country: { iso_code: 'us' } },
})
const COUNTRY = makeDatabase({ '5.0.0.0/8': { country_code: 'DE' }, '8.0.0.0/8': { country_code: 'CY' } })

function city(country: string, name: string, subdivision: { code: string; name: string }): MmdbRecord {
  const { latitude, longitude } = countryCoordinates(country)!
  return {
    city: { names: { en: name } },
    continent: { code: country === 'US' ? 'NA' : 'EU' },
    country: { iso_code: country },
    location: { latitude, longitude },
    subdivisions: [{ iso_code: subdivision.code, names: { en: subdivision.name } }],
  }
}

describe('an area', () => {
  test.each([
    ['the city', 'city:DE/Testburg', ['5.1.1.1']],
    ['a city in any case, accents composed or not', 'city:DE/ko\u0308LN', ['6.1.1.1']],
    ['a subdivision by its code', 'subdivision:DE/he', ['5.1.1.1']],
    ['a subdivision by its name', 'subdivision:DE/north rhine-westphalia', ['6.1.1.1']],
    ['a country, whatever the case of the database', 'country:US', ['11.1.1.1', '12.1.1.1']],
    // Cyprus is in Asia by the geoscheme, and in Europe by this database.
    [
      'a continent, also of what has no country',
      'continent:EU',
      ['5.1.1.1', '6.1.1.1', '7.1.1.1', '8.1.1.1', '9.1.1.1'],
    ],
    ['no continent by the geoscheme where the database says another', 'continent:AS', []],
    ['the continent of a country whose record names none', 'continent:NA', ['11.1.1.1', '12.1.1.1']],
    ['a prefix', '13.2.0.0/16', ['13.2.1.1']],
    ['a private prefix', '10.1.0.0/16', ['10.1.1.1']],
  ])('is %s', (_, text, members) => {
    const map = compileMap([CITY], { areas: [table(text)] })
    const probes = [
      '5.1.1.1',
      '6.1.1.1',
      '7.1.1.1',
      '8.1.1.1',
      '9.1.1.1',
      '10.1.1.1',
      '11.1.1.1',
      '12.1.1.1',
      '13.2.1.1',
    ]
    expect(probes.filter((probe) => show(map, probe).startsWith('1/'))).toEqual(members)
  })

  test('is that of the country where the database knows no continents', () => {
    const map = compileMap([COUNTRY], { areas: [table('continent:EU', 'continent:AS')] })
    expect(['5.1.1.1', '8.1.1.1', '9.1.1.1'].map((probe) => show(map, probe))).toEqual(['1/8', '2/8', '0/8'])
  })
})

describe('of several areas', () => {
  const asn = makeDatabase({
    '5.0.0.0/9': { autonomous_system_number: 64500 },
    '5.64.0.0/10': { autonomous_system_number: 64501 },
    '11.0.0.0/8': { autonomous_system_number: 64500 },
    '10.0.0.0/8': { autonomous_system_number: 64500 },
  })
  const areas = [
    table('continent:EU', 'country:DE', 'subdivision:DE/HE', 'city:DE/Testburg', 'asn:64500', '5.1.0.0/16', [
      '5.1.1.0/24',
      '10.1.0.0/16',
    ]),
  ]
  const map = compileMap([CITY, asn], { areas })
  test.each([
    ['8.1.1.1', '1/7'],
    ['7.1.1.1', '2/7'],
    ['5.128.1.1', '4/9'],
    ['5.2.1.1', '5/15'],
    // The more specific network of another AS has only its city.
    ['5.64.1.1', '4/10'],
    ['5.1.2.1', '6/23'],
    ['5.1.1.1', '7/24'],
    // Private space belongs to nobody: what an AS is said to have of it counts as little as a place there.
    ['10.2.1.1', 'special/15'],
    ['10.1.1.1', '7/16'],
    ['11.1.1.1', '5/8'],
  ])('%s is in the most specific one: %s', (probe, area) => expect(show(map, probe)).toBe(area))

  test('those with the same number are one to every resolver', () => {
    const merged = compileMap([CITY], { areas: [table(['city:DE/Testburg', 'subdivision:DE/NW', 'country:DE'])] })
    expect(show(merged, '7.1.1.1')).toBe('1/7')
    expect(show(merged, '6.1.1.1')).toBe('1/7')
  })

  test('an exception may lead back to the default one', () => {
    const back = [
      ...table('country:DE'),
      { of: matcher('city:DE/Testburg'), area: 0 },
      { of: matcher('10.0.0.0/8'), area: 0 },
    ]
    const exempt = compileMap([CITY], { areas: [back] })
    expect(['5.1.1.1', '6.1.1.1', '10.1.1.1'].map((probe) => show(exempt, probe))).toEqual(['0/7', '1/7', '0/5'])
  })

  test('each table has its own', () => {
    const two = compileMap([CITY], { areas: [table('country:DE'), table('country:US', '5.0.0.0/9')] })
    expect(['5.1.1.1', '5.128.1.1', '11.1.1.1', '13.1.1.1'].map((probe) => show(two, probe))).toEqual([
      '1,2/9',
      '1,0/9',
      '0,1/8',
      '0,0/8',
    ])
  })
})

describe('areas and rules', () => {
  const rules = ['5.0.0.0/9', '10.0.0.0/8'].map((text) => ({
    prefix: readPrefix(text)!.prefix,
    sites: [1],
    comment: '',
  }))
  const map = compileMap([CITY], {
    sites: [PARIS],
    areas: [table('country:DE', '10.1.0.0/16', '5.1.0.0/16', '172.16.0.0/12')],
    rules,
  })
  const classAt = (text: string) => map.classes[findClass(map, readAddress(text)!).number]

  test('do not change each other: a rule has the areas, an area the sites that are there without it', () => {
    expect(classAt('5.2.1.1')).toEqual({ rule: 0, view: 0, sites: [1], areas: [1] })
    expect(classAt('5.1.1.1')).toEqual({ rule: 0, view: 0, sites: [1], areas: [3] })
    expect(classAt('5.128.1.1')).toEqual({ rule: -1, view: 0, sites: [0], areas: [1] })
    expect(classAt('10.1.1.1')).toEqual({ rule: 0, view: 0, sites: [1], areas: [2] })
    expect(classAt('10.2.1.1')).toEqual({ rule: 0, view: 0, sites: [1], areas: [0] })
    expect(classAt('172.16.1.1')).toEqual({ rule: -1, view: 0, sites: [], areas: [4] })
  })

  test('make another map, and equal areas the same one, however they are written', () => {
    const spec = (areas: AreaTable): MapSpec => ({ sites: [], preferred: 3, rules: [], areas: [areas] })
    const specs = [table('city:DE/Testburg'), table('city:DE/TESTBURG'), table('city:DE/Other')].map(spec)
    const [one, same, other] = compileClientMaps(mapPlaces([CITY], namedAreas(specs)), specs)
    expect(same).toBe(one)
    expect(other).not.toBe(one)
  })
})

describe('AS numbers', () => {
  const areas = [table('asn:64500', 'asn:64501')]

  test.each<[string, MmdbRecord, MmdbRecord]>([
    ['numbers', { autonomous_system_number: 64500 }, { autonomous_system_number: 64502 }],
    ['texts', { asn: '64500' }, { asn: '64502' }],
    [
      'texts as IPinfo has them, beside countries',
      { asn: 'AS64500', country: 'DE' },
      { asn: 'AS64502', country: 'DE' },
    ],
  ])('are understood as %s', (_, named, unnamed) => {
    const map = compileMap([makeDatabase({ '5.0.0.0/8': named, '6.0.0.0/8': unnamed })], { areas })
    expect([show(map, '5.1.1.1'), show(map, '6.1.1.1')]).toEqual(['1/8', '0/7'])
  })

  test('of a network are those of the first database that knows it', () => {
    const first = makeDatabase({ '5.0.0.0/8': { asn: 64502 }, '6.0.0.0/8': { asn: 64501 } })
    const second = makeDatabase({
      '5.0.0.0/8': { asn: 64500 },
      '6.0.0.0/8': { asn: 64500 },
      '7.0.0.0/8': { asn: 64500 },
    })
    const map = compileMap([first, second], { areas })
    expect(['5.1.1.1', '6.1.1.1', '7.1.1.1'].map((probe) => show(map, probe))).toEqual(['0/7', '2/8', '1/8'])
  })

  test('of a network that is finer than a /24 are those of most of it, also where they have no area', () => {
    const map = compileMap(
      [makeDatabase({ '5.1.1.0/24': { asn: 64502 }, '5.1.1.0/26': { asn: 64500 }, '9.0.0.0/8': { asn: 1 } })],
      { areas },
    )
    expect(show(map, '5.1.1.1')).toBe('0/6')
  })
})

test('an address that the first database knows only by its continent is where another one says', () => {
  const second = makeDatabase({ '9.0.0.0/8': { country_code: 'JP' } })
  const map = compileMap([CITY, second], { areas: [table('continent:EU', 'country:JP')] })
  expect(show(map, '9.1.1.1')).toBe('2/8')
})

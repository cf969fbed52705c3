import { makeDatabase, makeMmdb } from './mmdb.arbitraries.ts'
import type { MmdbRecord } from './mmdb-data.ts'
import { openDatabaseOctets } from './mmdb-file.ts'
import { type Place, readPlace } from './place.ts'
import { recogniseSchema, type Schema } from './schema.ts'

const MAXMIND_CITY: MmdbRecord = {
  city: { geoname_id: 1, names: { de: 'Genf', en: 'Geneva' } },
  continent: { code: 'EU', geoname_id: 2 },
  country: { iso_code: 'CH', is_in_european_union: false },
  location: { accuracy_radius: 20, latitude: 46.2, longitude: 6.1, time_zone: 'Europe/Zurich' },
  registered_country: { iso_code: 'FR' },
  subdivisions: [{ iso_code: 'GE', names: { en: 'Geneva' } }],
}
const MAXMIND_COUNTRY: MmdbRecord = {
  continent: { code: 'EU' },
  country: { iso_code: 'CH', names: { en: 'Switzerland' } },
}
const ASN: MmdbRecord = { autonomous_system_number: 64500, autonomous_system_organization: 'Example Net' }
const DBIP_CITY: MmdbRecord = {
  city: { names: { en: 'Geneva' } },
  continent: { code: 'EU' },
  country: { iso_code: 'CH', is_in_european_union: false },
  location: { latitude: 46.2, longitude: 6.1 },
  subdivisions: [{ names: { en: 'Geneva' } }],
}
const IPINFO: MmdbRecord = {
  as_domain: 'example.net',
  as_name: 'Example Net',
  asn: 'AS64500',
  continent: 'Europe',
  continent_code: 'EU',
  country: 'Switzerland',
  country_code: 'CH',
}
const FLAT_CITY: MmdbRecord = {
  city: 'Geneva',
  country_code: 'CH',
  latitude: '46.2',
  longitude: '6.1',
  postcode: '',
  state1: 'Geneva',
  state2: '',
}
const GENEVA = { latitude: 46.2, longitude: 6.1 }
const SWITZERLAND = { latitude: 46.8, longitude: 8.2 }

const SCHEMAS: [string, MmdbRecord, Schema['vendor'], Schema['precision'], Partial<Place>][] = [
  [
    'GeoLite2-City',
    MAXMIND_CITY,
    'MaxMind',
    'city',
    { coordinates: GENEVA, from: 'record', country: 'CH', continent: 'EU', subdivision: 'GE', city: 'Geneva' },
  ],
  ['GeoIP2-City', MAXMIND_CITY, 'MaxMind', 'city', { coordinates: GENEVA }],
  [
    'GeoLite2-Country',
    MAXMIND_COUNTRY,
    'MaxMind',
    'country',
    { coordinates: SWITZERLAND, from: 'country', country: 'CH', continent: 'EU', city: undefined },
  ],
  [
    'GeoLite2-ASN',
    ASN,
    'MaxMind',
    'asn',
    { coordinates: undefined, from: 'nothing', asn: 64500, organisation: 'Example Net' },
  ],
  [
    'DBIP-City-Lite',
    DBIP_CITY,
    'DB-IP',
    'city',
    { coordinates: GENEVA, country: 'CH', subdivision: 'Geneva', city: 'Geneva' },
  ],
  ['DBIP-Country-Lite', MAXMIND_COUNTRY, 'DB-IP', 'country', { coordinates: SWITZERLAND, country: 'CH' }],
  [
    'ipinfo generic_lite.mmdb',
    IPINFO,
    'IPinfo',
    'country',
    { coordinates: SWITZERLAND, country: 'CH', continent: 'EU', asn: 64500, organisation: 'Example Net' },
  ],
  ['ipinfo country.mmdb', { continent: 'EU', country: 'CH' }, 'IPinfo', 'country', { country: 'CH', continent: 'EU' }],
  ['country ipvAll', { country_code: 'CH' }, 'ip-location-db', 'country', { coordinates: SWITZERLAND, country: 'CH' }],
  [
    'city ipv4',
    FLAT_CITY,
    'ip-location-db',
    'city',
    { coordinates: GENEVA, from: 'record', country: 'CH', subdivision: 'Geneva', city: 'Geneva' },
  ],
  ['city ipv6', { ...FLAT_CITY, latitude: 46.2, longitude: 6.1 }, 'ip-location-db', 'city', { coordinates: GENEVA }],
  ['asn ipv4', ASN, 'ip-location-db', 'asn', { asn: 64500 }],
  ['my own', { country: { iso_code: 'ch' } }, 'unknown', 'country', { coordinates: SWITZERLAND, country: 'CH' }],
]

test.each(SCHEMAS)('a database of type %s is recognised and read', (databaseType, record, vendor, precision, place) => {
  const { schema, reader } = makeDatabase({ '8.0.0.0/8': record }, { databaseType })
  expect([schema.vendor, schema.precision]).toEqual([vendor, precision])
  expect(readPlace(schema, reader.getWithPrefixLength('8.8.8.8')[0])).toMatchObject(place)
})

test('a record that lacks its country has the one it is registered in', () => {
  const { schema } = makeDatabase({ '8.0.0.0/8': MAXMIND_CITY }, { databaseType: 'GeoLite2-City' })
  expect(readPlace(schema, { registered_country: { iso_code: 'FR' } }).country).toBe('FR')
})

test.each([
  ['at 0, 0', { latitude: 0, longitude: 0 }],
  ['north of the pole', { latitude: 91, longitude: 0 }],
  ['beyond the date line', { latitude: 10, longitude: 181 }],
  ['without a longitude', { latitude: 10 }],
])('a record %s is where its country is', (_, location) => {
  const { schema } = makeDatabase({ '8.0.0.0/8': MAXMIND_CITY })
  const place = readPlace(schema, { location, country: { iso_code: 'CH' } } as unknown)
  expect(place).toMatchObject({ coordinates: SWITZERLAND, from: 'country' })
})

test('a record of an unknown country is nowhere, and not at 0, 0', () => {
  const { schema } = makeDatabase({ '8.0.0.0/8': { country_code: 'CH' } })
  expect(readPlace(schema, { country_code: 'ZZ' })).toMatchObject({ coordinates: undefined, from: 'nothing' })
})

describe('a database of no use', () => {
  test('is a problem that names its type and the fields that it has', () => {
    const octets = makeMmdb(
      { '8.0.0.0/8': { is_anonymous: true, traits: { isp: 'x' } } },
      { databaseType: 'GeoIP2-ISP' },
    )
    expect(openDatabaseOctets('isp.mmdb', Buffer.from(octets))).toEqual({
      problem:
        "geo database isp.mmdb: no country, coordinates or AS number in its records (type 'GeoIP2-ISP', " +
        'fields: is_anonymous, traits.isp); use a country, city or ASN database',
    })
  })

  test('is one whose fields are there but say nothing', () => {
    expect(recogniseSchema('x', [{ country_code: '', latitude: 'north', asn: 'none' }])).toHaveProperty('problem')
  })

  test('is one without records', () => {
    expect(openDatabaseOctets('empty.mmdb', Buffer.from(makeMmdb({})))).toEqual({
      problem: 'geo database empty.mmdb: it holds no records; use another file',
    })
  })
})

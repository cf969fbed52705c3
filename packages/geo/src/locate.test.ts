import { join } from 'node:path'
import { readAddress, readPrefix } from '@windrose/ip'
import { areaProblem } from './area-knowledge.ts'
import { printMatcher } from './area-table.ts'
import { matcher, table } from './areas.arbitraries.ts'
import { countryCodes } from './country-coordinates.ts'
import { missingFamilies } from './coverage.ts'
import { defaultDatabase } from './default-database.ts'
import { locate } from './locate.ts'
import { matchArea, namesPrefixOf } from './match-area.ts'
import { matchRule } from './match-rule.ts'
import { makeDatabase } from './mmdb.arbitraries.ts'
import { type Database, openDatabase } from './mmdb-file.ts'

function open(path: string): Database {
  const opened = openDatabase(path)
  if ('problem' in opened) throw new Error(opened.problem)
  return opened
}

const find = (databases: readonly Database[], text: string) => locate(databases, readAddress(text)!)

describe('what databases say of an address', () => {
  const city = open(join(__dirname, '../../../geo-data/test.mmdb'))
  const asn = makeDatabase({ '17.0.0.0/8': { autonomous_system_number: 64500 } })

  test('is told database by database, with the prefix of the record', () => {
    expect(find([city, asn], '17.65.1.1')).toMatchObject([
      { database: city.path, prefix: '17.64.0.0/10', place: { city: 'West Sampleton', country: 'US', from: 'record' } },
      { database: 'made.mmdb', prefix: '17.0.0.0/8', place: { asn: 64500 } },
    ])
  })

  test('leaves out those that know nothing of it', () => {
    expect(find([city, asn], '5.1.1.1').map(({ database }) => database)).toEqual([city.path])
    expect(find([city, asn], '200.1.1.1')).toEqual([])
  })

  test.each(['::ffff:17.65.1.1', '2002:1141:101::1', '64:ff9b::1141:101', '2001:0:1::eebe:fefe'])(
    'of %s is what they say of the IPv4 address in it',
    (address) => expect(find([city], address)).toEqual(find([city], '17.65.1.1')),
  )

  test('is nothing of IPv6 where they are for IPv4 alone', () => {
    const ipv4 = makeDatabase({ '32.0.0.0/3': { country_code: 'US' } }, { ipVersion: 4 })
    expect(find([ipv4], '33.1.1.1')).toHaveLength(1)
    expect(find([ipv4], '2600::1')).toEqual([])
  })
})

describe('the families that are missing', () => {
  const ipv4 = makeDatabase({ '8.0.0.0/8': { country_code: 'US' } }, { ipVersion: 4 })
  const ipv4InIpv6 = makeDatabase({ '8.0.0.0/8': { country_code: 'US' } })
  const ipv6 = makeDatabase({ '2600::/16': { country_code: 'US' } })
  const asn = makeDatabase({ '::/0': { autonomous_system_number: 64500 } })
  test.each([
    [[ipv4], ['ipv6']],
    [[ipv4InIpv6], ['ipv6']],
    [[ipv6], ['ipv4']],
    [[ipv4, ipv6], []],
    [[asn], ['ipv4', 'ipv6']],
    [[], ['ipv4', 'ipv6']],
  ])('are those that no database places (%#)', (databases, missing) => {
    expect(missingFamilies(databases)).toEqual(missing)
  })
})

test('the rule of an address is the one with the longest prefix', () => {
  const rules = ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '::/0'].map((text) => ({
    prefix: readPrefix(text)!.prefix,
    sites: [0],
    comment: text,
  }))
  const match = (text: string) => matchRule(rules, readAddress(text)!)
  expect(['10.1.2.3', '10.1.3.3', '10.2.3.3', '11.1.1.1', '2600::'].map(match)).toEqual([2, 1, 0, undefined, 3])
})

describe('the area of an address', () => {
  const city = open(join(__dirname, '../../../geo-data/test.mmdb'))
  const asn = makeDatabase({ '17.0.0.0/9': { autonomous_system_number: 64500 } })
  const areas = table(
    '17.0.0.0/16',
    'asn:64500',
    'city:US/SAMPLETON',
    'subdivision:DE/HE',
    'country:FR',
    'continent:EU',
    '10.0.0.0/8',
  )
  const match = (text: string) => {
    const address = readAddress(text)!
    const found = matchArea(areas, address, locate([city, asn], address))
    return found && `${printMatcher(found.rule.of)} by ${found.database?.split('/').at(-1)}`
  }

  test.each([
    ['17.0.1.1', '17.0.0.0/16 by undefined'],
    ['17.1.1.1', 'asn:64500 by made.mmdb'],
    ['17.128.1.1', 'city:US/SAMPLETON by test.mmdb'],
    ['5.1.1.1', 'subdivision:DE/HE by test.mmdb'],
    ['5.128.1.1', 'country:FR by test.mmdb'],
    ['91.1.1.1', 'continent:EU by test.mmdb'],
    ['43.1.1.1', undefined],
    ['10.1.1.1', '10.0.0.0/8 by undefined'],
    ['192.168.1.1', undefined],
  ])('%s is told with the database that says so: %s', (address, area) => expect(match(address)).toBe(area))

  test('may be a prefix of private space, which somebody names then', () => {
    expect(['10.1.1.1', '192.168.1.1'].map((text) => namesPrefixOf(areas, readAddress(text)!))).toEqual([true, false])
  })
})

test('an area that no database can tell is said to be one, and what would help', () => {
  const country = makeDatabase({ '5.0.0.0/8': { country_code: 'DE' } })
  const asn = makeDatabase({ '5.0.0.0/8': { autonomous_system_number: 64500 } })
  const problems = (databases: readonly Database[]) =>
    ['10.0.0.0/8', 'asn:1', 'city:DE/a', 'subdivision:DE/a', 'country:DE', 'continent:EU'].filter(
      (text) => areaProblem(matcher(text), databases) !== undefined,
    )
  expect(problems([country])).toEqual(['asn:1', 'city:DE/a', 'subdivision:DE/a'])
  expect(problems([asn])).toEqual(['city:DE/a', 'subdivision:DE/a', 'country:DE', 'continent:EU'])
  expect(problems([asn, open(join(__dirname, '../../../geo-data/test.mmdb'))])).toEqual([])
  expect(areaProblem(matcher('city:DE/a'), [country])).toEqual({
    message: 'no geo database knows cities',
    hint: 'name a City database in geo.databases',
  })
})

describe('the database that comes with the installation', () => {
  const database = open(defaultDatabase())

  test('covers both families and places well-known addresses', () => {
    expect(missingFamilies([database])).toEqual([])
    expect(find([database], '8.8.8.8')[0]?.place.country).toBe('US')
    expect(find([database], '2001:4860:4860::8888')[0]?.place.country).toBe('US')
  })

  test('names no country that has no point', () => {
    // Codes in the data section stand behind the control octet of a string of two.
    const data = Buffer.from(database.tree.octets).subarray((database.tree.nodeCount * database.tree.recordSize) / 4)
    const codes = new Set([...data.toString('latin1').matchAll(/\x42([A-Z]{2})/g)].map((match) => match[1]!))
    expect(codes.size).toBeGreaterThan(230)
    expect([...codes].filter((code) => !countryCodes().includes(code))).toEqual([])
  })
})

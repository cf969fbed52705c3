import {
  type Address,
  containsAddress,
  findLeaf,
  isSpecialPurpose,
  leafClass,
  leafLength,
  maskAddress,
  printPrefix,
  readAddress,
  readPrefix,
} from '@windrose/ip'
import { type ClientMap, SPECIAL_CLASS } from '@windrose/steering'
import fc from 'fast-check'
import { compileClientMap, compileClientMaps } from './compile-client-map.ts'
import { locate } from './locate.ts'
import type { MapSpec } from './map-spec.ts'
import { matchRule } from './match-rule.ts'
import { makeDatabase } from './mmdb.arbitraries.ts'
import type { Database } from './mmdb-file.ts'
import { anyAddress, anyNetwork, anyPrefix } from './networks.arbitraries.ts'
import { mapPlaces } from './place-map.ts'
import { SiteOrder } from './site-order.ts'

/** Two sites: 0 in Paris, 1 in Virginia; site 2 has no coordinates, so only rules name it. */
const SITES = [
  { index: 0, latitude: 48.9, longitude: 2.3, bias: 0 },
  { index: 1, latitude: 38.9, longitude: -77.5, bias: 0 },
]

function spec(rules: Record<string, readonly number[]> = {}, more: Partial<MapSpec> = {}): MapSpec {
  const list = Object.entries(rules).map(([text, sites]) => ({ prefix: readPrefix(text)!.prefix, sites, comment: '' }))
  return { sites: SITES, preferred: 3, rules: list, ...more }
}

const compile = (databases: readonly Database[], one: MapSpec) => compileClientMap(mapPlaces(databases), one)

function find(map: ClientMap, address: Address): { number: number; length: number } {
  const leaf = findLeaf(map.trie, address, 0, address.length === 4 ? 4 : 6)
  return { number: leafClass(leaf), length: leafLength(leaf) }
}

/** `rule:sites/length` of an address's class, or `special/length`. */
function show(map: ClientMap, text: string): string {
  const { number, length } = find(map, readAddress(text)!)
  if (number === SPECIAL_CLASS) return `special/${length}`
  const { rule, sites } = map.classes[number]!
  return `${rule}:${sites.join()}/${length}`
}

/** The lower half of IPv4 in the United States, the upper one in France. */
const HALVES = makeDatabase({ '0.0.0.0/1': { country_code: 'US' }, '128.0.0.0/1': { country_code: 'FR' } })

describe('overrides alone', () => {
  const map = compile(
    [],
    spec({
      '10.0.0.0/8': [1, 0],
      '10.1.0.0/16': [2],
      '10.2.0.0/16': [1, 0],
      '192.0.2.0/24': [],
      '2001:db8::/32': [2, 1],
    }),
  )
  test.each([
    ['10.5.0.0', '0:1,0/14'],
    ['10.1.2.0', '1:2/16'],
    // The rule of 10.2/16 wants the same as that of the /8, so it does not narrow anybody's scope.
    ['10.2.3.4', '0:1,0/15'],
    // An empty list is the operator's word too: it is not the class of the unplaced.
    ['192.0.2.77', '3:/24'],
    ['2001:db8::', '4:2,1/32'],
    ['11.0.0.0', '-1:/8'],
    ['8.8.8.8', '-1:/7'],
    ['172.16.0.1', 'special/12'],
    ['2600::', '-1:/6'],
    // ::1 and :: are both special, one prefix for both.
    ['::1', 'special/127'],
  ])('%s is of class %s', (address, found) => expect(show(map, address)).toBe(found))
})

describe('overrides inside each other', () => {
  const eighths = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`10.223.${i * 32}.0/19`, [0]]))
  const map = compile(
    [],
    spec({
      ...eighths,
      '10.222.0.0/16': [0],
      '2a34::/16': [1],
      '2a34:8000::/17': [0],
      '2a34:c000::/18': [1],
      '2a34:ffff::/32': [0],
      '2a34:ffff:1234::/48': [1],
    }),
  )
  test.each([
    // Two networks with the same list, one of them in eight parts, are one.
    ['10.223.128.177', '0:0/15'],
    ['2a34:f::', ':1/17'],
    ['2a34:8000::1', ':0/18'],
    ['2a34:cfff::', ':1/19'],
    ['2a34:ffff::1', ':0/36'],
    ['2a34:ffff:1234:ffff::', ':1/48'],
  ])('%s is of class %s', (address, found) => expect(show(map, address)).toMatch(new RegExp(`${found}$`)))
})

describe('overrides over a database', () => {
  const map = compile([HALVES], spec({ '20.1.0.0/16': [2], '200.7.5.64/32': [2], '10.20.0.0/16': [0] }))
  // Networks outside 10/8 stand here for what the database says: of private space only overrides may speak.
  test.each([
    ['20.5.0.0', '-1:1,0/14'],
    ['20.1.5.0', '0:2/16'],
    ['20.0.5.0', '-1:1,0/16'],
    ['129.1.1.1', '-1:0,1/3'],
    // One host inside a /24: only that one is affected, and the scopes around it are exact.
    ['200.7.5.63', '-1:0,1/26'],
    ['200.7.5.64', '0:2/32'],
    ['200.7.5.65', '-1:0,1/32'],
    ['200.7.5.255', '-1:0,1/25'],
    ['200.7.4.1', '-1:0,1/24'],
    // A rule beats private space as well.
    ['10.20.1.1', '2:0/16'],
    ['10.21.1.1', 'special/16'],
    ['10.128.0.0', 'special/9'],
    ['192.168.1.1', 'special/16'],
    ['224.0.0.1', 'special/3'],
  ])('%s is of class %s', (address, found) => expect(show(map, address)).toBe(found))

  test('a short one beats the database, special-purpose space and nothing else', () => {
    const wide = compile([HALVES], spec({ '0.0.0.0/0': [2], '192.168.0.0/16': [1] }))
    expect(show(wide, '10.0.0.1')).toBe('0:2/1')
    expect(show(wide, '192.168.0.1')).toBe('1:1/16')
  })
})

describe('a database alone', () => {
  test('gives the widest scopes that its classes and private space leave', () => {
    const map = compile([HALVES], spec())
    expect(show(map, '20.20.0.0')).toBe('-1:1,0/4')
    expect(show(map, '10.10.0.0')).toBe('special/8')
  })

  test('leaves a client that it cannot place unplaced, not at 0, 0', () => {
    const database = makeDatabase({
      '8.0.0.0/8': { latitude: 0, longitude: 0 },
      '9.0.0.0/8': { latitude: 1, longitude: 1, country_code: 'ZZ' },
    })
    const map = compile([database], spec())
    expect(show(map, '8.8.8.8')).toBe('-1:/8')
    expect(find(map, readAddress('8.8.8.8')!).number).toBe(0)
  })

  test('coarsens what it knows to /24 and /56, where only overrides go deeper', () => {
    const database = makeDatabase({
      '8.8.8.0/26': { country_code: 'US' },
      '8.8.8.64/26': { country_code: 'FR' },
      '8.8.8.128/25': { country_code: 'FR' },
      '2600::/64': { country_code: 'US' },
    })
    const map = compile([database], spec({ '8.8.8.4/32': [2] }))
    expect(show(map, '8.8.8.200')).toBe('-1:0,1/25')
    expect(show(map, '8.8.8.3')).toBe('-1:0,1/30')
    expect(show(map, '8.8.8.4')).toBe('0:2/32')
    expect(show(map, '2600::1')).toBe('-1:1,0/56')
  })
})

describe('classes', () => {
  test('are interned: one for each order of sites that occurs, and the unplaced one first', () => {
    const map = compile([HALVES], spec({ '8.0.0.0/8': [0, 1], '9.0.0.0/8': [0, 1] }))
    expect(map.classes).toEqual([
      { rule: -1, view: 0, sites: [], areas: [] },
      { rule: -1, view: 0, sites: [1, 0], areas: [] },
      { rule: -1, view: 0, sites: [0, 1], areas: [] },
      { rule: 0, view: 0, sites: [0, 1], areas: [] },
    ])
    expect(show(map, '9.1.1.1')).toBe('0:0,1/7')
  })

  test('list no more sites than are preferred', () => {
    const map = compile([HALVES], spec({}, { preferred: 1 }))
    expect(show(map, '20.20.0.0')).toBe('-1:1/4')
  })

  test('follow bias', () => {
    // Africa's north is nearer to Paris, until Virginia draws.
    const database = makeDatabase({ '8.0.0.0/8': { country_code: 'MA' } })
    const [paris, virginia] = SITES
    expect(show(compile([database], spec()), '8.8.8.8')).toBe('-1:0,1/8')
    const biased = spec({}, { sites: [paris!, { ...virginia!, bias: 90 }] })
    expect(show(compile([database], biased), '8.8.8.8')).toBe('-1:1,0/8')
  })

  test('without sites are those of the rules alone', () => {
    const map = compile([HALVES], spec({ '8.0.0.0/8': [2] }, { sites: [] }))
    expect(show(map, '20.1.1.1')).toBe('-1:/4')
    expect(map.classes).toHaveLength(2)
  })
})

describe('maps', () => {
  test('of equal specs are one, whatever the comments and the order of sites', () => {
    const one = spec({ '8.0.0.0/8': [2] })
    const commented = {
      ...one,
      rules: one.rules.map((rule) => ({ ...rule, comment: 'x' })),
      sites: [...SITES].reverse(),
    }
    const maps = compileClientMaps(mapPlaces([HALVES]), [one, commented, spec()])
    expect(maps[1]).toBe(maps[0])
    expect(maps[2]).not.toBe(maps[0])
  })

  test.each([
    ['a bias', spec({}, { sites: [{ ...SITES[0]!, bias: 1 }, SITES[1]!] })],
    ['a number of sites', spec({}, { preferred: 1 })],
    ['a rule', spec({ '8.0.0.0/8': [0] })],
  ])('differ by %s', (_, other) => {
    const maps = compileClientMaps(mapPlaces([HALVES]), [spec(), other])
    expect(maps[1]).not.toBe(maps[0])
  })

  test('can be sent to another thread without a copy of the trie', () => {
    const map = compile([HALVES], spec())
    const sent = structuredClone(map)
    expect(sent.classes).toEqual(map.classes)
    expect(findLeaf(sent.trie, readAddress('20.1.1.1')!, 0, 4)).toBe(findLeaf(map.trie, readAddress('20.1.1.1')!, 0, 4))
    // What is written to the one is read from the other.
    map.trie[0] = 0xabcdef
    expect(sent.trie[0]).toBe(0xabcdef)
  })
})

test('for any database and rules, a class is the rule that matches, or special, or the sites nearest to the record', () => {
  const country = fc.constantFrom('US', 'FR', 'JP', 'BR', 'ZZ')
  const databases = fc.array(fc.tuple(anyNetwork, country), { minLength: 1, maxLength: 12 })
  const rules = fc.uniqueArray(fc.tuple(anyPrefix, fc.subarray([0, 1, 2])), {
    maxLength: 6,
    selector: ([prefix]) => printPrefix(prefix),
  })
  const sites = [...SITES, { index: 2, latitude: 35.7, longitude: 139.7, bias: 0 }]
  fc.assert(
    fc.property(databases, rules, fc.array(anyAddress, { minLength: 1, maxLength: 8 }), (networks, laid, probes) => {
      // One record is always there, so that the database is of use.
      const entries = [
        ...networks.map(([prefix, code]) => [printPrefix(prefix), { country_code: code }]),
        ['99.0.0.0/8', { country_code: 'US' }],
      ]
      const database = makeDatabase(Object.fromEntries(entries))
      const one = { ...spec(Object.fromEntries(laid.map(([prefix, list]) => [printPrefix(prefix), list]))), sites }
      const map = compile([database], one)
      const order = new SiteOrder(sites, 3)
      const firstWith = (index: number) =>
        one.rules.findIndex(({ sites: s }) => s.join() === one.rules[index]!.sites.join())
      const expected = (client: Address) => {
        const rule = matchRule(one.rules, client)
        if (rule !== undefined) return { rule: firstWith(rule), view: 0, sites: one.rules[rule]!.sites, areas: [] }
        if (isSpecialPurpose(client)) return undefined
        const point = locate([database], client)[0]?.place.coordinates
        return { rule: -1, view: 0, sites: point === undefined ? [] : order.nearest(point), areas: [] }
      }
      for (const client of [...probes, ...laid.map(([prefix]) => prefix.address)]) {
        const { number, length } = find(map, client)
        expect(map.classes[number]).toEqual(expected(client))
        // The scope is uniform.
        const scope = { address: maskAddress(client, length), length }
        for (const other of probes) {
          if (containsAddress(scope, other)) expect(find(map, other)).toEqual({ number, length })
        }
      }
    }),
  )
})

describe('views', () => {
  const views = {
    countries: [
      ['US', 2],
      ['DE', 2],
    ] as const,
    nearest: [
      { view: 1, latitude: 53.3, longitude: -6.2 },
      { view: 3, latitude: 1.3, longitude: 103.8 },
    ],
  }
  const viewAt = (map: ClientMap, text: string): string => {
    const { number, length } = find(map, readAddress(text)!)
    return number === SPECIAL_CLASS ? 'special' : `${map.classes[number]!.view}/${length}`
  }

  test("are the country's own, else the nearest vantage's", () => {
    const map = compile([HALVES], spec({}, { views }))
    expect([viewAt(map, '8.8.8.8'), viewAt(map, '130.0.0.1')]).toEqual(['2/7', '1/3'])
  })

  test("are global where the country is nobody's and no vantage is to be the nearest", () => {
    const map = compile([HALVES], spec({}, { views: { ...views, nearest: [] } }))
    expect([viewAt(map, '8.8.8.8'), viewAt(map, '130.0.0.1')]).toEqual(['2/7', '0/3'])
  })

  test('are those of the longest prefix that is named, and the ECS scope is that prefix', () => {
    const rules = [
      { prefix: readPrefix('130.0.0.0/8')!.prefix, sites: [0], view: 3, comment: '' },
      { prefix: readPrefix('130.9.0.0/16')!.prefix, sites: [0], comment: '' },
    ]
    const map = compile([HALVES], spec({}, { views, rules }))
    expect([viewAt(map, '130.9.1.1'), viewAt(map, '130.200.1.1')]).toEqual(['0/16', '3/9'])
  })

  test('split a class only where they differ', () => {
    const same = { countries: [], nearest: [{ view: 1, latitude: 0, longitude: 0 }] }
    const plain = compile([HALVES], spec())
    expect(compile([HALVES], spec({}, { views: same })).classes.length).toBe(plain.classes.length)
    // Without sites of their own, clients differ by their view alone.
    const viewsOnly = compile([HALVES], spec({}, { sites: [], preferred: 0, views: { ...views, nearest: [] } }))
    expect(viewsOnly.classes.map(({ view, sites }) => `${view}:${sites.length}`)).toEqual(['0:0', '2:0'])
  })

  test('of a city are those of its country, however the database writes its code', () => {
    const city = makeDatabase({
      '0.0.0.0/1': { country: { iso_code: 'us' }, location: { latitude: 40, longitude: -74 } },
    })
    expect(viewAt(compile([city], spec({}, { views })), '8.8.8.8')).toBe('2/7')
  })

  test('make another map', () => {
    const places = mapPlaces([HALVES])
    const [one, two, three] = compileClientMaps(places, [spec(), spec({}, { views }), spec()])
    expect(one).toBe(three)
    expect(two).not.toBe(one)
  })
})

import {
  type Address,
  containsAddress,
  isSpecialPurpose,
  maskAddress,
  type Prefix,
  printPrefix,
  readPrefix,
} from '@windrose/ip'
import fc from 'fast-check'
import { type AreaMatcher, type AreaTable, matcherKey } from './area-table.ts'
import { compileMap, findClass, matcher } from './areas.arbitraries.ts'
import { countryCoordinates } from './country-coordinates.ts'
import { locate } from './locate.ts'
import { matchArea } from './match-area.ts'
import { makeDatabase } from './mmdb.arbitraries.ts'
import type { MmdbRecord } from './mmdb-data.ts'
import { anyAddress, anyNetwork, anyPrefix } from './networks.arbitraries.ts'
import { SiteOrder } from './site-order.ts'

const PARIS = { index: 0, latitude: 48.9, longitude: 2.3, bias: 0 }
const VIRGINIA = { index: 1, latitude: 38.9, longitude: -77.5, bias: 0 }

describe('for any databases, areas and rules', () => {
  const place = fc.record(
    {
      country: fc.constantFrom('US', 'FR', 'ZZ'),
      continent: fc.constantFrom('EU', 'NA'),
      subdivision: fc.constantFrom(['CA', 'California'] as const, ['ID', 'Idaho'] as const),
      city: fc.constantFrom('Paris', 'Élan', 'PARIS'),
      isPlaced: fc.constant(true),
    },
    { requiredKeys: [] },
  )
  type Place = NonNullable<typeof place extends fc.Arbitrary<infer T> ? T : never>
  const anyMatcher: fc.Arbitrary<AreaMatcher> = fc.oneof(
    { weight: 3, arbitrary: anyPrefix.map((prefix) => ({ kind: 'prefix' as const, prefix })) },
    fc.constantFrom(
      ...['asn:64500', 'asn:64501', 'city:FR/paris', 'city:US/Paris', 'city:FR/e\u0301lan'].map(matcher),
      ...['subdivision:US/ca', 'subdivision:US/California', 'subdivision:FR/ID', 'country:US'].map(matcher),
      ...['country:FR', 'country:ZZ', 'continent:EU', 'continent:NA'].map(matcher),
    ),
  )
  const anyTable = fc.uniqueArray(fc.record({ of: anyMatcher, area: fc.nat(3) }), {
    maxLength: 7,
    selector: ({ of }) => matcherKey(of),
  })
  /** In a tree of IPv6, a prefix that is so short holds IPv4 as well. */
  const isOfOneFamily = ({ address, length }: Prefix) => address.length === 4 || length > 2
  const networksOf = <T>(what: fc.Arbitrary<T>) =>
    fc.uniqueArray(fc.record({ prefix: anyNetwork.filter(isOfOneFamily), what }), {
      maxLength: 8,
      selector: ({ prefix }) => printPrefix(prefix),
    })
  type Networks<T> = readonly { readonly prefix: Prefix; readonly what: T }[]

  const world = fc.record({
    places: fc.array(networksOf(place), { minLength: 1, maxLength: 2 }),
    asns: fc.array(networksOf(fc.constantFrom(64500, 64501, 64502)), { maxLength: 2 }),
    tables: fc.array(anyTable, { minLength: 1, maxLength: 2 }),
    rules: fc.uniqueArray(fc.record({ prefix: anyPrefix, sites: fc.subarray([0, 1]), comment: fc.constant('') }), {
      maxLength: 3,
      selector: ({ prefix }) => printPrefix(prefix),
    }),
    probes: fc.array(anyAddress, { minLength: 1, maxLength: 8 }),
  })

  /** Records that are always there, and so wide that the fields of the schema are found. */
  const EVERYTHING: Place = {
    country: 'US',
    continent: 'NA',
    subdivision: ['CA', 'California'],
    city: 'Paris',
    isPlaced: true,
  }
  const always = <T>(what: T): Networks<T> =>
    ['96.0.0.0/4', '3000::/4'].map((text) => ({ prefix: readPrefix(text)!.prefix, what }))

  function recordOf({ country, continent, subdivision, city: name, isPlaced }: Place): MmdbRecord {
    return {
      ...(country === undefined ? {} : { country: { iso_code: country } }),
      ...(continent === undefined ? {} : { continent: { code: continent } }),
      ...(subdivision && { subdivisions: [{ iso_code: subdivision[0], names: { en: subdivision[1] } }] }),
      ...(name === undefined ? {} : { city: { names: { en: name } } }),
      ...(isPlaced && { location: { latitude: 1, longitude: 1 } }),
    }
  }

  const database = <T>(networks: Networks<T>, record: (what: T) => MmdbRecord) =>
    makeDatabase(Object.fromEntries(networks.map(({ prefix, what }) => [printPrefix(prefix), record(what)])))

  function longest<T extends { readonly prefix: Prefix }>(networks: readonly T[], client: Address): T | undefined {
    return networks
      .filter(({ prefix }) => containsAddress(prefix, client))
      .reduce<T | undefined>(
        (best, one) => (best === undefined || one.prefix.length > best.prefix.length ? one : best),
        undefined,
      )
  }

  /** What a reader of the documents would say, matcher by matcher. */
  function areaOf(areas: AreaTable, client: Address, here: Place | undefined, asn: number | undefined): number {
    const prefixes = areas.flatMap(({ of, area }) => (of.kind === 'prefix' ? [{ prefix: of.prefix, area }] : []))
    const byPrefix = longest(prefixes, client)
    if (byPrefix !== undefined) return byPrefix.area
    if (isSpecialPurpose(client)) return 0
    const same = (a: string | undefined, b: string) =>
      a?.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase()
    const continent = here?.continent ?? { US: 'NA', FR: 'EU', ZZ: undefined, '': undefined }[here?.country ?? '']
    const tests: ((of: AreaMatcher) => boolean)[] = [
      (of) => of.kind === 'asn' && of.asn === asn,
      (of) => of.kind === 'city' && of.country === here?.country && same(here.city, of.name),
      (of) => of.kind === 'subdivision' && of.country === here?.country && same(here.subdivision?.[0], of.name),
      (of) => of.kind === 'subdivision' && of.country === here?.country && same(here.subdivision?.[1], of.name),
      (of) => of.kind === 'country' && of.country === here?.country,
      (of) => of.kind === 'continent' && of.continent === continent,
    ]
    for (const test of tests) {
      const found = areas.find(({ of }) => test(of))
      if (found !== undefined) return found.area
    }
    return 0
  }

  test('a class has the areas, the sites and the rule that its clients have each for itself', () => {
    fc.assert(
      fc.property(world, ({ places, asns, tables, rules, probes }) => {
        const known = places.map((networks) => [...always(EVERYTHING), ...networks])
        const numbered = asns.map((networks) => [...always(1), ...networks])
        const databases = [
          ...known.map((networks) => database(networks, recordOf)),
          ...numbered.map((networks) => database(networks, (asn) => ({ asn }))),
        ]
        const sites = [PARIS, VIRGINIA]
        const map = compileMap(databases, { sites, rules, areas: tables })
        const order = new SiteOrder(sites, 3)
        const asksForContinents = tables.flat().some(({ of }) => of.kind === 'continent')
        const expected = (client: Address) => {
          const rule = longest(rules, client)
          const isNamed = tables.flat().some(({ of }) => of.kind === 'prefix' && containsAddress(of.prefix, client))
          const isSpecial = isSpecialPurpose(client)
          if (isSpecial && rule === undefined && !isNamed) return undefined
          const records = isSpecial ? [] : known.flatMap((networks) => longest(networks, client)?.what ?? [])
          const pointOf = ({ country, isPlaced }: Place) =>
            isPlaced ? { latitude: 1, longitude: 1 } : countryCoordinates(country ?? '')
          const here =
            records.find((record) => pointOf(record) !== undefined) ??
            records.find(
              ({ country, continent }) => country !== undefined || (asksForContinents && continent !== undefined),
            )
          const point = here && pointOf(here)
          const asn = isSpecial ? undefined : numbered.flatMap((networks) => longest(networks, client)?.what ?? [])[0]
          const sameSites = (one: (typeof rules)[number]) => one.sites.join() === rule?.sites.join()
          return {
            rule: rule === undefined ? -1 : rules.findIndex(sameSites),
            view: 0,
            sites: rule?.sites ?? (point === undefined ? [] : order.nearest(point)),
            areas: tables.map((areas) => areaOf(areas, client, here, asn)),
          }
        }
        const edges = [...rules, ...known.flat(), ...numbered.flat()].map(({ prefix }) => prefix.address)
        for (const client of [...probes, ...edges]) {
          const { number, length } = findClass(map, client)
          const wanted = expected(client)
          expect(map.classes[number]).toEqual(wanted)
          // And an explanation says the same of whoever is on a map.
          if (wanted !== undefined && wanted.sites.length === sites.length && wanted.rule === -1) {
            const located = locate(databases, client)
            const explained = tables.map((areas) => matchArea(areas, client, located)?.rule.area ?? 0)
            expect(explained).toEqual(wanted.areas)
          }
          // Every client inside the scope has the same.
          const scope = { address: maskAddress(client, length), length }
          for (const other of [...probes, ...edges]) {
            if (containsAddress(scope, other)) expect(findClass(map, other)).toEqual({ number, length })
          }
        }
      }),
    )
  }, 60_000)
})

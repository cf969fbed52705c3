import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { composeMmdb } from '@windrose/geo'
import { readPrefix } from '@windrose/ip'
import type { Service } from '@windrose/steering'
import { listProblems, readWritten, ZONE_FILE } from './written-configuration.arbitraries.ts'

/** A City database; the one that comes with the program knows countries alone. */
const CITY = JSON.stringify(`${__dirname}/../../../geo-data/test.mmdb`)
const SITES = `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
  sin: { country: SG }
  gru: { country: BR }
`
const POOLS = 'pools: { fra: [192.0.2.1], iad: [192.0.2.2], sin: [192.0.2.3] }'

function written(areas: string, more = ''): string {
  return `${SITES}geo: { databases: [${CITY}] }
services:
  web:
    policy:
      - geo: {${more} areas: { ${areas.replaceAll(/\s+/g, ' ')} } }
      - nearest
    ${POOLS}
`
}

async function compile(text: string) {
  const { configuration, problems } = await readWritten(text)
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  return configuration!
}

const geoStep = (service: Service | undefined) => {
  const step = service?.steps[0]
  return step?.kind === 'geo' ? step : undefined
}

describe('a geo step', () => {
  test('has what the clients of each area get, the default area first, and whose they are in its client map', async () => {
    const { services, geo } = await compile(
      written(`10.20.0.0/16: [fra], country:de: [[fra, iad], sin], default: [iad, fra],
        "2001:db8::/32": { sites: [sin], fence: on }, city:US/Sampleton: { sites: [iad], policy: [consistent] }`),
    )
    expect(geoStep(services[0])).toEqual({
      kind: 'geo',
      table: 0,
      areas: [
        { label: 'default', tiers: [[1], [0]], fence: false },
        { label: '10.20.0.0/16', tiers: [[0]], fence: false },
        { label: 'country:DE', tiers: [[0, 1], [2]], fence: false },
        { label: '2001:db8::/32', tiers: [[2]], fence: true },
        { label: 'city:US/Sampleton', tiers: [[1]], fence: false, steps: [{ kind: 'consistent' }] },
      ],
    })
    expect(services[0]?.clientMap).toBe(0)
    expect(geo.mapSpecs[0]?.areas?.[0]?.map(({ of, area }) => [of.kind, area])).toEqual([
      ['prefix', 1],
      ['country', 2],
      ['prefix', 3],
      ['city', 4],
    ])
  })

  test('has one area for all whose clients get the same, so that they share an ECS scope', async () => {
    const { services, geo } = await compile(
      written(
        'country:AT: [fra], country:BE: [fra], country:CH: [fra], country:DE: [fra], country:DK: [fra], country:US: [iad], default: [iad]',
      ),
    )
    expect(geoStep(services[0])?.areas.map(({ label }) => label)).toEqual([
      'default, country:US',
      'country:AT, country:BE, country:CH, country:DE and 1 more',
    ])
    expect(geo.mapSpecs[0]?.areas?.[0]?.map(({ area }) => area)).toEqual([1, 1, 1, 1, 1, 0])
  })

  test('may list nothing, which leaves all to the next step; and a fence may be for all areas but some', async () => {
    const { services } = await compile(
      written(
        'country:DE: [fra], country:US: { sites: [iad], fence: off }, default: { sites: [], fence: false }',
        ' fence: on,',
      ),
    )
    expect(geoStep(services[0])?.areas.map(({ tiers, fence }) => [tiers, fence])).toEqual([
      [[], false],
      [[[0]], true],
      [[[1]], false],
    ])
  })

  test('in the policy of an area has a table of its own', async () => {
    const { services, geo } = await compile(
      written(`country:US: { sites: [iad], policy: [{ geo: { areas: { subdivision:US/CA: [sin], default: [] } } }, consistent] },
        default: [fra]`),
    )
    const step = geoStep(services[0])
    expect(step?.areas[1]?.steps?.[0]).toMatchObject({ kind: 'geo', table: 0 })
    expect(step?.table).toBe(1)
    expect(geo.mapSpecs[0]?.areas?.map((table) => table.map(({ of }) => of.kind))).toEqual([
      ['subdivision'],
      ['country'],
    ])
    // A draw in an area's policy gives one answer as well.
    expect(services[0]?.answers).toBe(1)
  })

  test('alone needs no coordinates of sites, and overrides count for it with their sites', async () => {
    const { geo } = await compile(`sites: { a: {}, b: {} }
geo: { databases: [${CITY}], overrides: [{ prefix: 10.0.0.0/8, sites: [b] }] }
services:
  web: { policy: [{ geo: { areas: { country:DE: [a], default: [b] } } }], pools: { a: [192.0.2.1], b: [192.0.2.2] } }
`)
    expect(geo.mapSpecs).toMatchObject([{ sites: [], preferred: 0, rules: [{ sites: [1] }] }])
  })
})

describe('of services in services', () => {
  test('the outermost has one map: areas of all, table by table, and the sites that each chooses among', async () => {
    const { services, geo } = await compile(`${SITES}geo: { databases: [${CITY}] }
services:
  web:
    policy: [{ geo: { areas: { country:DE: [eu], default: [us] } } }]
    pools: { eu: { service: near }, us: { service: far } }
  near: { policy: [{ geo: { areas: { continent:EU: [fra], default: [sin] } } }, nearest], pools: { fra: [192.0.2.1], sin: [192.0.2.2] } }
  far: { policy: [{ nearest: { bias: { gru: 20 } } }], pools: { iad: [192.0.2.3], gru: [192.0.2.4] } }
`)
    const [web, near, far] = services
    expect([web, near, far].map((service) => service?.clientMap)).toEqual([0, 1, 2])
    const nested = web!.pools.map((pool) => pool.nested!.service)
    expect(nested.map(({ clientMap }) => clientMap)).toEqual([0, 0])
    expect(geoStep(nested[0])).toMatchObject({ table: 1 })
    expect(geoStep(near)).toMatchObject({ table: 0 })
    expect(geo.mapSpecs[0]).toMatchObject({
      sites: [
        { index: 0, bias: 0 },
        { index: 1, bias: 0 },
        { index: 2, bias: 0 },
        { index: 3, bias: 20 },
      ],
      groups: [
        [0, 2],
        [1, 3],
      ],
      areas: [[{ of: { kind: 'country' } }], [{ of: { kind: 'continent' } }]],
    })
    expect(geo.mapSpecs[1]).not.toHaveProperty('groups')
  })
})

/** Errors and warnings as `message (hint)`, without the path to the step. */
async function problemsOf(text: string): Promise<string[]> {
  const { problems } = await readWritten(text)
  return problems
    .filter(({ message }) => !UNUSED.test(message))
    .map(({ message, hint }) => `${message.replace('services.web.policy[0].geo', '')}${hint ? ` (${hint})` : ''}`)
}

/** Warnings about what the tests leave out. */
const UNUSED = /there are no zones|no service has a pool here|no name is steered to/

const FORMS =
  'a prefix such as 10.20.0.0/16, asn:64500, city:DE/Berlin, subdivision:US/CA, country:DE, continent:EU or default'
const COUNTRY = 'two letters as in ISO 3166-1: DE, US, SG'

describe('an area', () => {
  test.each([
    ['contry:DE', '"contry:DE" is not an area', 'did you mean "country:DE"?'],
    ['DE', '"DE" is not an area', 'did you mean "country:DE"?'],
    ['NA', '"NA" is not an area', 'did you mean "country:NA" or "continent:NA"?'],
    ['Europe', '"Europe" is not an area', 'did you mean "continent:EU"?'],
    ['Default', '"Default" is not an area', 'did you mean "default"?'],
    ['office', '"office" is not an area', FORMS],
    ['10.20.0.0/33', '"10.20.0.0/33" is not an area', FORMS],
    ['country:DEU', 'there is no country "DEU"', COUNTRY],
    ['country:XX', 'there is no country "XX"', COUNTRY],
    ['continent:europe', 'there is no continent "europe"', 'write continent:EU'],
    ['continent:XX', 'there is no continent "XX"', 'one of AF, AN, AS, EU, NA, OC, SA'],
    ['asn:AS64500', '"AS64500" is not an AS number', 'write asn:64500'],
    ['asn:0', '"0" is not an AS number', 'a number from 1 to 4294967295: asn:64500'],
    ['asn:4294967296', '"4294967296" is not an AS number', 'a number from 1 to 4294967295: asn:64500'],
    ['city:Berlin', '"city:Berlin" does not say country and name', 'for example city:DE/Berlin'],
    ['city:XX/Berlin', 'there is no country "XX"', COUNTRY],
    ['subdivision:US-CA', '"subdivision:US-CA" does not say country and name', 'write subdivision:US/CA'],
  ])('%s is refused: %s', async (key, message, hint) => {
    expect(await problemsOf(written(`"${key}": [fra], default: [iad]`))).toEqual([
      `.areas${keyPath(key)}: ${message} (${hint})`,
    ])
  })

  test.each([
    ['10.0.0.0/8', '10.0.0.1/8', '10.0.0.0/8 is there twice'],
    ['country:DE', 'country:de', 'country:DE is there twice'],
    ['continent:EU', 'continent:eu', 'continent:EU is there twice'],
    ['city:DE/Testburg', 'city:de/TESTBURG', 'city:DE/TESTBURG is there twice'],
  ])('is refused where it is there twice: %s and %s', async (key, again, message) => {
    const text = written(`"${key}": [fra], "${again}": [iad], default: [iad]`)
    const listing = await listProblems(text)
    expect(listing).toContain(`: ${message}\n`)
    expect(listing).toMatch(/first at windrose\.yaml:10:25$/)
  })

  test.each([
    [
      'city:DE/Tesburg',
      'no geo database has a city "Tesburg" in DE: nobody is in this area (did you mean "Testburg"?)',
    ],
    ['city:FR/Testburg', 'no geo database has a city "Testburg" in FR: nobody is in this area'],
    ['subdivision:US/Virginia', 'no geo database has a subdivision "Virginia" in US: nobody is in this area'],
    ['asn:64500', 'no geo database has a network of AS64500'],
  ])('is warned of where nobody can be in it: %s', async (key, warning) => {
    const asn = composeMmdb({
      databaseType: 'test',
      buildEpoch: 1,
      ipVersion: 4,
      recordSize: 24,
      entries: [{ prefix: readPrefix('17.0.0.0/8')!.prefix, record: { asn: 'AS64501' } }],
    })
    const folder = mkdtempSync(join(tmpdir(), 'windrose-asn-'))
    try {
      const file = join(folder, 'asn.mmdb')
      writeFileSync(file, asn)
      const areas = `"${key}": [fra], city:DE/TESTBURG: [sin], subdivision:US/ca: [sin], asn:64501: [sin], default: [iad]`
      const text = written(areas).replace(`[${CITY}]`, `[${CITY}, ${JSON.stringify(file)}]`)
      expect(await problemsOf(text)).toEqual([`.areas["${key}"]: ${warning}`])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('is taken with a warning where a prefix has bits beyond its length', async () => {
    expect(await problemsOf(written('10.20.0.1/16: [fra], default: [iad]'))).toEqual([
      '.areas["10.20.0.1/16"]: 10.20.0.1/16 has bits set beyond its length: taken as 10.20.0.0/16',
    ])
  })
})

function keyPath(key: string): string {
  return /^[A-Za-z]+$/.test(key) ? `.${key}` : `["${key}"]`
}

describe('a geo step is refused', () => {
  test.each([
    [
      'without an area for all others',
      written('country:DE: [fra]'),
      [
        '.areas: needs the area "default": without it the policy could never answer a client of none of the others (default: [SITE, ...])',
      ],
    ],
    [
      'with sites that are not there, have no pool or are there twice',
      written('country:DE: [[fra, frx], gru], default: { sites: [iad, iad] }'),
      [
        '.areas["country:DE"][0][1]: there is no site "frx" (did you mean "fra"?)',
        '.areas["country:DE"][1]: the service has no pool at "gru" (its pools are at fra, iad, sin)',
        '.areas.default.sites[1]: "iad" is there twice',
      ],
    ],
    [
      'with a fence around nothing',
      written('country:DE: { sites: [], fence: on }, default: [iad]'),
      [
        '.areas["country:DE"]: a fence around nothing: its clients could never be answered (list sites, or leave the fence out)',
      ],
    ],
    [
      'with steps of an area that cannot follow each other',
      written('country:DE: { sites: [fra], policy: [weighted, nearest] }, default: [iad]'),
      ['.areas["country:DE"].policy[1]: nothing can follow "weighted" (make it the last step)'],
    ],
    [
      'with two biases for a site, of which one is for some clients only',
      written(
        'country:DE: { sites: [], policy: [{ nearest: { bias: { fra: 20 } } }] }, country:US: { sites: [], policy: [{ nearest: { bias: { fra: 10 } } }] }, default: []',
      ),
      [
        '.areas["country:US"].policy[0].nearest.bias.fra: "fra" has a bias of 20 in another step (a service has one bias for a site)',
      ],
    ],
    [
      'with areas that hold pools back differently',
      written(
        'country:DE: { sites: [], policy: [{ failover: { hold_down: 1m } }] }, country:US: { sites: [], policy: [{ failover: { hold_down: 1m } }] }, default: { sites: [], policy: [{ failover: { failback: manual } }] }',
      ),
      [
        '.areas.default.policy[0].failover: another step of the service holds pools back differently (a pool is held back for all clients alike: say the same in both)',
      ],
    ],
    [
      'with anything but sites, or an unknown key',
      written('country:DE: fra, country:US: { sites: [iad], fense: on }, default: [iad]'),
      [
        '.areas["country:DE"]: expected sites in order (for example [fra, iad], [[fra, iad], sin] or { sites: [fra], fence: on })',
        '.areas["country:US"]: unknown key "fense" (did you mean "fence"?)',
      ],
    ],
  ])('%s', async (_, text, problems) => {
    expect(await problemsOf(text)).toEqual(problems)
  })

  test.each([
    ['asn:64500', 'no geo database knows AS numbers (name an ASN database in geo.databases)'],
    ['city:DE/Testburg', 'no geo database knows cities (name a City database in geo.databases)'],
    ['subdivision:DE/HE', 'no geo database knows subdivisions (name a City database in geo.databases)'],
  ])('with %s where only countries are known', async (key, problem) => {
    const text = written(`${key}: [fra], default: [iad]`).replace(/geo: .*\n/, '')
    expect(await problemsOf(text)).toEqual([`.areas["${key}"]: ${problem}`])
  })

  test('with place, line and hint', async () => {
    expect(await listProblems(written('country:UK: [fra], default: [iad]'))).toBe(
      `windrose.yaml:10:25: services.web.policy[0].geo.areas["country:UK"]: there is no country "UK"
    - geo: { areas: { country:UK: [fra], default: [iad] } }
                      ^^^^^^^^^^
    ${COUNTRY}`,
    )
  })
})

test('services that stand for each other need the same bias for a site', async () => {
  const problems = await problemsOf(`${SITES}services:
  web: { policy: [{ nearest: { bias: { fra: 20 } } }], pools: { fra: [192.0.2.1], iad: { service: us } } }
  us: { policy: [{ nearest: { bias: { fra: 10 } } }], pools: { fra: [192.0.2.2], iad: [192.0.2.3] } }
`)
  expect(problems).toEqual([
    'services.us: "fra" has a bias of 10 here and of 20 in "web", and one stands for the other (services in services have one bias for a site)',
  ])
})

describe('an answer that does not fit into a UDP response is warned of', () => {
  const pool = (site: string) => `${site}: [${Array.from({ length: 30 }, (_, i) => `"2001:db8::${site}:${i}"`).join()}]`
  const text = (areas: string, following = '') => `sites: { a: {}, b: {} }
geo: { databases: [${CITY}] }
services:
  web: { policy: [{ geo: { areas: { ${areas} } } }${following}], pools: { ${pool('a')}, ${pool('b')} } }
zones: { example.org: { records: org.zone, steer: { www: web } } }
`
  test.each([
    ['no area leaves two sites together', text('country:DE: [b, a], default: [a, b]'), undefined],
    ['an area has both in one tier', text('country:DE: [[a, b]], default: [a, b]'), 60],
    ['an area lists none', text('country:DE: [], default: [a, b]'), 60],
    ['the next step splits them', text('country:DE: [], default: [a, b]', ', failover'), undefined],
    ['the steps of the area do not', text('country:DE: { sites: [], policy: [all] }, default: [a]', ', failover'), 60],
    ['a fence leaves the other out', text('country:DE: { sites: [a], fence: on }, default: [b]'), undefined],
  ])('when %s', async (_, configuration, count) => {
    const { problems } = await readWritten({ 'windrose.yaml': configuration, 'org.zone': ZONE_FILE })
    const found = problems.map(({ message }) => /an answer with (\d+) IPv6/.exec(message)?.[1]).filter(Boolean)
    expect(found).toEqual(count === undefined ? [] : [String(count)])
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})

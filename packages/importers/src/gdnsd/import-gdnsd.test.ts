import { join } from 'node:path'
import type { ImportResult } from '../import-result.ts'
import { configurationOf, findingsOf, recordsOf } from '../imported.arbitraries.ts'
import { filesInMemory } from '../source-files.ts'
import { importGdnsd } from './import-gdnsd.ts'

const SOA = '@ SOA ns1 hostmaster 1 7200 1800 86400 60\n@ NS ns1\nns1 A 192.0.2.53\n'

/** A City database: the one that comes along knows countries alone. */
const CITY = join(__dirname, '../../../../geo-data/test.mmdb')

function imported(config: string, zone = '', others: Record<string, string> = {}): ImportResult {
  return importGdnsd(filesInMemory({ 'g/config': config, 'g/zones/example.com': `${SOA}${zone}`, ...others }), 'g', [
    CITY,
  ])
}

/** The services of resources that one zone names `a`, `b` and so on. */
function servicesOf(plugins: string, zone: string, rest = ''): Readonly<Record<string, unknown>> {
  const result = imported(`${rest} plugins => { ${plugins} }`, zone)
  expect(findingsOf(result)).toEqual([])
  return configurationOf(result).services
}

describe('resources', () => {
  test('multifo is all addresses, and its threshold is the panic', () => {
    const services = servicesOf(
      'multifo => { web => { up_thresh => 0.7, lb1 => 192.0.2.1, lb2 => 192.0.2.2 } }',
      'www 300/10 DYNA multifo!web',
    )
    expect(services).toEqual({
      web: {
        policy: 'all',
        panic: 0.7,
        ttl: { max: '5m', min: '10s' },
        pools: { main: ['192.0.2.1', '192.0.2.2'] },
      },
    })
  })

  test('multifo of both families is one pool; what holds for the plugin holds for each resource', () => {
    const services = servicesOf(
      'multifo => { up_thresh => 0.3, web => { addrs_v4 => [192.0.2.1], addrs_v6 => { a => 2001:db8::1 } }, one => 192.0.2.9 }',
      'www DYNA multifo!web\none DYNA multifo!one',
    )
    expect(services).toMatchObject({
      web: { panic: 0.3, pools: { main: ['192.0.2.1', '2001:db8::1'] } },
      one: { panic: 0.3, pools: { main: ['192.0.2.9'] } },
    })
  })

  test('weighted, single, is a draw by weight; of names too', () => {
    const services = servicesOf(
      'weighted => { w => { a => [192.0.2.1, 30], b => [192.0.2.2, 10] }, c => { a => [a.example.net., 88], b => [b.example.net., 1] } }',
      'w DYNA weighted!w\nc DYNC weighted!c',
    )
    expect(services).toMatchObject({
      w: {
        policy: 'weighted',
        pools: {
          main: [
            { address: '192.0.2.1', weight: 30 },
            { address: '192.0.2.2', weight: 10 },
          ],
        },
      },
      c: {
        policy: 'weighted',
        pools: { main: [{ cname: 'a.example.net.', weight: 88 }, { cname: 'b.example.net.' }] },
      },
    })
  })

  test('weighted, multi, with equal weights is all; groups are services, or one address of each site', () => {
    const services = servicesOf(
      `weighted => {
         m => { multi => true, a => [192.0.2.1, 5], b => [192.0.2.2, 5] }
         g => { g1 => { a => [192.0.2.3, 5], b => [192.0.2.4, 5] }, g2 => { a => [192.0.2.5, 20] } }
         gm => { multi => true, g1 => { a => [192.0.2.6, 1], b => [192.0.2.7, 3] }, g2 => { a => [192.0.2.8, 4] } }
       }`,
      'm DYNA weighted!m\ng DYNA weighted!g\ngm DYNA weighted!gm',
    )
    expect(services).toMatchObject({
      m: { policy: 'all', pools: { main: ['192.0.2.1', '192.0.2.2'] } },
      g: { policy: 'weighted', pools: { g1: { service: 'g-g1', weight: 10 }, g2: { service: 'g-g2', weight: 20 } } },
      'g-g1': { policy: 'all', pools: { g1: ['192.0.2.3', '192.0.2.4'] } },
      gm: {
        policy: 'weighted',
        answers: 2,
        distinct_by: 'site',
        pools: { g1: ['192.0.2.6', { address: '192.0.2.7', weight: 3 }] },
      },
    })
  })

  test('weighted draws that windrose has not are listed', () => {
    const result = imported(
      `plugins => { weighted => {
         m => { multi => true, a => [192.0.2.1, 5], b => [192.0.2.2, 6] }
         big => { a => [192.0.2.1, 1000001], b => [192.0.2.2, 3] } } }`,
      'm DYNA weighted!m\nbig DYNA weighted!big',
    )
    expect(findingsOf(result)).toEqual([
      'g/config:2:10 changed: weighted m: multi => true: windrose has no draw in which each address is there with a probability of its own',
      'g/config:3:10 changed: weighted big: weights up to 1000001: weights go up to 65535 in windrose',
    ])
  })

  test('simplefo is a failover', () => {
    expect(
      servicesOf('simplefo => { s => { primary => 192.0.2.1, secondary => 192.0.2.2 } }', 's DYNA simplefo!s'),
    ).toMatchObject({
      s: {
        policy: [{ failover: ['primary', 'secondary'] }],
        pools: { primary: ['192.0.2.1'], secondary: ['192.0.2.2'] },
      },
    })
  })

  test('metafo is a failover over datacenters, in each way of writing one', () => {
    const services = servicesOf(
      `metafo => { service_types => up, resources => { m => { datacenters => [a, b, c, d, e, f], dcmap => {
         a => 192.0.2.1, b => [192.0.2.2, 192.0.2.3], c => { lb => 192.0.2.4 },
         d => %multifo!web, e => { plugin => weighted, x => [192.0.2.6, 2], y => [192.0.2.7, 1] }, f => last.example.net. } } } }
       multifo => { web => [192.0.2.5, 192.0.2.8] }`,
      'm DYNC metafo!m',
    )
    expect(services).toMatchObject({
      m: {
        policy: [{ failover: ['a', 'b', 'c', 'd', 'e', 'f'] }],
        missing_family: 'same_site',
        pools: {
          a: ['192.0.2.1'],
          b: ['192.0.2.2', '192.0.2.3'],
          c: ['192.0.2.4'],
          d: ['192.0.2.5', '192.0.2.8'],
          e: { service: 'm-e' },
          f: [{ cname: 'last.example.net.' }],
        },
      },
      'm-e': { policy: 'weighted', pools: { e: [{ address: '192.0.2.6', weight: 2 }, '192.0.2.7'] } },
    })
  })

  test('skip_first leaves the first datacenter out, and RESOURCE/DATACENTER is that one alone', () => {
    const services = servicesOf(
      'metafo => { resources => { m => { skip_first => true, datacenters => [a, b], dcmap => { a => 192.0.2.1, b => 192.0.2.2 } } } }',
      'm DYNA metafo!m\nm-a DYNA metafo!m/a',
    )
    expect(services).toMatchObject({
      m: { policy: [{ failover: ['b'] }], pools: { b: ['192.0.2.2'] } },
      'm-a': { policy: 'all', pools: { a: ['192.0.2.1'] } },
    })
  })

  test('an address in two datacenters is in a service of its own the second time', () => {
    const services = servicesOf(
      'metafo => { resources => { m => { datacenters => [a, b], dcmap => { a => [192.0.2.1, 192.0.2.2], b => [192.0.2.2] } } } }',
      'm DYNA metafo!m',
    )
    expect(services).toMatchObject({
      m: { pools: { a: ['192.0.2.1', '192.0.2.2'], b: { service: 'm-b' } } },
      'm-b': { pools: { b: ['192.0.2.2'] } },
    })
  })

  test('static, null and reflect', () => {
    const result = imported(
      'plugins => { static => { s => 192.0.2.1 } }',
      's DYNA static!s\nn DYNA null\nr DYNA reflect!best',
    )
    expect(findingsOf(result)).toEqual([])
    const { services, zones } = configurationOf(result)
    expect(services).toMatchObject({
      s: { pools: { main: ['192.0.2.1'] } },
      null: { pools: { main: ['0.0.0.0', '::'] } },
    })
    expect(zones['example.com']!.steer).toEqual({ s: 's', n: 'null', r: 'whoami' })
  })

  test('a TTL of its own makes a service of its own', () => {
    const { services, zones } = configurationOf(
      imported(
        'plugins => { multifo => { web => 192.0.2.1 } }',
        'a 300 DYNA multifo!web\nb 60/60 DYNA multifo!web\nc 5m DYNA multifo!web',
      ),
    )
    expect(zones['example.com']!.steer).toEqual({ a: 'web', b: 'web-ttl-1m', c: 'web' })
    expect(services).toMatchObject({ web: { ttl: '5m' }, 'web-ttl-1m': { ttl: { max: '1m', min: '1m' } } })
  })

  test('what no zone names is taken over all the same', () => {
    expect(servicesOf('multifo => { spare => 192.0.2.1 }', '')).toMatchObject({
      spare: { pools: { main: ['192.0.2.1'] } },
    })
  })
})

describe('geoip', () => {
  const RESOURCE =
    'resources => { web => { map => m, dcmap => { fra => 192.0.2.1, iad => 192.0.2.2, sin => 192.0.2.3 } } }'
  const geoip = (map: string, more = ''): string => `geoip => { ${more} maps => { m => { ${map} } }, ${RESOURCE} }`
  const policyOf = (map: string): unknown =>
    (servicesOf(geoip(map), 'www DYNA geoip!web')['web'] as { policy: unknown }).policy

  test('a map is areas behind a fence: the hierarchy, its defaults and networks', () => {
    const policy = policyOf(
      `datacenters => [fra, iad, sin]
       map => { EU => { DE => [fra, iad], default => [iad, fra] }, na => { us => { CA => sin, default => [iad], Boston => [iad, fra] } }, default => [sin, fra] }
       nets => { 10.0.0.1/8 => sin, 2001:db8::/32 => [iad, fra], ::192.0.2.0/120 => fra }`,
    )
    expect(policy).toEqual([
      {
        geo: {
          areas: {
            'country:DE': ['fra', 'iad'],
            'continent:EU': ['iad', 'fra'],
            'subdivision:US/CA': ['sin'],
            'country:US': ['iad'],
            'city:US/Boston': ['iad', 'fra'],
            '10.0.0.0/8': ['sin'],
            '2001:db8::/32': ['iad', 'fra'],
            '192.0.2.0/24': ['fra'],
            default: ['sin', 'fra'],
          },
          fence: true,
        },
      },
    ])
  })

  test('a map without areas is a failover; by coordinates it is the nearest', () => {
    expect(policyOf('datacenters => [iad, fra, sin]')).toEqual([{ failover: ['iad', 'fra', 'sin'] }])
    expect(
      policyOf(
        'datacenters => [fra, iad, sin], auto_dc_coords => { fra => [50, 8], iad => [38.9, -77], sin => [1.3, 103.9] }',
      ),
    ).toBe('nearest')
  })

  test('lists and coordinates may be mixed', () => {
    const result = imported(
      `plugins => { ${geoip(
        'datacenters => [fra, iad, sin], auto_dc_coords => { fra => [50, 8], iad => [38.9, -77], sin => [1.3, 103.9] }, nets => { 192.0.2.0/24 => [sin] }, map => { AS => [sin, fra], EU => auto }',
      )} }`,
      'www DYNA geoip!web',
    )
    expect(findingsOf(result)).toEqual([])
    const { services, sites } = configurationOf(result)
    expect(sites).toEqual({ fra: { at: [50, 8] }, iad: { at: [38.9, -77] }, sin: { at: [1.3, 103.9] } })
    const near = { sites: [['fra', 'iad', 'sin']], policy: ['nearest'] }
    expect(services['web']!['policy']).toEqual([
      {
        geo: {
          areas: { 'continent:AS': ['sin', 'fra'], 'continent:EU': near, '192.0.2.0/24': ['sin'], default: near },
          fence: true,
        },
      },
    ])
  })

  test('sites are in the order of the datacenters of a map by distance, as clients without a place get them', () => {
    const coordinates = 'auto_dc_coords => { a => [1, 1], b => [2, 2], c => [3, 3] }'
    const result = imported(
      `plugins => {
         metafo => { resources => { m => { datacenters => [a, b], dcmap => { a => 192.0.2.7, b => 192.0.2.8 } } } }
         geoip => { maps => { one => { datacenters => [c, a, b], ${coordinates} }, two => { datacenters => [a, c, b], ${coordinates} } }, resources => {
           one => { map => one, dcmap => { a => 192.0.2.1, b => 192.0.2.2, c => 192.0.2.3 } } two => { map => two, dcmap => { a => 192.0.2.4, b => 192.0.2.5, c => 192.0.2.6 } } } } }`,
      'm DYNA metafo!m\none DYNA geoip!one\ntwo DYNA geoip!two',
    )
    expect(Object.keys(configurationOf(result).sites)).toEqual(['c', 'a', 'b'])
    expect(findingsOf(result)).toEqual([
      expect.stringMatching(/changed: map two: datacenters => \[a, c, b\]: another map has them in another order/),
    ])
  })

  test('a datacenter without coordinates is had from lists alone, never as the nearest', () => {
    const result = imported(
      `plugins => { ${geoip('datacenters => [fra, iad, sin], auto_dc_coords => { fra => [50, 8], iad => [38.9, -77] }, nets => { 192.0.2.0/24 => [sin, fra] }')} }`,
      'www DYNA geoip!web',
    )
    expect(findingsOf(result)).toEqual([])
    expect(configurationOf(result).services).toMatchObject({
      web: {
        policy: [
          {
            geo: {
              areas: {
                '192.0.2.0/24': ['sin-unplaced', 'fra'],
                default: { sites: [['fra', 'iad']], policy: ['nearest'] },
              },
            },
          },
        ],
        pools: { fra: ['192.0.2.1'], iad: ['192.0.2.2'], 'sin-unplaced': { service: 'web-sin-unplaced' } },
      },
      'web-sin-unplaced': { pools: { sin: ['192.0.2.3'] } },
    })
  })

  test('networks may stand in a file, and services of one map share their areas', () => {
    const result = imported(
      `plugins => { geoip => { maps => { m => { datacenters => [a, b], nets => nets } }, resources => {
         one => { map => m, dcmap => { a => 192.0.2.1, b => 192.0.2.2 } }, two => { map => m, dcmap => { a => 192.0.2.3, b => 192.0.2.4 } } } } }`,
      'one DYNA geoip!one\ntwo DYNA geoip!two',
      { 'g/geoip/nets': '10.0.0.0/8 => b\n' },
    )
    expect(findingsOf(result)).toEqual([])
    expect(result.files[0]!.text).toMatch(/areas: &areas-1\n[\s\S]*areas: \*areas-1\n/)
    expect(configurationOf(result).services['two']!['policy']).toEqual(
      configurationOf(result).services['one']!['policy'],
    )
  })

  test.each<[string, string, string[]]>([
    [
      'a list that answers nobody',
      'datacenters => [fra, iad, sin], nets => { 10.0.0.0/8 => [] }',
      ['changed: 10.0.0.0/8 => [...]: windrose has no area whose clients get no answer'],
    ],
    [
      'a datacenter that the map has not',
      'datacenters => [fra, iad, sin], nets => { 10.0.0.0/8 => gru }',
      ['left out: 10.0.0.0/8 => gru: the map has no datacenter "gru"'],
    ],
    [
      'a code that is none',
      'datacenters => [fra, iad, sin], map => { XX => fra, EU => { GER => fra } }',
      ['left out: XX => fra: no continent has this code', 'left out: GER => fra: a country code has two letters'],
    ],
    [
      'a network twice',
      'datacenters => [fra, iad, sin], nets => { 10.0.0.0/8 => fra, 10.1.1.1/8 => iad }',
      ['changed: 10.0.0.0/8: 10.0.0.0/8 is there already, at g/config:1'],
    ],
    [
      'a city in a subdivision',
      'datacenters => [fra, iad, sin], map => { NA => { US => { CA => { "San Jose" => fra } } } }',
      ['changed: San Jose => fra: windrose knows a city by its country: cities of this name outside US/CA count too'],
    ],
    [
      'more datacenters than are tried',
      'datacenters => [fra, iad, sin], auto_dc_limit => 2, auto_dc_coords => { fra => [50, 8], iad => [38.9, -77], sin => [1.3, 103.9] }',
      [
        'changed: map m: auto_dc_limit 2: gdnsd tries the nearest 2 and no others; windrose goes on to the others when these are down',
      ],
    ],
    [
      'a database that is not there',
      'datacenters => [fra, iad, sin], geoip2_db => x.mmdb',
      ['left out: geoip2_db => x.mmdb: there is no file g/geoip/x.mmdb'],
    ],
    [
      'a file of networks that cannot be read',
      'datacenters => [fra, iad, sin], nets => nets',
      ['g/geoip/nets:2:7 unreadable: nets => nets: the file ends where a value is expected'],
    ],
  ])('lists %s', (_, map, findings) => {
    const config = `plugins => { ${geoip(map)} }`
    const result = imported(config, 'www DYNA geoip!web', { 'g/geoip/nets': '\na => [' })
    expect(findingsOf(result).map((text) => text.replace('g/config:1:', '').replace(/^\d+ /, ''))).toEqual(findings)
    for (const { place, source } of result.findings) {
      if (place.file !== 'g/config') continue
      const word = source.replace(/^map (\w+):.*/, '$1').replace(/ =>.*/, '')
      expect(
        config
          .slice(place.column - 1)
          .replace(/^"/, '')
          .replace('10.1.1.1/8', '10.0.0.0/8')
          .startsWith(word),
      ).toBe(true)
    }
  })

  test('datacenters that a resource has not are no choice; one that no area leads to is listed', () => {
    const result = imported(
      `plugins => { geoip => { undefined_datacenters_ok => true, maps => { m => { datacenters => [fra, iad, sin, gru], nets => { 10.0.0.0/8 => [gru, iad] }, map => { default => [fra, iad] } } }, ${RESOURCE} } }`,
      'www DYNA geoip!web',
    )
    expect(configurationOf(result).services['web']!['policy']).toEqual([
      { geo: { areas: { '10.0.0.0/8': ['iad'], default: ['fra', 'iad'] }, fence: true } },
    ])
    expect(findingsOf(result)).toEqual([
      expect.stringMatching(/left out: geoip web: datacenter sin: no area of the map "m" leads to it$/),
    ])
  })
})

test('areas that no database knows are left out, as they would be refused', () => {
  const config = `plugins => { geoip => { maps => { m => { datacenters => [a, b], map => { NA => { US => { CA => [b], default => [a, b] } } } } },
    resources => { web => { map => m, dcmap => { a => 192.0.2.1, b => 192.0.2.2 } } } } }`
  const result = importGdnsd(filesInMemory({ 'g/config': config, 'g/zones/example.com': SOA }), 'g')
  expect(findingsOf(result)).toEqual(['g/config:1:90 left out: subdivision:US/CA: no geo database knows subdivisions'])
  expect(configurationOf(result).services['web']!['policy']).toEqual([
    { geo: { areas: { 'country:US': ['a', 'b'], default: ['a', 'b'] }, fence: true } },
  ])
})

describe('service types', () => {
  const checksOf = (types: string, use: string): ImportResult =>
    imported(
      `service_types => { ${types} } plugins => { multifo => { web => { service_types => ${use}, a => 192.0.2.1 } } }`,
      'w DYNA multifo!web',
    )

  test('are checks with the times and thresholds of gdnsd', () => {
    const result = checksOf(
      'h => { plugin => http_status, vhost => www.example.com, url_path => /ok, ok_codes => [200, 204], port => 8080 }, t => { plugin => tcp_connect, port => 25, up_thresh => 2, ok_thresh => 3, down_thresh => 4, interval => 8, timeout => 3 }',
      '[h, t, up]',
    )
    expect(findingsOf(result)).toEqual([])
    const { checks, services } = configurationOf(result)
    expect(checks).toEqual({
      h: {
        type: 'http',
        port: 8080,
        path: '/ok',
        host: 'www.example.com',
        expect: { status: [200, 204] },
        interval: '10s',
        timeout: '5s',
        rise: 20,
        fall: 10,
        tolerant: 10,
      },
      t: { type: 'tcp', port: 25, interval: '8s', timeout: '3s', rise: 2, fall: 4, tolerant: 3 },
    })
    expect(services['web']!['checks']).toEqual(['h', 't'])
  })

  test('a command is given the endpoint, and every exit code but 0 is a failure', () => {
    const { checks } = configurationOf(
      checksOf(`c => { plugin => extmon, direct => true, cmd => [/bin/x, "-a b", "it's", "%%ITEM%%:80"] }`, 'c'),
    )
    expect(checks['c']).toMatchObject({
      type: 'command',
      command: ['/bin/sh', '-c', `/bin/x '-a b' 'it'\\''s' "$WINDROSE_ENDPOINT"':80' || exit 2`],
      rise: 1,
      fall: 1,
    })
  })

  test('states from a file are pushed; what is down for ever waits for a push that never comes', () => {
    const result = checksOf(
      'f => { plugin => extfile, file => states, direct => true }, n => { plugin => null }, s => { plugin => static, state => UP }',
      '[f, n, s]',
    )
    const { checks, services } = configurationOf(result)
    expect(checks).toEqual({ f: { type: 'push', ttl: '7d' }, down: { type: 'push', ttl: '1s' } })
    expect(services['web']!['checks']).toEqual(['f', 'down'])
    expect(findingsOf(result)).toEqual([
      expect.stringMatching(/changed: service type f, plugin extfile, file states: windrose reads no state file/),
    ])
  })

  test.each<[string, string, string, string]>([
    [
      'a plugin that is not known',
      'x => { plugin => smtp }',
      'x',
      'left out: service type x, plugin smtp: no check is known for this plugin',
    ],
    [
      'a key that is not known',
      'x => { plugin => tcp_connect, prot => 25, port => 25 }',
      'x',
      'left out: prot => 25: this is no key of a service type',
    ],
    [
      'a threshold above 100',
      'x => { plugin => tcp_connect, port => 25, up_thresh => 200 }',
      'x',
      'changed: service type x: up_thresh => 200: windrose counts to 100',
    ],
    [
      'a value that is none',
      'x => { plugin => tcp_connect, port => 25, interval => soon }',
      'x',
      'unreadable: interval => soon: a whole number from 1 to 3600 is expected',
    ],
    ['a type that is not there', '', 'nope', 'left out: service_types => nope: there is no service type "nope"'],
  ])('lists %s', (_, types, use, finding) => {
    expect(findingsOf(checksOf(types, use)).map((text) => text.replace(/^\S+ /, ''))).toEqual([finding])
  })
})

describe('zones', () => {
  const records = (zone: string, others: Record<string, string> = {}): string =>
    recordsOf(imported('', zone, others), 'example.com')
  const HEAD = `$TTL 86400\n${SOA}`

  test('keep what is static, as it is written', () => {
    expect(records('; a comment\nwww 300 A 192.0.2.1\n    TXT ( "a"\n   "b" ) ; c\n')).toBe(
      `${HEAD}; a comment\nwww 300 A 192.0.2.1\n    TXT ( "a"\n   "b" ) ; c\n`,
    )
  })

  test('a record that had its owner from a dynamic one is given it in words', () => {
    expect(records('www DYNA null\n  MX 10 mail\n  TXT "x"\nmail NS ns1\n  DYNA null\n TXT "y"\n')).toBe(
      `${HEAD}www.example.com. MX 10 mail\n  TXT "x"\nmail NS ns1\n TXT "y"\n`,
    )
  })

  test('long strings are split, as gdnsd does by itself', () => {
    expect(records(`t TXT "${'x'.repeat(254)}\\010${'y'.repeat(10)}" short\n`)).toBe(
      `${HEAD}t TXT "${'x'.repeat(254)}\\010" "${'y'.repeat(10)}" short\n`,
    )
  })

  test('@Z and @F become names, also in an included file, and the origin comes back after it', () => {
    expect(
      records('$INCLUDE inc/a sub\nx A 192.0.2.3\n', {
        'g/zones/inc/a': 'a A 192.0.2.1\nb.@Z CNAME c.@F\n$ORIGIN d.@F\n@ MX 1 @Z\nT TXT @Z',
      }),
    ).toBe(
      `${HEAD}; g/zones/inc/a begins
$ORIGIN sub.example.com.
a A 192.0.2.1
b.example.com. CNAME c.sub.example.com.
$ORIGIN d.sub.example.com.
@ MX 1 example.com.
T TXT @Z
; g/zones/inc/a ends
$ORIGIN example.com.
x A 192.0.2.3
`,
    )
  })

  test('names are steered relative to the zone, whatever the origin is', () => {
    const { zones } = configurationOf(
      imported('', '$ORIGIN sub\na DYNA null\n*.b.@Z DYNA null\n@ DYNA null\nexample.com. DYNA null\n'),
    )
    expect(zones['example.com']!.steer).toEqual({ 'a.sub': 'null', '*.b': 'null', sub: 'null', '@': 'null' })
  })

  test('the names of files are those of zones', () => {
    const { zones } = configurationOf(
      importGdnsd(
        filesInMemory({
          'g/config': '',
          'g/zones/ROOT_ZONE': SOA,
          'g/zones/0@25.2.0.192.in-addr.arpa': SOA,
          'g/zones/.swp': 'x',
        }),
        'g',
      ),
    )
    expect(zones).toEqual({
      '.': { records: 'zones/root.zone' },
      '0/25.2.0.192.in-addr.arpa': { records: 'zones/0%2f25.2.0.192.in-addr.arpa.zone' },
    })
  })

  test.each<[string, string, string]>([
    [
      'a resource that is not there',
      'x DYNA multifo!gone',
      'g/zones/example.com:4:1 left out: x DYNA multifo!gone: nothing could be made of multifo!gone',
    ],
    [
      'a TTL that is none',
      'x 5/x DYNA null',
      'g/zones/example.com:4:1 left out: x 5/x DYNA null: the TTL is no MAX or MAX/MIN in seconds',
    ],
    [
      'a file that cannot be included',
      '$INCLUDE gone',
      'g/zones/example.com:4:1 unreadable: $INCLUDE gone: cannot read g/zones/gone: no such file',
    ],
    [
      'a record that windrose does not read',
      'x A 192.0.2',
      "g/zones/example.com:4:1 left out: x A 192.0.2: '192.0.2' is no IPv4 address",
    ],
    [
      'an address beside a steered name',
      'x DYNA null\nx A 192.0.2.1',
      'g/zones/example.com:5:1 left out: x A 192.0.2.1: the name is steered, and its addresses are those of the service',
    ],
    ['an open quote', 'x TXT "a', 'g/zones/example.com:4:7 unreadable: x TXT "a: this quote is not closed on its line'],
    [
      'a name outside',
      'x.example.org. DYNA null',
      'g/zones/example.com:4:1 left out: x.example.org. DYNA null: the name is not in the zone',
    ],
  ])('list %s', (_, zone, finding) => {
    expect(findingsOf(imported('', zone))).toEqual([finding])
  })
})

describe('options', () => {
  test('go where windrose has a key, and are listed where it has none', () => {
    const result = imported(
      'options => { listen => [192.0.2.1, "[2001:db8::1]:5353", any], dns_port => 5300, udp_threads => 4, nsid_ascii => n1, max_edns_response => 9000, tcp_pad => true, nope => 1 }',
    )
    const { listen, server } = configurationOf(result)
    expect(listen).toEqual(['192.0.2.1:5300', '[2001:db8::1]:5353', '0.0.0.0:5300', '[::]:5300'])
    expect(server).toEqual({ udp_threads: 4, edns_payload: 4096, nsid: 'n1' })
    expect(findingsOf(result)).toEqual([
      'g/config:1:145 left out: tcp_pad => true: windrose does not pad responses',
      'g/config:1:162 left out: nope => 1: no option of gdnsd 3 has this name',
    ])
  })
})

test.each<[string, Record<string, string>, string]>([
  ['no configuration', { 'x/zones/a': '' }, 'g/config:1:1 unreadable: config: cannot read g/config: no such file'],
  ['one that is a list', { 'g/config': '[a]' }, 'g/config:1:1 unreadable: config: the configuration is a list'],
  [
    'one with a fault',
    { 'g/config': 'a =' },
    'g/config:1:4 unreadable: config: the file ends where a value is expected',
  ],
])('of %s nothing is imported', (_, files, finding) => {
  const result = importGdnsd(filesInMemory(files), 'g/config')
  expect(result.files).toEqual([])
  expect(findingsOf(result)).toEqual([finding])
})

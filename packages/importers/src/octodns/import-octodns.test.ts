import { join } from 'node:path'
import type { ImportResult } from '../import-result.ts'
import { configurationOf, findingsOf, recordsOf } from '../imported.arbitraries.ts'
import { filesInMemory } from '../source-files.ts'
import { importOctodns } from './import-octodns.ts'

/** The database that comes along knows countries alone. */
const CITY = join(__dirname, '../../../../geo-data/test.mmdb')
const NS = "'': { type: NS, values: [ns1.example.net.] }\n"

function imported(text: string): ImportResult {
  return importOctodns(filesInMemory({ 'example.com.yaml': NS + text }), 'example.com.yaml', [CITY])
}

const serviceOf = (result: ImportResult, name = 'www'): unknown => configurationOf(result).services[name]

/** What is found, without places. */
const found = (result: ImportResult): string[] => findingsOf(result).map((text) => text.replace(/^\S+ /, ''))

const HOST = 'octodns: { healthcheck: { host: h.example.com } }'

describe('dynamic records', () => {
  test('pools are sites, rules are areas, fallbacks follow, and the values of the record come last', () => {
    const result = imported(`
www:
  type: A
  ttl: 60
  ${HOST}
  dynamic:
    pools:
      apac: { fallback: na, values: [{ value: 192.0.2.1 }, { value: 192.0.2.2, weight: 3 }] }
      eu: { fallback: na, values: [{ value: 192.0.2.3 }] }
      na: { values: [{ value: 192.0.2.4 }] }
    rules:
      - { subnets: [10.1.2.0/16], geos: [AS], pool: apac }
      - { geos: [AF-ZA, OC, NA-US-KY], pool: apac }
      - { geos: [EU], pool: eu }
      - { pool: na }
  values: [192.0.2.4, 192.0.2.9]
`)
    expect(found(result)).toEqual([])
    expect(serviceOf(result)).toEqual({
      policy: [
        {
          geo: {
            areas: {
              '10.1.0.0/16': ['apac', 'na', 'default'],
              'continent:AS': ['apac', 'na', 'default'],
              'country:ZA': ['apac', 'na', 'default'],
              'continent:OC': ['apac', 'na', 'default'],
              'subdivision:US/KY': ['apac', 'na', 'default'],
              'continent:EU': ['eu', 'na', 'default'],
              default: ['na', 'default'],
            },
            fence: true,
          },
        },
        'weighted',
      ],
      checks: ['https-h.example.com'],
      panic: 0,
      ttl: '1m',
      pools: {
        apac: ['192.0.2.1', { address: '192.0.2.2', weight: 3 }],
        eu: ['192.0.2.3'],
        na: ['192.0.2.4'],
        default: [{ address: '192.0.2.9', checks: [] }],
      },
    })
  })

  test('one rule for everybody is a failover; names are answered as names', () => {
    const result = imported(`
www:
  type: CNAME
  ${HOST}
  dynamic: { pools: { a: { fallback: b, values: [{ value: a.example.net. }] }, b: { values: [{ value: b.example.net. }] } }, rules: [{ pool: a }] }
  value: b.example.net.
`)
    expect(serviceOf(result)).toMatchObject({
      policy: [{ failover: ['a', 'b'] }, 'weighted'],
      pools: { a: [{ cname: 'a.example.net.' }], b: [{ cname: 'b.example.net.' }] },
    })
  })

  test('status up has no checks, down is never served, and a pool of which all is down is left out', () => {
    const result = imported(`
www:
  type: A
  ${HOST}
  dynamic:
    pools:
      a: { fallback: b, values: [{ value: 192.0.2.1, status: up }, { value: 192.0.2.2, status: down }, { value: 192.0.2.3, status: obey }] }
      b: { values: [{ value: 192.0.2.4, status: down }] }
    rules: [{ pool: a }]
  values: []
`)
    expect(serviceOf(result)).toMatchObject({
      policy: [{ failover: ['a'] }, 'weighted'],
      pools: { a: [{ address: '192.0.2.1', checks: [] }, { address: '192.0.2.2', weight: 0 }, '192.0.2.3'] },
    })
    expect(found(result)).toEqual(['left out: www.example.com. A, pool b: the status of all its values is down'])
  })

  test('A and AAAA are one service, when their rules are the same; plain values of one family are the last resort', () => {
    const dynamic = (one: string, two: string): string =>
      `dynamic: { pools: { a: { fallback: b, values: [{ value: ${one} }] }, b: { values: [{ value: ${two} }] } }, rules: [{ geos: [EU], pool: b }, { pool: a }] }`
    const same = imported(`
www:
  - { type: A, ${HOST}, ${dynamic('192.0.2.1', '192.0.2.2')}, values: [192.0.2.1] }
  - { type: AAAA, ${HOST}, ${dynamic('"2001:db8::1"', '"2001:db8::2"')}, values: ["2001:db8::1"] }
`)
    expect(serviceOf(same)).toMatchObject({
      pools: { a: ['192.0.2.1', '2001:db8::1'], b: ['192.0.2.2', '2001:db8::2'] },
    })
    const plain = imported(`
www:
  - { type: A, ${HOST}, ${dynamic('192.0.2.1', '192.0.2.2')}, values: [192.0.2.1] }
  - { type: AAAA, value: "2001:db8::9" }
`)
    expect(serviceOf(plain)).toMatchObject({
      policy: [{ geo: { areas: { 'continent:EU': ['b', 'default'], default: ['a', 'b', 'default'] } } }, 'weighted'],
      pools: { default: [{ address: '2001:db8::9', checks: [] }] },
    })
    const different = imported(`
www:
  - { type: A, ${HOST}, ${dynamic('192.0.2.1', '192.0.2.2')}, values: [192.0.2.1] }
  - { type: AAAA, ${HOST}, dynamic: { pools: { a: { values: [{ value: "2001:db8::1" }] } }, rules: [{ pool: a }] }, value: "2001:db8::1" }
`)
    expect(found(different)).toEqual([
      'left out: www.example.com. AAAA: its rules or fallbacks differ from those of A, and a name has one service',
    ])
  })

  test('the older geo is areas as well', () => {
    const result = imported(
      `www: { type: A, ${HOST}, geo: { AF: [192.0.2.1], NA-US: [192.0.2.2, 192.0.2.3] }, values: [192.0.2.4] }\n`,
    )
    expect(serviceOf(result)).toMatchObject({
      policy: [
        {
          geo: {
            areas: { 'continent:AF': ['af', 'default'], 'country:US': ['na-us', 'default'], default: ['default'] },
          },
        },
        'weighted',
      ],
      pools: { af: ['192.0.2.1'], 'na-us': ['192.0.2.2', '192.0.2.3'], default: ['192.0.2.4'] },
    })
  })

  test.each<[string, string, string]>([
    [
      'a code that is none',
      '{ geos: [XX], pool: a }, { pool: a }',
      'left out: www.example.com. A: "XX" is no code of an area',
    ],
    [
      'a subnet that is none',
      '{ subnets: [10.0.0.0/99], pool: a }, { pool: a }',
      'left out: www.example.com. A: "10.0.0.0/99" is no subnet',
    ],
    ['a pool that is not there', '{ pool: z }, { pool: a }', 'left out: www.example.com. A: there is no pool "z"'],
    [
      'rules without the last one',
      '{ geos: [EU], pool: a }',
      'changed: www.example.com. A: rules: no rule is for clients of other areas',
    ],
  ])('list %s', (_, rules, finding) => {
    const result = imported(
      `www: { type: A, ${HOST}, dynamic: { pools: { a: { values: [{ value: 192.0.2.1 }] } }, rules: [${rules}] }, value: 192.0.2.1 }\n`,
    )
    expect(found(result)).toContain(finding)
  })
})

describe('health checks', () => {
  const checkOf = (options: string): unknown => {
    const result = imported(
      `www: { type: A, ${options} dynamic: { pools: { a: { values: [{ value: 192.0.2.1 }] } }, rules: [{ pool: a }] }, value: 192.0.2.1 }\n`,
    )
    return { ...configurationOf(result).checks, found: found(result) }
  }

  test('ask /_dns over HTTPS, unless something else is said', () => {
    const expect200 = { expect: { status: [200] } }
    expect(checkOf('')).toEqual({
      'https-www.example.com': {
        type: 'https',
        path: '/_dns',
        host: 'www.example.com',
        tls: { verify: 'off' },
        ...expect200,
      },
      found: [],
    })
    expect(checkOf('octodns: { healthcheck: { protocol: HTTP, port: 8080, path: ok, host: x.example } },')).toEqual({
      'http-x.example': { type: 'http', port: 8080, path: '/ok', host: 'x.example', ...expect200 },
      found: [],
    })
    expect(checkOf('octodns: { healthcheck: { protocol: TCP, port: 25 } },')).toEqual({
      'tcp-25': { type: 'tcp', port: 25 },
      found: [],
    })
  })

  test('that windrose has not, and what is for one provider, are listed', () => {
    expect(checkOf('octodns: { healthcheck: { protocol: UDP, port: 53 }, ns1: { x: 1 } },')).toEqual({
      found: [
        'left out: www.example.com. A: healthcheck: windrose has no check of the protocol UDP',
        'left out: www.example.com. A: octodns.ns1: it is for one provider of octoDNS',
      ],
    })
  })
})

test('static records of each type become lines of a master file', () => {
  const long = 'x'.repeat(300)
  const result = imported(`
a: { type: A, values: [192.0.2.1, 192.0.2.2] }
mx: { type: MX, ttl: 300, values: [{ exchange: mail.example.com., preference: 10 }, { value: mail2.example.com, priority: 20 }] }
srv: { type: SRV, value: { priority: 1, weight: 2, port: 3, target: x.example.com. } }
caa: { type: CAA, value: { flags: 0, tag: issue, value: ca.example.net } }
txt: { type: TXT, values: ['a\\; "q" é', ${long}] }
naptr: { type: NAPTR, value: { order: 1, preference: 2, flags: S, service: "SIP+D2U", regexp: "", replacement: _sip._udp.example.com. } }
sshfp: { type: SSHFP, value: { algorithm: 4, fingerprint_type: 2, fingerprint: ${'ab'.repeat(32)} } }
https: { type: HTTPS, value: { svcpriority: 1, targetname: ., svcparams: { alpn: [h2, h3], port: 443 } } }
cname: { type: CNAME, value: a.example.com }
gone: { type: A, value: 192.0.2.3, octodns: { ignored: true } }
`)
  expect(found(result)).toEqual([
    'left out: gone.example.com. A: octoDNS ignores it: something else writes it to the provider',
  ])
  expect(
    recordsOf(result, 'example.com'),
  ).toBe(`example.com. 900 SOA ns1.example.net. hostmaster.invalid. 1 7200 900 1209600 60
example.com. 3600 NS ns1.example.net.
a.example.com. 3600 A 192.0.2.1
a.example.com. 3600 A 192.0.2.2
mx.example.com. 300 MX 10 mail.example.com.
mx.example.com. 300 MX 20 mail2.example.com.
srv.example.com. 3600 SRV 1 2 3 x.example.com.
caa.example.com. 3600 CAA 0 issue "ca.example.net"
txt.example.com. 3600 TXT "a; \\"q\\" \\195\\169"
txt.example.com. 3600 TXT "${'x'.repeat(255)}" "${'x'.repeat(45)}"
naptr.example.com. 3600 NAPTR 1 2 "S" "SIP+D2U" "" _sip._udp.example.com.
sshfp.example.com. 3600 SSHFP 4 2 ${'ab'.repeat(32)}
https.example.com. 3600 HTTPS 1 . alpn="h2,h3" port="443"
cname.example.com. 3600 CNAME a.example.com.
`)
})

test('an ALIAS is a service that answers with the addresses of the name', () => {
  const result = imported('alias: { type: ALIAS, value: lb.example.net. }\n')
  expect(serviceOf(result, 'alias')).toMatchObject({ pools: { main: [{ alias: 'lb.example.net.' }] } })
})

test.each<[string, string, string]>([
  ['a record without a type', 'x: { value: 1 }', 'unreadable: x: the record has no type'],
  ['a type without values', 'x: { type: A }', 'left out: x.example.com. A: the record has no values'],
  [
    'a value that is none',
    'x: { type: URLFWD, value: { code: 301 } }',
    'left out: x.example.com. URLFWD: this is no value of the type',
  ],
  [
    'an address that is none',
    'x: { type: A, value: 192.0.2 }',
    "left out: x.example.com. A 192.0.2: '192.0.2' is no IPv4 address",
  ],
])('lists %s', (_, text, finding) => {
  expect(found(imported(`${text}\n`))[0]).toContain(finding)
})

describe('files', () => {
  test('a folder has a zone in each file; one that is named like a zone has its records in several', () => {
    const files = filesInMemory({
      'd/example.com.yaml': `${NS}a: { type: A, value: 192.0.2.1 }\n`,
      'd/example.org./$example.org.yaml': NS,
      'd/example.org./b.yaml': 'b: { type: A, value: 192.0.2.2 }\n',
      'd/config.txt': 'x',
      'd/production.yaml': 'providers: { config: { class: x } }\nzones: { example.com.: { sources: [config] } }\n',
    })
    const result = importOctodns(files, 'd')
    expect(Object.keys(configurationOf(result).zones)).toEqual(['example.com', 'example.org'])
    expect(recordsOf(result, 'example.org')).toContain('b.example.org. 3600 A 192.0.2.2')
    expect(found(result)).toEqual(["left out: production.yaml: this is octoDNS's own configuration, not a zone"])
  })

  test('a zone without NS gets names to be replaced', () => {
    const result = importOctodns(
      filesInMemory({ 'example.com.yaml': 'a: { type: A, value: 192.0.2.1 }\n' }),
      'example.com.yaml',
    )
    expect(recordsOf(result, 'example.com')).toContain('example.com. 3600 NS ns.invalid.\n')
    expect(found(result)).toEqual(['to do: NS of example.com.: the source does not say which servers the zone has'])
  })

  test.each<[string, Record<string, string>, string]>([
    ['no file', {}, 'z.yaml:1:1 unreadable: z.yaml: there is no YAML file'],
    ['no YAML', { 'z.yaml': 'a: [' }, 'z.yaml:1:'],
    ['no records', { 'z.yaml': '- a' }, 'z.yaml:1:1 unreadable: the file: records by their names are expected'],
  ])('of %s nothing is made up', (_, files, finding) => {
    expect(findingsOf(importOctodns(filesInMemory(files), 'z.yaml'))[0]).toContain(finding)
  })
})

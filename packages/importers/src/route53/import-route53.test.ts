import { join } from 'node:path'
import type { ImportResult } from '../import-result.ts'
import { configurationOf, findingsOf, recordsOf } from '../imported.arbitraries.ts'
import { filesInMemory } from '../source-files.ts'
import { importRoute53 } from './import-route53.ts'

/** The database that comes along knows countries alone. */
const CITY = join(__dirname, '../../../../geo-data/test.mmdb')

type Set = Record<string, unknown>

const SOA: Set = {
  Name: 'example.com.',
  Type: 'SOA',
  TTL: 900,
  ResourceRecords: [{ Value: 'ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 60' }],
}
const NS: Set = { Name: 'example.com.', Type: 'NS', TTL: 3600, ResourceRecords: [{ Value: 'ns1.example.net.' }] }

/** A record set with values, or an alias where the value begins with `->`. */
function set(name: string, type: string, value: string | string[], routing: Set = {}): Set {
  const values = [value].flat()
  const target = /^->(\S+)(.*)$/.exec(values[0]!)
  const content =
    target === null
      ? { TTL: 60, ResourceRecords: values.map((Value) => ({ Value })) }
      : { AliasTarget: { HostedZoneId: 'Z', DNSName: target[1], EvaluateTargetHealth: target[2] !== ' false' } }
  return { Name: name === '@' ? 'example.com.' : `${name}.example.com.`, Type: type, ...routing, ...content }
}

interface Others {
  readonly checks?: Set[]
  readonly blocks?: Set[]
}

function imported(sets: Set[], { checks, blocks }: Others = {}): ImportResult {
  const files: Record<string, string> = { sets: JSON.stringify({ ResourceRecordSets: [SOA, NS, ...sets] }, null, 1) }
  if (checks !== undefined) files['checks'] = JSON.stringify({ HealthChecks: checks })
  if (blocks !== undefined) files['blocks'] = JSON.stringify({ CidrBlocks: blocks })
  return importRoute53(filesInMemory(files), {
    records: 'sets',
    healthChecks: checks && 'checks',
    cidrBlocks: blocks && 'blocks',
    databases: [CITY],
  })
}

/** What is found, without places. */
function found(result: ImportResult): string[] {
  return findingsOf(result).map((text) => text.replace(/^\S+ /, ''))
}

const services = (result: ImportResult): Readonly<Record<string, unknown>> => configurationOf(result).services

describe('routing', () => {
  test('weighted: weights of endpoints; weight 0 stands by; A and AAAA are one service', () => {
    const result = imported([
      set('w', 'A', '192.0.2.1', { SetIdentifier: 'blue', Weight: 3 }),
      set('w', 'A', '192.0.2.2', { SetIdentifier: 'green', Weight: 0 }),
      set('w', 'AAAA', '2001:db8::1', { SetIdentifier: 'blue', Weight: 3 }),
    ])
    expect(found(result)).toEqual([])
    expect(services(result)).toEqual({
      w: {
        policy: 'weighted',
        panic: 0,
        ttl: '1m',
        pools: {
          blue: [
            { address: '192.0.2.1', weight: 3 },
            { address: '2001:db8::1', weight: 3 },
          ],
          green: [{ address: '192.0.2.2', standby: true }],
        },
      },
    })
  })

  test('weighted sets of several values are services; where all weigh nothing all weigh the same', () => {
    const result = imported([
      set('w', 'A', ['192.0.2.1', '192.0.2.2'], { SetIdentifier: 'a', Weight: 0 }),
      set('w', 'A', '192.0.2.3', { SetIdentifier: 'b', Weight: 0 }),
    ])
    expect(services(result)).toMatchObject({
      'w-a': { policy: 'all', pools: { a: ['192.0.2.1', '192.0.2.2'] } },
      w: { pools: { a: { service: 'w-a', weight: 1 }, b: ['192.0.2.3'] } },
    })
  })

  test('failover: the primary first, whatever the order of the file', () => {
    const result = imported([
      set('f', 'A', '192.0.2.2', { SetIdentifier: 's', Failover: 'SECONDARY' }),
      set('f', 'A', '192.0.2.1', { SetIdentifier: 'p', Failover: 'PRIMARY' }),
    ])
    expect(services(result)).toMatchObject({
      f: { policy: [{ failover: ['p', 's'] }], pools: { p: ['192.0.2.1'], s: ['192.0.2.2'] } },
    })
  })

  test('latency: regions are sites, with their coordinates', () => {
    const result = imported([
      set('l', 'A', '192.0.2.1', { SetIdentifier: 'x', Region: 'eu-central-1' }),
      set('l', 'A', '192.0.2.2', { SetIdentifier: 'y', Region: 'us-east-1' }),
    ])
    expect(services(result)).toMatchObject({
      l: {
        policy: [{ latency: { tolerance: '0ms', tolerance_percent: 0 } }],
        pools: { 'eu-central-1': ['192.0.2.1'], 'us-east-1': ['192.0.2.2'] },
      },
    })
    expect(configurationOf(result).sites).toMatchObject({ 'eu-central-1': { at: [50.1, 8.7] } })
    expect(found(result)).toEqual([expect.stringMatching(/^to do: l.example.com., latency: /)])
  })

  test('geolocation: each area falls back to those around it, and at last to the default', () => {
    const result = imported([
      set('g', 'A', '192.0.2.1', { SetIdentifier: 'eu', GeoLocation: { ContinentCode: 'EU' } }),
      set('g', 'A', '192.0.2.2', { SetIdentifier: 'de', GeoLocation: { CountryCode: 'DE' } }),
      set('g', 'A', '192.0.2.3', { SetIdentifier: 'us', GeoLocation: { CountryCode: 'US' } }),
      set('g', 'A', '192.0.2.4', { SetIdentifier: 'ca', GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } }),
      set('g', 'A', '192.0.2.5', { SetIdentifier: 'any', GeoLocation: { CountryCode: '*' } }),
    ])
    expect(found(result)).toEqual([])
    expect(services(result)).toMatchObject({
      g: {
        policy: [
          {
            geo: {
              areas: {
                'continent:EU': ['eu', 'any'],
                'country:DE': ['de', 'eu', 'any'],
                'country:US': ['us', 'any'],
                'subdivision:US/CA': ['ca', 'us', 'any'],
                default: ['any'],
              },
              fence: true,
            },
          },
        ],
      },
    })
  })

  test('geoproximity: nearest with bias', () => {
    const result = imported([
      set('p', 'A', '192.0.2.1', { SetIdentifier: 'x', GeoProximityLocation: { AWSRegion: 'eu-west-1', Bias: 20 } }),
      set('p', 'A', '192.0.2.2', {
        SetIdentifier: 'y',
        GeoProximityLocation: { Coordinates: { Latitude: '49.22', Longitude: '-74.01' } },
      }),
      set('p', 'A', '192.0.2.3', { SetIdentifier: 'z', GeoProximityLocation: { LocalZoneGroup: 'us-east-1-bos-1' } }),
    ])
    expect(services(result)).toMatchObject({
      p: {
        policy: [{ nearest: { bias: { 'eu-west-1': 20 } } }],
        pools: { 'eu-west-1': ['192.0.2.1'], y: ['192.0.2.2'] },
      },
    })
    expect(configurationOf(result).sites).toMatchObject({ y: { at: [49.22, -74.01] } })
    expect(found(result)).toEqual([expect.stringMatching(/^left out: p.example.com. A, z: where it is, is not known/)])
  })

  test('multivalue: all of up to eight, else eight at random', () => {
    const values = (name: string, count: number): Set[] =>
      Array.from({ length: count }, (_, i) =>
        set(name, 'A', `192.0.2.${i + 1}`, { SetIdentifier: `v${i}`, MultiValueAnswer: true }),
      )
    const result = imported([...values('few', 3), ...values('many', 12)])
    expect(services(result)).toMatchObject({ few: { policy: 'all' }, many: { policy: 'weighted', answers: 8 } })
  })

  test('CIDR: the prefixes of a location', () => {
    const sets = [
      set('c', 'A', '192.0.2.1', {
        SetIdentifier: 'x',
        CidrRoutingConfig: { CollectionId: 'C', LocationName: 'office' },
      }),
      set('c', 'A', '192.0.2.2', { SetIdentifier: 'y', CidrRoutingConfig: { CollectionId: 'C', LocationName: '*' } }),
    ]
    const blocks = [
      { CidrBlock: '203.0.113.0/24', LocationName: 'office' },
      { CidrBlock: '2001:db8::/48', LocationName: 'office' },
    ]
    expect(services(imported(sets, { blocks }))).toMatchObject({
      c: {
        policy: [{ geo: { areas: { '203.0.113.0/24': ['x', 'y'], '2001:db8::/48': ['x', 'y'], default: ['y'] } } }],
      },
    })
    expect(found(imported(sets))).toEqual([
      expect.stringMatching(/^left out: c.example.com. A, location office: its prefixes stand in another file/),
    ])
  })

  test('the other family, where it is not routed, is there for everybody', () => {
    const result = imported([
      set('g', 'A', '192.0.2.1', { SetIdentifier: 'de', GeoLocation: { CountryCode: 'DE' } }),
      set('g', 'A', '192.0.2.2', { SetIdentifier: 'any', GeoLocation: { CountryCode: '*' } }),
      set('g', 'AAAA', '2001:db8::1'),
    ])
    expect(services(result)).toMatchObject({
      g: {
        policy: [{ geo: { areas: { 'country:DE': ['de', 'any', 'main'], default: ['any', 'main'] } } }],
        pools: { main: ['2001:db8::1'] },
      },
    })
  })

  test.each<[string, Set[], string]>([
    [
      'a family that is routed in another way',
      [
        set('x', 'A', '192.0.2.1', { SetIdentifier: 'a', Weight: 1 }),
        set('x', 'AAAA', '2001:db8::1', { SetIdentifier: 'b', Failover: 'PRIMARY' }),
      ],
      'left out: x.example.com. AAAA, failover: other records of the name are routed by weighted, and a name has one service',
    ],
    [
      'a name without a default',
      [set('x', 'A', '192.0.2.1', { SetIdentifier: 'a', GeoLocation: { CountryCode: 'DE' } })],
      'changed: x.example.com.: no default record: clients of no area get no answer from Route 53; windrose always answers',
    ],
    [
      'routed records of other types',
      [
        set('x', 'TXT', '"a"', { SetIdentifier: 'a', Weight: 1 }),
        set('x', 'TXT', '"b"', { SetIdentifier: 'b', Weight: 1 }),
      ],
      'changed: x.example.com. TXT, weighted: only A, AAAA and CNAME are steered',
    ],
    [
      'TTLs that differ',
      [
        { ...set('x', 'A', '192.0.2.1', { SetIdentifier: 'a', Weight: 1 }), TTL: 300 },
        set('x', 'A', '192.0.2.2', { SetIdentifier: 'b', Weight: 1 }),
      ],
      'changed: x.example.com.: TTLs 60, 300: a service has one TTL',
    ],
    [
      'a value that is none',
      [set('x', 'A', 'nope', { SetIdentifier: 'a', Weight: 1 })],
      'unreadable: x.example.com. A nope: this is no value of the type A',
    ],
  ])('lists %s', (_, sets, finding) => {
    expect(found(imported(sets))).toContain(finding)
  })
})

describe('aliases', () => {
  test('a tree is services in services, each made once', () => {
    const result = imported([
      set('eu', 'A', '192.0.2.1', { SetIdentifier: 'a', Weight: 1 }),
      set('eu', 'A', '192.0.2.2', { SetIdentifier: 'b', Weight: 2 }),
      set('top', 'A', '->eu.example.com.', { SetIdentifier: 'x', Region: 'eu-west-1' }),
      set('top', 'A', '192.0.2.9', { SetIdentifier: 'y', Region: 'us-east-1' }),
      set('www', 'A', '->top.example.com.'),
    ])
    expect(services(result)).toMatchObject({
      top: { pools: { 'eu-west-1': { service: 'eu' }, 'us-east-1': ['192.0.2.9'] } },
    })
    expect(configurationOf(result).zones['example.com']!.steer).toEqual({ eu: 'eu', top: 'top', www: 'top' })
  })

  test('of a static name is its records', () => {
    const result = imported([
      set('a', 'A', ['192.0.2.1', '192.0.2.2']),
      set('b', 'A', '->a.example.com.'),
      set('c', 'A', '->b.example.com.'),
    ])
    expect(recordsOf(result, 'example.com')).toContain('c.example.com. 60 A 192.0.2.1\nc.example.com. 60 A 192.0.2.2\n')
    expect(found(result)).toEqual([])
  })

  test('of a name outside is a CNAME where one can be, else its addresses', () => {
    const result = imported([
      set('cdn', 'A', '->d1.cloudfront.net.'),
      set('cdn', 'AAAA', '->d1.cloudfront.net.'),
      set('@', 'A', '->lb.elb.amazonaws.com.'),
      set('f', 'A', '192.0.2.1', { SetIdentifier: 'p', Failover: 'PRIMARY' }),
      set('f', 'A', '->s3.amazonaws.com.', { SetIdentifier: 's', Failover: 'SECONDARY' }),
    ])
    expect(recordsOf(result, 'example.com')).toContain('cdn.example.com. 60 CNAME d1.cloudfront.net.\n')
    expect(configurationOf(result).zones['example.com']!.steer).toEqual({ '@': 'example.com', f: 'f' })
    expect(services(result)).toMatchObject({
      'example.com': { pools: { main: [{ alias: 'lb.elb.amazonaws.com.' }] } },
      f: { pools: { s: [{ cname: 's3.amazonaws.com.' }] } },
    })
  })

  test('in a circle answer nothing and are listed', () => {
    const result = imported([
      set('a', 'A', '->b.example.com.', { SetIdentifier: 'x', Weight: 1 }),
      set('b', 'A', '->a.example.com.', { SetIdentifier: 'x', Weight: 1 }),
      set('c', 'A', '->d.example.com.'),
      set('d', 'A', '->c.example.com.'),
    ])
    expect(services(result)).toEqual({})
    expect(found(result)).toEqual(
      expect.arrayContaining([
        'left out: a.example.com.: nothing is left to answer with',
        'left out: b.example.com.: nothing is left to answer with',
        'left out: c.example.com. A, alias of d.example.com.: the target has no A records',
      ]),
    )
  })

  test('that count as healthy for ever are listed', () => {
    const result = imported([
      set('a', 'A', '192.0.2.1', { SetIdentifier: 'x', Weight: 1 }),
      set('b', 'A', '->a.example.com. false', { SetIdentifier: 'y', Failover: 'PRIMARY' }),
      set('b', 'A', '192.0.2.2', { SetIdentifier: 'z', Failover: 'SECONDARY' }),
    ])
    expect(found(result)).toEqual([
      expect.stringMatching(/^changed: b.example.com. A, alias of a.example.com.: EvaluateTargetHealth false: /),
    ])
  })
})

describe('health checks', () => {
  const use = (...ids: string[]): Set[] =>
    ids.map((id, i) => set('h', 'A', `192.0.2.${i + 1}`, { SetIdentifier: id, Weight: 1, HealthCheckId: id }))
  const check = (Id: string, HealthCheckConfig: Set): Set => ({ Id, HealthCheckConfig })

  test('that probe alike are one check; what they expect and how often is taken over', () => {
    const common = {
      Port: 443,
      Type: 'HTTPS_STR_MATCH',
      ResourcePath: '/ok',
      FullyQualifiedDomainName: 'www.example.com',
      SearchString: 'fine',
      RequestInterval: 10,
      FailureThreshold: 2,
    }
    const result = imported(use('a', 'b', 'c'), {
      checks: [
        check('a', { ...common, IPAddress: '192.0.2.1' }),
        check('b', { ...common, IPAddress: '192.0.2.2' }),
        check('c', { Type: 'TCP', Port: 25, IPAddress: '192.0.2.3' }),
      ],
    })
    expect(found(result)).toEqual([])
    expect(configurationOf(result).checks).toEqual({
      'https-www.example.com': {
        type: 'https',
        path: '/ok',
        host: 'www.example.com',
        tls: { verify: 'off' },
        expect: { status: '200-399', body: 'fine', body_limit: 5120 },
        interval: '10s',
        timeout: '6s',
        rise: 2,
        fall: 2,
      },
      'tcp-25': { type: 'tcp', port: 25, interval: '30s', timeout: '6s', rise: 3, fall: 3 },
    })
    expect(services(result)).toMatchObject({
      h: {
        checks: ['https-www.example.com'],
        pools: { a: ['192.0.2.1'], c: [{ address: '192.0.2.3', checks: ['tcp-25'] }] },
      },
    })
  })

  test('that are calculated combine others', () => {
    const tcp = (Id: string, Port: number): Set => check(Id, { Type: 'TCP', Port })
    const calculated = (Id: string, HealthThreshold: number, ...ChildHealthChecks: string[]): Set =>
      check(Id, { Type: 'CALCULATED', HealthThreshold, ChildHealthChecks })
    const result = imported(use('any', 'all', 'two', 'none', 'never'), {
      checks: [
        tcp('x', 1),
        tcp('y', 2),
        tcp('z', 3),
        check('off', { Type: 'TCP', Port: 4, Disabled: true }),
        calculated('any', 1, 'x', 'y'),
        calculated('all', 3, 'x', 'y', 'off'),
        calculated('two', 2, 'x', 'y', 'z'),
        calculated('none', 0, 'x'),
        calculated('never', 9, 'x'),
      ],
    })
    const { checks: common, pools } = services(result)['h'] as {
      checks: unknown
      pools: Record<string, { checks?: unknown }[]>
    }
    const rules = Object.entries(pools).map(([site, [endpoint]]) => [site, endpoint?.checks ?? common])
    expect(Object.fromEntries(rules)).toEqual({
      any: [{ any: ['tcp-1', 'tcp-2'] }],
      all: [{ all: ['tcp-1', 'tcp-2'] }],
      two: [{ at_least: 2, of: ['tcp-1', 'tcp-2', 'tcp-3'] }],
      none: [],
      never: ['down'],
    })
  })

  test.each<[string, Set | undefined, string]>([
    ['without their file', undefined, 'left out: health check a: what it probes stands in another file'],
    [
      'of something that only Amazon knows',
      { Type: 'CLOUDWATCH_METRIC' },
      'changed: health check a: a health check of the type CLOUDWATCH_METRIC follows something that only Amazon knows',
    ],
    [
      'that are turned around',
      { Type: 'TCP', Port: 1, Inverted: true },
      'left out: health check a: Inverted: windrose turns no check around',
    ],
    [
      'from chosen regions',
      { Type: 'TCP', Port: 1, Regions: ['us-east-1'] },
      'to do: health check a: Regions: where probes come from is where agents run',
    ],
    [
      'that probe another address',
      { Type: 'TCP', Port: 1, IPAddress: '192.0.2.99' },
      'changed: health check a: Route 53 probes 192.0.2.99; windrose probes what it answers with: 192.0.2.1',
    ],
  ])('%s are listed', (_, config, finding) => {
    expect(found(imported(use('a'), config === undefined ? {} : { checks: [check('a', config)] }))).toEqual([finding])
  })
})

describe('static records', () => {
  test('get final dots and decimal escapes; a wildcard is one', () => {
    const result = imported([
      set('\\052', 'CNAME', 'www.example.com'),
      set('@', 'MX', '10 mail.example.com'),
      set('t', 'TXT', '"caf\\303\\251" "a\\"b"'),
      set('_s._tcp', 'SRV', '1 2 443 h.example.com'),
    ])
    expect(found(result)).toEqual([])
    expect(
      recordsOf(result, 'example.com'),
    ).toBe(`example.com. 900 SOA ns1.example.net. hostmaster.example.net. 1 7200 900 1209600 60
example.com. 3600 NS ns1.example.net.
example.com. 60 MX 10 mail.example.com.
*.example.com. 60 CNAME www.example.com.
t.example.com. 60 TXT "caf\\195\\169" "a\\"b"
_s._tcp.example.com. 60 SRV 1 2 443 h.example.com.
`)
  })

  test('that no master file holds are listed', () => {
    expect(found(imported([set('x', 'MX', 'mail'), set('y', 'NOPE', '1')]))).toEqual([
      expect.stringMatching(/^left out: x.example.com. MX mail: /),
      expect.stringMatching(/^left out: y.example.com. NOPE 1: /),
    ])
  })
})

test('a record that a traffic policy made is listed: the policy stands somewhere else', () => {
  const result = imported([set('x', 'A', '192.0.2.1', { TrafficPolicyInstanceId: 'p' })])
  expect(found(result)).toEqual([expect.stringMatching(/^changed: x.example.com. A: TrafficPolicyInstanceId: /)])
  expect(recordsOf(result, 'example.com')).toContain('x.example.com. 60 A 192.0.2.1')
})

test('a finding points to its record set', () => {
  const result = imported([set('x', 'A', '192.0.2.1'), set('y', 'NOPE', '1')])
  const text = JSON.stringify(
    { ResourceRecordSets: [SOA, NS, set('x', 'A', '192.0.2.1'), set('y', 'NOPE', '1')] },
    null,
    1,
  )
  const { line, column } = result.findings[0]!.place
  expect(
    text
      .split('\n')
      .slice(line - 1)
      .join('\n')
      .slice(column - 1),
  ).toMatch(/^\{\s*"Value": "1"/)
})

test.each<[string, string, string]>([
  ['no JSON', '{', 'sets:1:2 unreadable: sets: not valid YAML'],
  ['another JSON', '{"a": 1}', 'sets:1:1 unreadable: the file: there is no list "ResourceRecordSets"'],
  [
    'sets of no common zone',
    '[{"Name":"a.example.","Type":"A"},{"Name":"b.example.","Type":"A"}]',
    'sets:1:1 unreadable: sets: no SOA record says which zone this is',
  ],
])('of %s nothing is imported', (_, text, finding) => {
  const result = importRoute53(filesInMemory({ sets: text }), { records: 'sets' })
  expect(result.files).toEqual([])
  expect(findingsOf(result)[0]).toContain(finding)
})

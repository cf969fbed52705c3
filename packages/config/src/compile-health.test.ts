import type { CheckRule } from '@windrose/health'
import type { Configuration } from './configuration.ts'
import { listProblems, readWritten } from './written-configuration.arbitraries.ts'

const KEY = Buffer.alloc(32, 7).toString('base64')

/** A configuration with one service, and this as its health. */
const withHealth = (health: string, service = 'checks: [page]') => `zones: {}
health: ${health}
sites: { fra: { at: [50.11, 8.68] }, iad: { at: [38.95, -77.45] } }
checks: { page: { type: http, interval: 20s }, port: { type: tcp, port: 80 }, deep: { type: http, path: /deep } }
services:
  web:
    policy: failover
    ${service}
    pools: { fra: [192.0.2.1, "2001:db8::1"], iad: [192.0.2.2, { address: 192.0.2.3, weight: 0 }] }
`

async function compile(text: string): Promise<Configuration> {
  const { configuration, problems } = await readWritten(text)
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  return configuration!
}

/** The errors and hints, without their lines. */
async function errorsOf(text: string): Promise<readonly string[]> {
  const { problems } = await readWritten(text)
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ place, message, hint }) => `${place.line}:${place.column} ${message}${hint === undefined ? '' : ` (${hint})`}`,
    )
}

describe('health', () => {
  test('has every default filled in', async () => {
    const { health, probeTargets } = await compile(withHealth('{}'))
    expect(health).toMatchObject({
      store: { kind: 'memory' },
      vantages: [],
      views: 'off',
      requireSigned: false,
      controlTargets: [],
      rules: {
        vantages: [],
        quorum: { minAgents: 1, minVantages: 1, share: 0.5 },
        brake: { poolShare: 0.5, vantageShare: 0.3, intervalMs: 20_000 },
        damping: { penalty: 1000, halfLifeMs: 120_000, suppress: 2500, reuse: 1000, maxMs: 900_000 },
        holdDownMs: 0,
        ramp: undefined,
      },
    })
    expect(health.rules.groups.byTarget.size).toBe(probeTargets.length)
  })

  test('groups what stands together by pool and family, without what is never served', async () => {
    const { health } = await compile(withHealth('{}'))
    expect(health.rules.groups.groups.map(({ name, ttlMs, endpoints }) => [name, ttlMs, endpoints.length])).toEqual([
      ['web/fra', 30_000, 1],
      ['web/fra', 30_000, 1],
      ['web/iad', 30_000, 1],
    ])
  })

  test('takes everything that can be said', async () => {
    const text = `{ store: redis, url: "rediss://db.example.net:6380/2", namespace: prod, username: windrose,
  password_file: /run/secrets/redis, prefix: wr, tls: { ca_file: /etc/ca.pem, server_name: db },
  vantages: { eu: { at: [53.3, -6.2] }, us: { at: [39, -77], areas: [US, CA, south-america] }, sg: {} }, views: nearest,
  quorum: { min_agents: 2, min_vantages: 3, share: 0.6 }, max_eject: { pool: 0.4 }, damping: { half_life: 1m },
  hold_down: 20s, ramp: { step: 1m }, require_signed: on, trusted_keys: { eu-1: "${KEY}" },
  control_targets: ["192.0.2.250:53", "[2001:db8::53]:53"] }`
    const { health } = await compile(withHealth(text))
    expect(health).toMatchObject({
      store: {
        kind: 'redis',
        servers: { kind: 'single', url: 'rediss://db.example.net:6380/2' },
        tls: { caFile: '/etc/ca.pem', serverName: 'db' },
        username: 'windrose',
        passwordFile: '/run/secrets/redis',
        prefix: 'wr',
        namespace: 'prod',
      },
      vantages: [
        { name: 'eu', latitude: 53.3, longitude: -6.2, areas: [] },
        { name: 'us', areas: ['US', 'CA', 'south-america'] },
        { name: 'sg', areas: [] },
      ],
      views: 'nearest',
      requireSigned: true,
      controlTargets: [
        { address: '192.0.2.250', family: 4, port: 53 },
        { address: '2001:db8::53', family: 6, port: 53 },
      ],
      rules: {
        vantages: ['eu', 'us', 'sg'],
        quorum: { minAgents: 2, minVantages: 3, share: 0.6 },
        brake: { poolShare: 0.4, vantageShare: 0.3 },
        damping: { halfLifeMs: 60_000, suppress: 2500 },
        holdDownMs: 20_000,
        ramp: { stepMs: 60_000 },
      },
    })
    expect(health.trustedKeys.get('eu-1')).toEqual(new Uint8Array(32).fill(7))
  })

  test('takes signed reports and pushes together: servers sign these', async () => {
    const settings = `{ store: redis, url: "redis://db", require_signed: on, trusted_keys: { push-ns1: "${KEY}" } }`
    const text = withHealth(settings).replace('page: { type: http, interval: 20s }', 'page: { type: push, ttl: 30s }')
    const { health } = await compile(text)
    expect([health.requireSigned, [...health.trustedKeys.keys()]]).toEqual([true, ['push-ns1']])
  })

  test.each([
    ['sentinels: ["s1:26379", "[2001:db8::1]:26379"], master: main', 'sentinel', undefined],
    ['cluster: [n1.example.net:6379], tls: {}', 'cluster', {}],
    ['url: "rediss://db"', 'single', {}],
    ['url: "redis://db"', 'single', undefined],
  ])('finds a redis store by %s', async (text, kind, tls) => {
    const { health } = await compile(withHealth(`{ store: redis, ${text} }`))
    expect(health.store).toMatchObject({ kind: 'redis', servers: { kind }, prefix: 'windrose', namespace: 'default' })
    expect(health.store).toHaveProperty('tls', tls)
  })

  test('finds the password of Sentinels in a file beside it', async () => {
    const text = 'sentinels: ["s1:26379"], master: main, sentinel_username: watch, sentinel_password_file: secret'
    const { health } = await compile(withHealth(`{ store: redis, ${text} }`))
    expect(health.store).toMatchObject({
      servers: { kind: 'sentinel', username: 'watch', passwordFile: expect.stringMatching(/^\/.*secret$/) },
    })
  })

  test.each([
    ['{ vantages: { a: {}, b: {}, c: {}, d: {} } }', 'off', 3],
    ['{ vantages: { a: { at: [1, 2] }, b: {} } }', 'off', 2],
    ['{ vantages: { a: { areas: [US] } } }', 'areas', 1],
    ['{ vantages: { a: { areas: [US] } }, views: off }', 'off', 1],
  ])('of %s has the views %s, and needs %i vantages', async (text, views, minVantages) => {
    const { health } = await compile(withHealth(text))
    expect([health.views, health.rules.quorum.minVantages]).toEqual([views, minVantages])
  })

  test.each([
    ['{ max_eject: off }', { brake: undefined }],
    ['{ max_eject: 0.2 }', { brake: { poolShare: 0.2, vantageShare: 0.3, intervalMs: 20_000 } }],
    ['{ damping: off }', { damping: undefined }],
    ['{ damping: on }', { damping: { suppress: 2500 } }],
    ['{ ramp: on }', { ramp: { stepMs: 30_000 } }],
  ])('%s turns that on or off', async (text, rules) => {
    expect((await compile(withHealth(text))).health.rules).toMatchObject(rules)
  })

  test.each<[string, ...string[]]>([
    [
      '{ url: "redis://db" }',
      '2:11 health.url: "url" belongs to the redis store, and this is memory (write "store: redis")',
    ],
    [
      '{ store: redis }',
      '2:18 health.store: a redis store needs "url", "sentinels" or "cluster" (url: redis://HOST:PORT, or sentinels: [HOST:PORT] with master: NAME, or cluster: [HOST:PORT])',
    ],
    [
      '{ store: redis, url: "redis://a", cluster: ["b:1"] }',
      '2:43 health.cluster: "cluster" and "url" are two ways to say where the store is (keep one of them)',
    ],
    ['{ store: redis, sentinels: ["a:1"] }', '2:25 health.sentinels: "sentinels" needs "master" beside it'],
    [
      '{ store: redis, url: "redis://a", sentinel_password_file: f }',
      '2:43 health.sentinel_password_file: "sentinel_password_file" needs "sentinels" beside it',
    ],
    [
      '{ store: redis, sentinels: ["a:1"], master: m, sentinel_username: u }',
      '2:56 health.sentinel_username: "sentinel_username" needs "sentinel_password_file" beside it',
    ],
    [
      '{ sentinel_password_file: f }',
      '2:11 health.sentinel_password_file: "sentinel_password_file" belongs to the redis store, and this is memory (write "store: redis")',
    ],
    ['{ store: redis, url: "redis://a", master: m }', '2:43 health.master: "master" needs "sentinels" beside it'],
    [
      '{ store: redis, url: "http://a" }',
      '2:30 health.url: not the URL of a redis store (redis://HOST:PORT, or rediss://HOST:PORT over TLS)',
    ],
    [
      '{ store: redis, url: "redis://:pw@a", password_file: f }',
      '2:30 health.url: holds a password, and there is a "password_file" too (take it out of the URL)',
    ],
    [
      '{ store: redis, cluster: ["a", "b:70000"] }',
      '2:35 health.cluster[0]: "a" is not a host and a port (for example redis-1.example.net:6379 or "[2001:db8::1]:6379")',
      '2:40 health.cluster[1]: "b:70000" is not a host and a port (for example redis-1.example.net:6379 or "[2001:db8::1]:6379")',
    ],
    [
      '{ store: redis, url: "redis://a", tls: {} }',
      '2:43 health.tls: the URL is redis://, which is without TLS (write rediss://)',
    ],
    [
      '{ store: redis, url: "rediss://a", tls: { key_file: k } }',
      '2:51 health.tls.key_file: "key_file" needs "cert_file" beside it',
    ],
    ['{ store: redsi }', '2:18 health.store: expected memory or redis (did you mean "redis"?)'],
    [
      '{ vantages: { a: { areas: [USA, US, noth-america] }, b: { areas: [US] } } }',
      '2:36 health.vantages.a.areas[0]: there is no area "USA" (a country code (US, DE) or one of africa, antarctica, asia, europe, north-america, oceania, south-america)',
      '2:45 health.vantages.a.areas[2]: there is no area "noth-america" (did you mean "north-america"?)',
      '2:75 health.vantages.b.areas[0]: US is an area of "a" already',
    ],
    [
      '{ vantages: { a: {} }, views: nearest }',
      '2:39 health.views: no vantage says where it is (give vantages an "at": [LATITUDE, LONGITUDE])',
    ],
    [
      '{ vantages: { a: {} }, quorum: { min_vantages: 2 } }',
      '2:56 health.quorum.min_vantages: there are only 1 vantages: the verdicts would never move',
    ],
    [
      '{ quorum: { share: 1 } }',
      '2:28 health.quorum.share: must be less than 1 (with 0.5, more than half of them must say down)',
    ],
    [
      '{ max_eject: all }',
      '2:22 health.max_eject: expected a share (a number above 0 up to 1, { pool: 0.5, vantage: 0.3 }, or off)',
    ],
    ['{ max_eject: 0 }', '2:22 health.max_eject: must be more than 0'],
    [
      '{ damping: { suppress: 500 } }',
      '2:20 health.damping.reuse: reuse (1000) is not below suppress (500) (what is kept down would come up at once)',
    ],
    [
      '{ damping: maybe }',
      '2:20 health.damping: expected damping (on, off, or { half_life: 2m, suppress: 2500, reuse: 1000, max: 15m })',
    ],
    ['{ ramp: 5 }', '2:17 health.ramp: expected a ramp (on, off, or { step: 30s })'],
    [
      '{ require_signed: on }',
      '2:27 health.require_signed: no report would count: there are no trusted keys (add "trusted_keys: { AGENT: KEY }")',
    ],
    [
      '{ trusted_keys: { eu-1: c2hvcnQ= } }',
      '2:33 health.trusted_keys.eu-1: not an Ed25519 public key (32 octets in base64: 44 characters)',
    ],
    [
      '{ control_targets: ["192.0.2.1", "192.0.2.1:0"] }',
      '2:29 health.control_targets[0]: needs a port (write 192.0.2.1:53)',
      '2:42 health.control_targets[1]: needs a port other than 0',
    ],
  ])('%s is refused', async (text, ...errors) => {
    expect(await errorsOf(withHealth(text))).toEqual(errors)
  })

  test('warns of a password in a URL, and does not print it', async () => {
    const listing = await listProblems(withHealth('{ store: redis, url: "redis://me:s3cret@db" }'))
    expect(listing).toContain('health.url: holds a password')
    expect(listing).toContain('put it into a file and name that in "password_file"')
    expect(listing).not.toContain('s3cret')
  })
})

describe('views', () => {
  const VANTAGES = 'vantages: { eu: { at: [53.3, -6.2], areas: [europe] }, us: { at: [39, -77], areas: [US, GB] } }'
  const withOverride = (override: string, health = `{ ${VANTAGES} }`) =>
    `geo: { overrides: [{ prefix: 10.0.0.0/8, sites: [fra], ${override} }] }\n${withHealth(health)}`

  test('give every service a client map, whose classes know the sites only where the policy asks for them', async () => {
    const { services, geo } = await compile(withHealth(`{ ${VANTAGES} }`))
    expect(services.map(({ clientMap }) => clientMap)).toEqual([0])
    expect(geo.mapSpecs[0]).toMatchObject({ sites: [], preferred: 0, views: { nearest: [] } })
    expect((await compile(withHealth('{}'))).services[0]!.clientMap).toBe(-1)
  })

  test('of a country go before those of its continent', async () => {
    const { geo } = await compile(withHealth(`{ ${VANTAGES} }`))
    const { countries } = geo.mapSpecs[0]!.views!
    const viewOf = new Map(countries)
    expect(['DE', 'GB', 'US', 'JP'].map((code) => viewOf.get(code))).toEqual([1, 2, 2, undefined])
  })

  test('are the nearest only when that is wanted', async () => {
    const { geo } = await compile(withHealth(`{ ${VANTAGES}, views: nearest }`))
    expect(geo.mapSpecs[0]!.views!.nearest.map(({ view }) => view)).toEqual([1, 2])
  })

  test('of a prefix are those of the vantage that its override names, and that turns views on', async () => {
    const { geo, health } = await compile(withOverride('vantage: us', '{ vantages: { eu: {}, us: {} } }'))
    expect([geo.rules[0]!.view, health.views]).toEqual([2, 'areas'])
  })

  test('of a prefix in an override file count as well', async () => {
    const health = '{ vantages: { eu: {}, us: {} } }'
    const files = {
      'windrose.yaml': `geo: { overrides: [office.yaml] }\n${withHealth(health)}`,
      'office.yaml': '[{ prefix: 10.0.0.0/8, sites: [fra], vantage: eu }]\n',
    }
    const { configuration } = await readWritten(files)
    expect([configuration!.geo.rules[0]!.view, configuration!.health.views]).toEqual([1, 'areas'])
  })

  test('of a vantage that is not there are refused', async () => {
    expect(await errorsOf(withOverride('vantage: usa'))).toEqual([
      '1:65 geo.overrides[0].vantage: there is no vantage "usa" (did you mean "us"?)',
    ])
  })
})

/** `all(page, any(port, deep!))`: `!` is critical, `~` observed. */
function print(rule: CheckRule): string {
  if (rule.kind === 'check') return `${rule.check}${rule.critical ? '!' : ''}${rule.observe ? '~' : ''}`
  const word = rule.word === 'at_least' ? `${rule.least}_of` : rule.word
  return `${word}(${rule.of.map(print).join(', ')})`
}

describe('the checks of a service', () => {
  test.each([
    ['[page, port]', 'all(page, port)'],
    ['[]', 'all()'],
    ['{ any: [page, port] }', 'any(page, port)'],
    ['{ all: [page, { any: [port, deep] }] }', 'all(page, any(port, deep))'],
    ['{ at_least: 2, of: [page, port, deep] }', '2_of(page, port, deep)'],
    ['[{ check: page, critical: true }, { check: port, observe: on }]', 'all(page!, port~)'],
    ['{ check: page, critical: on }', 'all(page!)'],
    ['[{ any: [page, port] }]', 'any(page, port)'],
  ])('%s are %s', async (checks, expected) => {
    const { endpoints } = await compile(withHealth('{}', `checks: ${checks}`))
    expect(print(endpoints[0]!.rule)).toBe(expected)
    expect(endpoints[0]!.targets).toHaveLength(new Set(checks.match(/page|port|deep/g)).size)
  })

  test('that only are observed stand in no group', async () => {
    const { health } = await compile(withHealth('{}', 'checks: [{ check: page, observe: on }]'))
    expect(health.rules.groups.groups).toEqual([])
    expect(health.rules.groups.byTarget.size).toBe(4)
  })

  test.each<[string, ...string[]]>([
    ['{ any: [page, prot] }', '8:27 services.web.checks.any[1]: there is no check "prot" (did you mean "port"?)'],
    ['[{ check: pgae }]', '8:23 services.web.checks[0].check: there is no check "pgae" (did you mean "page"?)'],
    [
      '{ at_least: 2, of: [page, { check: port, observe: on }] }',
      '8:25 services.web.checks.at_least: there are only 1 that count: it would never be up',
    ],
    [
      '{ at_least: 2 }',
      '8:13 services.web.checks: "at_least" and "of" stand together (for example { at_least: 2, of: [a, b, c] })',
    ],
    [
      '{ all: [page], any: [port] }',
      '8:13 services.web.checks: has exactly one of "check", "all", "any" and "at_least"',
    ],
    [
      '{ any: [page], critical: on }',
      '8:13 services.web.checks: "critical" and "observe" are said of one check (for example { check: NAME, critical: true })',
    ],
    [
      '[{ check: page, critical: on, observe: on }]',
      '8:14 services.web.checks[0]: a check that never counts cannot be critical (keep "critical" or "observe")',
    ],
    ['[{ chekc: page }]', '8:16 services.web.checks[0]: unknown key "chekc" (did you mean "check"?)'],
    ['{ any: [] }', '8:20 services.web.checks.any: needs at least one entry'],
  ])('%s are refused', async (checks, ...errors) => {
    expect(await errorsOf(withHealth('{}', `checks: ${checks}`))).toEqual(errors)
  })
})

import { type IncomingHttpHeaders, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Verdict } from '@windrose/steering'
import type { FastifyInstance } from 'fastify'
import { CONFIG, openFixture, type ServerFixture } from '../server.fixture.ts'
import { createControlServer } from './control-server.ts'

const TOKEN = 'a-token-of-sixteen-characters-or-more'
const AUTHORIZED = { host: '127.0.0.1:8053', authorization: `Bearer ${TOKEN}` }
const DRAIN = { target: 'fra', action: 'drain', reason: 'kernel update', author: 'alice' }

let server: ServerFixture
let api: FastifyInstance

beforeEach(async () => {
  server = await openFixture()
  api = createControlServer(server, { token: TOKEN, address: '127.0.0.1' })
  await api.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(async () => {
  await api.close()
  await server.close()
})

interface Reply {
  readonly statusCode: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
  // What a test asks of it is what it should be.
  readonly json: () => ReturnType<typeof JSON.parse>
}

/** Over a real socket: `fetch` would not let the Host header be chosen. */
function call(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Reply> {
  const { port } = api.server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, setHost: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const { statusCode = 0, headers: received } = response
        resolve({ statusCode, headers: received, body: text, json: () => JSON.parse(text) })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const get = (path: string, headers: Record<string, string> = { host: 'localhost' }) => call('GET', path, headers)
const post = (path: string, payload?: unknown) =>
  payload === undefined
    ? call('POST', path, AUTHORIZED)
    : call('POST', path, { ...AUTHORIZED, 'content-type': 'application/json' }, JSON.stringify(payload))
const remove = (id: string) => call('DELETE', `/api/v1/overrides/${id}`, AUTHORIZED)

describe('who may call', () => {
  test.each([
    ['localhost', 200],
    ['localhost:8053', 200],
    ['LOCALHOST', 200],
    ['127.0.0.1:8053', 200],
    ['127.9.9.9', 200],
    ['[::1]:8053', 200],
    ['evil.example', 403],
    ['evil.example:8053', 403],
    ['localhost.evil.example', 403],
    ['192.0.2.1', 403],
    ['[::2]', 403],
    ['127.0.0.1.evil.example', 403],
    ['', 403],
  ])('the host %s gets %i', async (host, status) => {
    expect((await get('/api/v1/status', { host })).statusCode).toBe(status)
  })

  test.each([
    ['http://localhost:8053', 200],
    ['http://localhost:9', 403],
    ['https://localhost:8053', 403],
    ['http://evil.example', 403],
    ['null', 403],
  ])('the origin %s gets %i', async (origin, status) => {
    const response = await get('/api/v1/status', { host: 'localhost:8053', origin })
    expect(response.statusCode).toBe(status)
  })

  const changes: [string, string][] = [
    ['POST', '/api/v1/overrides'],
    ['DELETE', '/api/v1/overrides/x'],
    ['POST', '/api/v1/reload'],
    ['PUT', '/api/v1/anything'],
  ]
  test.each(changes)('%s %s needs the token', async (method, url) => {
    for (const authorization of [undefined, 'Bearer wrong', `Basic ${TOKEN}`, TOKEN, `Bearer ${TOKEN}x`]) {
      const headers = { host: 'localhost', ...(authorization === undefined ? {} : { authorization }) }
      const response = await call(method, url, headers)
      expect(response.statusCode).toBe(401)
      expect(response.headers['www-authenticate']).toBe('Bearer')
      expect(response.headers['content-type']).toMatch('application/problem+json')
    }
    expect(await server.store.overrides()).toEqual([])
    expect(server.published).toEqual([])
  })

  test('nothing that is sent is kept by a cache', async () => {
    expect((await get('/api/v1/status')).headers['cache-control']).toBe('no-store')
  })
})

describe('/readyz', () => {
  test('says 503 with what is missing, and 200 when nothing is', async () => {
    server.readiness.waitFor('x', () => 'the moon')
    expect((await get('/readyz')).statusCode).toBe(503)
    expect((await get('/readyz')).json()).toEqual({ ready: false, waitingFor: ['the moon'] })
    server.readiness.done('x')
    expect((await get('/readyz')).statusCode).toBe(200)
    expect((await get('/livez')).json()).toEqual({ alive: true })
  })
})

describe('the status', () => {
  test('tells verdicts, effective and real, with flags, reasons and the override that decides', async () => {
    await server.report('192.0.2.1', Verdict.down)
    const made = await post('/api/v1/overrides', { ...DRAIN, target: 'web/fra/192.0.2.1', action: 'up' })
    const status = (await get('/api/v1/status')).json()
    expect(status.endpoints[0]).toMatchObject({
      id: 'web/fra/192.0.2.1',
      service: 'web',
      site: 'fra',
      target: '192.0.2.1',
      weight: 1,
      verdict: 'up',
      real: 'down',
      flags: ['forced'],
      reason: 'forced up by alice: kernel update',
      realReason: 'as told',
      stabilitySeconds: null,
      override: made.json().override.id,
    })
    expect(status.endpoints[1]).toMatchObject({ verdict: 'unknown', since: null, override: null })
    expect(status.services[0]).toMatchObject({
      name: 'web',
      policy: ['failover'],
      endpoints: { total: 3, up: 1, down: 0, unknown: 2, drained: 0 },
    })
    expect(status.zones).toEqual([{ apex: 'gslb.example.com.', records: 4, steered: 3 }])
    expect(status).toMatchObject({ tokenFile: `${server.directory}/token`, transport: { name: 'none' }, agent: null })
  })

  test('holds the failure of the last reload, with places', async () => {
    server.writeConfig(CONFIG.replace('[tcp]', '[tpc]'))
    await post('/api/v1/reload')
    const { config } = (await get('/api/v1/status')).json()
    expect(config.lastError).toMatchObject({ message: 'the configuration has 1 error' })
    expect(config.lastError.problems).toContainEqual(
      expect.objectContaining({ severity: 'error', file: server.configFile, line: 13 }),
    )
  })
})

describe('an override', () => {
  test('is made, listed, in force at once, and removed', async () => {
    const made = await post('/api/v1/overrides', DRAIN)
    expect(made.statusCode).toBe(201)
    const { override, affected, ttlSeconds } = made.json()
    expect(override).toMatchObject({ target: 'site:fra', kind: 'site', action: 'drain', expiresAt: null })
    expect(affected.services).toEqual(['web', 'plain'])
    expect(affected.endpoints).toEqual(['web/fra/192.0.2.1', 'web/fra/2001:db8::1', 'plain/fra/192.0.2.3'])
    expect(ttlSeconds).toBe(60)
    expect((await get('/api/v1/overrides')).json()).toEqual({ overrides: [override] })
    const drained = async () =>
      (await get('/api/v1/status'))
        .json()
        .endpoints.filter(({ flags }: { flags: string[] }) => flags.includes('drained'))
    expect(await drained()).toHaveLength(3)
    const removed = await remove(override.id)
    expect([removed.statusCode, removed.json().override]).toEqual([200, override])
    expect(await drained()).toEqual([])
    expect(server.lines.map(({ msg }) => msg)).toEqual([
      'override made by alice: drain site:fra: kernel update',
      'override removed: drain site:fra: kernel update',
    ])
  })

  test('replaces the one with the same target', async () => {
    const first = (await post('/api/v1/overrides', DRAIN)).json()
    const second = await post('/api/v1/overrides', { ...DRAIN, target: 'site:fra', action: 'down' })
    expect(second.statusCode).toBe(200)
    expect(second.json().override.id).toBe(first.override.id)
    expect(await server.store.overrides()).toMatchObject([{ action: 'down' }])
  })

  test('ends after the time in "for", or at the one in "expires"', async () => {
    const before = Date.now()
    const { override } = (await post('/api/v1/overrides', { ...DRAIN, for: '2h' })).json()
    const span = Date.parse(override.expiresAt) - before
    expect(span).toBeGreaterThanOrEqual(7_200_000)
    expect(span).toBeLessThan(7_210_000)
    const expires = '2999-01-01T00:00:00+01:00'
    const later = (await post('/api/v1/overrides', { ...DRAIN, target: 'iad', expires })).json()
    expect(later.override.expiresAt).toBe('2998-12-31T23:00:00.000Z')
  })

  test('that is only tried changes nothing', async () => {
    const tried = await post('/api/v1/overrides?dry_run=true', DRAIN)
    expect([tried.statusCode, tried.json().affected.services]).toEqual([200, ['web', 'plain']])
    expect(await server.store.overrides()).toEqual([])
    expect(server.lines).toEqual([])
  })

  test('with a pattern that matches nothing now is made with a warning', async () => {
    const made = await post('/api/v1/overrides', { ...DRAIN, target: 'site:x*' })
    expect([made.statusCode, made.json().warnings]).toEqual([201, ['site:x* matches no endpoint now']])
  })

  test.each([
    [{ ...DRAIN, target: 'frq' }, 'did you mean "fra"?'],
    [{ ...DRAIN, target: 'web/sin' }, 'has no pool at site'],
    [{ ...DRAIN, target: undefined }, 'target is needed'],
    [{ ...DRAIN, action: 'stop' }, 'action must be'],
    [{ ...DRAIN, reason: ' ' }, 'reason is needed'],
    [{ ...DRAIN, author: undefined }, 'author is needed'],
    [{ ...DRAIN, reason: 'x'.repeat(501) }, 'longer than 500'],
    [{ ...DRAIN, for: '2 hours' }, 'for is a duration'],
    [{ ...DRAIN, for: '0s' }, 'for is a duration'],
    [{ ...DRAIN, for: 7200 }, 'for is a duration'],
    [{ ...DRAIN, expires: '2020-01-01T00:00:00Z' }, 'lies in the past'],
    [{ ...DRAIN, expires: 'tomorrow' }, 'expires is a time'],
    [{ ...DRAIN, expires: '2999-01-01T00:00:00' }, 'expires is a time'],
    [{ ...DRAIN, for: '1h', expires: '2999-01-01T00:00:00Z' }, 'either'],
    [{ ...DRAIN, untill: 'x' }, 'unknown field "untill"'],
    [[], 'expected an object'],
  ])('%j is refused with a sentence', async (body, sentence) => {
    const response = await post('/api/v1/overrides', body)
    expect(response.statusCode).toBe(400)
    expect(response.json()).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 })
    expect(response.json().detail).toContain(sentence)
    expect(await server.store.overrides()).toEqual([])
  })

  test('removed that is not there is 404', async () => {
    const response = await remove('nope')
    expect([response.statusCode, response.json().detail]).toEqual([404, 'there is no override nope'])
  })

  test('cannot forge a line where it is shown', async () => {
    const { override } = (await post('/api/v1/overrides', { ...DRAIN, reason: 'a\nb\u001b[31m' })).json()
    expect(override.reason).toBe('a b [31m')
  })
})

describe('a body', () => {
  test('of more than 64 KiB, of another type, or broken is refused with a sentence', async () => {
    const text = (payload: string, type: string) =>
      call('POST', '/api/v1/overrides', { ...AUTHORIZED, 'content-type': type }, payload)
    const large = await text(JSON.stringify({ ...DRAIN, reason: 'x'.repeat(70_000) }), 'application/json')
    expect([large.statusCode, large.json().detail]).toEqual([413, 'the body is larger than 64 KiB'])
    const form = await text('target=fra', 'application/x-www-form-urlencoded')
    expect([form.statusCode, form.json().detail]).toEqual([415, expect.stringContaining('must be JSON')])
    const broken = await text('{', 'application/json')
    expect([broken.statusCode, broken.headers['content-type']]).toEqual([400, expect.stringMatching('problem')])
  })
})

describe('an explanation', () => {
  test('gives the response, the decision in the words of the configuration, and its trace', async () => {
    await server.report('192.0.2.1', Verdict.up)
    const response = await get('/api/v1/explain?name=www.gslb.example.com&client=198.51.100.0/24&resolver=192.0.2.99')
    expect(response.json()).toMatchObject({
      question: { name: 'www.gslb.example.com.', type: 'A', client: '198.51.100.0/24', resolver: '192.0.2.99' },
      place: null,
      response: {
        rcode: 'NOERROR',
        flags: ['qr', 'aa'],
        answers: ['www.gslb.example.com. 15 IN A 192.0.2.1'],
        scope: 0,
      },
      names: [
        {
          owner: 'www.gslb.example.com.',
          kind: 'steered',
          zone: 'gslb.example.com.',
          service: 'web',
          scope: 0,
          decision: {
            variants: [{ share: 1, endpoints: ['web/fra/192.0.2.1'] }],
            ground: 'up',
            ttl: 15,
            validUntil: null,
          },
        },
      ],
    })
    expect(response.json().names[0].decision.trace.length).toBeGreaterThan(5)
  })

  test.each([
    ['', 'name is needed'],
    ['?name=a..b', 'is not a domain name'],
    ['?name=a&type=QQ', 'is not a record type'],
    ['?name=a&client=x', 'is not an address, a prefix or an area'],
    ['?name=a&client=country:XX', 'there is no country "XX"'],
    ['?name=a&client=::&classes=3', 'classes are those of an area'],
    ['?name=a&client=country:DE', 'send this by POST, with the token'],
    ['?name=a&client=country:DE&classes=0', 'is not a whole number from 1 to 1000'],
    ['?name=a&resolver=x', 'is not an address'],
    ['?name=a&name=b', 'more than once'],
    ['?nam=a', 'unknown parameter "nam"'],
  ])('of %s is refused with a sentence', async (query, sentence) => {
    const response = await get(`/api/v1/explain${query}`)
    expect(response.statusCode).toBe(400)
    expect(response.json().detail).toContain(sentence)
  })
})

test('transitions come newest first, or after a sequence number', async () => {
  await server.report('192.0.2.1', Verdict.up)
  await server.report('192.0.2.1', Verdict.down)
  const latest = (await get('/api/v1/transitions?limit=1')).json().transitions
  expect(latest).toMatchObject([
    { sequence: 2, endpoint: 'web/fra/192.0.2.1', from: 'up', to: 'down', reason: 'as told' },
  ])
  expect((await get('/api/v1/transitions?after=1')).json().transitions).toEqual(latest)
  expect((await get('/api/v1/transitions?limit=all')).statusCode).toBe(400)
})

test('a reload answers with the revision, or with the problems', async () => {
  const good = await post('/api/v1/reload')
  expect([good.statusCode, good.json()]).toEqual([
    200,
    expect.objectContaining({ changed: false, restartNeeded: [], warnings: [] }),
  ])
  server.writeConfig('sites: [')
  const bad = await post('/api/v1/reload')
  expect(bad.statusCode).toBe(422)
  expect(bad.json().detail).toMatch(/revision [0-9a-f]{12} goes on serving$/)
  expect(bad.json().problems.length).toBeGreaterThan(0)
})

test('what is not there is a problem, too', async () => {
  const response = await get('/api/v1/nothing')
  expect([response.statusCode, response.json().detail]).toEqual([404, 'there is no GET /api/v1/nothing'])
})

test('a fault of the server is logged, and tells the outside nothing', async () => {
  jest.spyOn(server.transitions, 'latest').mockImplementation(() => {
    throw new Error('secret')
  })
  const response = await get('/api/v1/transitions')
  expect([response.statusCode, response.body.includes('secret')]).toEqual([500, false])
  expect(server.lines).toContainEqual(expect.objectContaining({ level: 50, component: 'control' }))
})

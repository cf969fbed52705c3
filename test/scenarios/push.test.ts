import { readFileSync } from 'node:fs'
import { eventually } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { statusOf } from '../support/status.ts'
import { UdpClient } from '../support/udp-client.ts'
import { LONDON, ZONE } from '../support/zone.ts'

jest.setTimeout(60_000)

const FRA = '192.0.2.10'
const IAD = '198.51.100.10'

describe('endpoints that push', () => {
  let server: TestServer
  let client: UdpClient
  let token: string

  beforeAll(async () => {
    server = await startServer({
      'windrose.yaml': `
sites:
  fra: { at: [50.11, 8.68], country: DE }
  iad: { at: [38.95, -77.45], country: US }
checks:
  heart: { type: push, ttl: 2s }
services:
  web:
    policy: nearest
    checks: [heart]
    ttl: 2s
    pools: { fra: [${FRA}], iad: [${IAD}] }
zones:
  gslb.example: { records: gslb.example.zone, steer: { www: web } }
`,
      'gslb.example.zone': ZONE,
    })
    client = new UdpClient('127.0.0.1', server.port)
    token = readFileSync(new URL(`file://${server.folder}/state/token`), 'utf8').trim()
  })

  afterAll(async () => {
    client.close()
    expect(await server.stop()).toBe(0)
  })

  const push = async (path: string, body: unknown, secret = token): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${server.api}/api/v1/push/${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, text: await response.text() }
  }
  const untilAnswer = (address: string) =>
    eventually(
      async () => (await client.ask({ name: 'www.gslb.example', subnet: LONDON }))?.addresses,
      (addresses) => addresses === address,
    )

  test('are up while they say so, and left when they fall silent', async () => {
    const beat = setInterval(() => void push(`heart/${FRA}`, { status: 'ok' }), 300)
    await push(`heart/${IAD}`, { status: 'ok' })
    await untilAnswer(FRA)
    const iad = setInterval(() => void push(`heart/${IAD}`, { status: 'ok' }), 300)
    clearInterval(beat)
    await untilAnswer(IAD)
    const status = await statusOf(server)
    expect(status.endpoints.find(({ id }) => id.includes(FRA))).toMatchObject({
      verdict: 'down',
      reason: 'no push within 2 s',
    })
    expect(await push(`heart/${FRA}`, { status: 'warning', reason: 'queue\nis long' })).toMatchObject({ status: 204 })
    await untilAnswer(FRA)
    expect((await statusOf(server)).endpoints.find(({ id }) => id.includes(FRA))).toMatchObject({
      flags: ['degraded'],
      reason: 'queue is long',
    })
    await push(`heart/${FRA}`, { status: 'critical', reason: 'disk is full' })
    await untilAnswer(IAD)
    clearInterval(iad)
  })

  test.each([
    ['heart/192.0.2.99', { status: 'ok' }, 404, /no push check heart of an endpoint 192\.0\.2\.99/],
    ['other/192.0.2.10', { status: 'ok' }, 404, /no push check other/],
    [`heart/${FRA}`, { status: 'fine' }, 400, /status is one of ok, warning, critical/],
    [`heart/${FRA}`, { status: 'ok', reason: 7 }, 400, /reason is a text/],
  ])('%s with %j is answered with %d', async (path, body, status, text) => {
    expect(await push(path, body)).toEqual({ status, text: expect.stringMatching(text) })
  })

  test('without the token is refused', async () => {
    expect(await push(`heart/${FRA}`, { status: 'ok' }, 'wrong')).toMatchObject({ status: 401 })
  })
})

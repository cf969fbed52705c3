import type { AddressInfo } from 'node:net'
import { Verdict } from '@windrose/steering'
import type { FastifyInstance } from 'fastify'
import { CONFIG, openFixture, type ServerFixture } from '../server.fixture.ts'
import type { WhatIfRunner } from '../what-if/what-if-task.ts'
import { createControlServer } from './control-server.ts'

jest.setTimeout(60_000)

const TOKEN = 'a-token-of-sixteen-characters-or-more'
const HEADERS = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }

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

async function post(
  path: string,
  payload: object,
  headers: Readonly<Record<string, string>> = HEADERS,
  to: FastifyInstance = api,
): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const { port } = to.server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(payload),
  })
  return { status: response.status, body: await response.json() }
}

/** `SITE SHARE, ...` of a service's /24s. */
function shares(body: ReturnType<typeof JSON.parse>, when: 'before' | 'after', service = 0): string {
  const list: { site: string | null; share: number }[] = body.services[service].ipv4[when]
  return list.map(({ site, share }) => `${site} ${share}`).join(', ')
}

test('a simulation begins with the verdicts and overrides of the moment, and changes nothing', async () => {
  await server.report('192.0.2.1', Verdict.up)
  await server.report('192.0.2.2', Verdict.up)
  const { status, body } = await post('/api/v1/simulate', { kill: ['fra'] })
  expect(status).toBe(200)
  expect(body.before).toMatchObject({ file: server.configFile, verdicts: 'present' })
  expect([shares(body, 'before'), shares(body, 'after')]).toEqual(['fra 1', 'iad 1'])
  await server.report('192.0.2.1', Verdict.down)
  const down = await post('/api/v1/simulate', { set: [{ target: 'web/fra', state: 'up' }] })
  expect([shares(down.body, 'before'), shares(down.body, 'after')]).toEqual(['iad 1', 'fra 1'])
  expect(server.published).toEqual([])
})

test('what an override forces stays, and is named', async () => {
  await server.report('192.0.2.1', Verdict.up)
  await server.report('192.0.2.2', Verdict.up)
  await post('/api/v1/overrides', { target: 'web/fra', action: 'up', reason: 'r', author: 'a' })
  const { body } = await post('/api/v1/simulate', { service: 'web', kill: ['fra'] })
  expect(shares(body, 'after')).toBe('fra 1')
  expect(body.notes).toEqual([expect.stringContaining('web/fra/192.0.2.1, web/fra/2001:db8::1: forced by an override')])
  const drained = await post('/api/v1/simulate', { service: 'plain', drain: ['fra'] })
  expect([shares(drained.body, 'before'), shares(drained.body, 'after')]).toEqual(['fra 1', 'sin 1'])
})

test('a candidate keeps the verdicts of what it shares with the present configuration', async () => {
  await server.report('192.0.2.1', Verdict.down)
  await server.report('192.0.2.2', Verdict.up)
  server.writeConfig(
    CONFIG.replace('failover: [fra, iad]', 'failover: [iad, fra]').replace('fra: [192.0.2.3]', 'fra: [192.0.2.5]'),
  )
  const { body } = await post('/api/v1/simulate', { config: server.configFile })
  expect([shares(body, 'before'), shares(body, 'after')]).toEqual(['iad 1', 'iad 1'])
  expect(body.notes).toEqual(['plain/fra/192.0.2.5: not in the present configuration, so taken to be up'])
  const queries = 'www.gslb.example.com A 192.0.2.0/24\nplain.gslb.example.com A 192.0.2.0/24'
  const replayed = await post('/api/v1/replay', { config: server.configFile, queries })
  expect(replayed.body).toMatchObject({ lines: 2, changed: 1, before: { verdicts: 'present' } })
  expect(replayed.body.names[0].name).toBe('plain.gslb.example.com.')
})

test.each([
  ['/api/v1/simulate', { kill: ['frq'] }, 400, 'did you mean "fra"?'],
  ['/api/v1/simulate', { config: 'relative.yaml' }, 400, 'absolute path'],
  ['/api/v1/simulate', { config: '/nowhere/windrose.yaml' }, 422, 'the configuration has 1 error'],
  ['/api/v1/replay', { config: '/nowhere/windrose.yaml', queries: '' }, 422, 'the configuration has 1 error'],
  ['/api/v1/replay', { queries: '' }, 400, 'config is needed'],
])('%s of %j is refused with %i', async (path, payload, status, detail) => {
  const response = await post(path, payload)
  expect(response.status).toBe(status)
  expect(response.body.detail).toContain(detail)
  if (status === 422)
    expect(response.body.problems[0]).toMatchObject({ severity: 'error', file: '/nowhere/windrose.yaml' })
})

test('they need the token, and take more than other requests', async () => {
  const payload = { queries: `${'# remark\n'.repeat(20_000)}www.gslb.example.com` }
  expect((await post('/api/v1/simulate', payload, { 'content-type': 'application/json' })).status).toBe(401)
  expect((await post('/api/v1/simulate', payload)).body.demand).toMatchObject({ queries: 1 })
  const large = await post('/api/v1/simulate', { queries: '# remark\n'.repeat(4_000_000) })
  expect([large.status, large.body.detail]).toEqual([413, 'the body is larger than 32768 KiB'])
})

test('while there is no answer to be had, that is said', async () => {
  const busy: WhatIfRunner = { run: async () => ({ unavailable: 'another one is being made' }) }
  const other = createControlServer({ ...server, whatIf: busy }, { token: TOKEN, address: '127.0.0.1' })
  await other.listen({ host: '127.0.0.1', port: 0 })
  const { status, body } = await post('/api/v1/simulate', {}, HEADERS, other)
  expect([status, body.detail]).toEqual([503, 'another one is being made'])
  await other.close()
})

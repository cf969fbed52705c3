import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { join } from 'node:path'
import {
  CHECK_DEFAULTS,
  HTTP_DEFAULTS,
  type HttpsCheck,
  makeProbeTarget,
  type ProbeResult,
  type ProbeTarget,
} from '@windrose/health'
import { type Authority, createAuthority } from './certificates.arbitraries.ts'
import { createPatternMatcher } from './pattern-matcher.ts'
import { probe } from './probe.ts'
import { createTrustStore } from './trust-store.ts'

const DAY_MS = 24 * 3600 * 1000
let authority: Authority
let caFile: string
const servers = new Set<Server>()

beforeAll(() => {
  authority = createAuthority()
  caFile = authority.caFile
})
afterEach(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
  servers.clear()
})
afterAll(() => authority.remove())

/** Serves with a certificate, and notes the names that clients asked for by SNI. */
async function serve(
  identity: { key: Buffer; cert: Buffer },
  sni: unknown[] = [],
  address = '127.0.0.1',
): Promise<number> {
  const server = createServer(identity, (request, response) => {
    sni.push((request.socket as { servername?: unknown }).servername)
    response.end('well')
  })
  return listen(server, address)
}

async function listen(server: Server, address = '127.0.0.1'): Promise<number> {
  servers.add(server)
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  return (server.address() as AddressInfo).port
}

function run(
  port: number,
  change: Partial<HttpsCheck> = {},
  target: Partial<ProbeTarget> = {},
  timeMs = Date.now(),
): Promise<ProbeResult> {
  const check: HttpsCheck = {
    ...CHECK_DEFAULTS,
    ...HTTP_DEFAULTS,
    name: 'web',
    type: 'https',
    timeoutMs: 1500,
    headers: {},
    verify: true,
    caFile,
    ...change,
    port,
  }
  const surroundings = {
    now: () => timeMs,
    trust: createTrustStore(),
    patterns: createPatternMatcher(),
    resolveName: async () => ({ address: '127.0.0.1' }),
  }
  const made = makeProbeTarget(target.address ?? '127.0.0.1', target.family ?? 'ipv4', check)
  return probe(made, surroundings, new AbortController().signal)
}

describe('an https check', () => {
  test('takes a certificate that is good for the host, and asks for that host by SNI', async () => {
    const sni: unknown[] = []
    const port = await serve(authority.issue('DNS:www.example.org', 90), sni)
    expect(await run(port, { host: 'www.example.org:8443' })).toMatchObject({
      outcome: 'success',
      reason: 'status 200',
      degraded: false,
    })
    expect(await run(port, { host: 'other.test', serverName: 'www.example.org' })).toMatchObject({ outcome: 'success' })
    expect(await run(port, {}, { address: 'www.example.org', family: 'name' })).toMatchObject({ outcome: 'success' })
    expect(sni).toEqual(['www.example.org', 'www.example.org', 'www.example.org'])
  })

  test('of an address takes a certificate for the address, without SNI', async () => {
    const sni: unknown[] = []
    const identity = authority.issue('IP:127.0.0.1,IP:0:0:0:0:0:0:0:1', 90)
    expect(await run(await serve(identity, sni))).toMatchObject({ outcome: 'success' })
    const six = await serve(identity, sni, '::1')
    expect(await run(six, {}, { address: '::1', family: 'ipv6' })).toMatchObject({ outcome: 'success' })
    expect(sni).toEqual([false, false])
  })

  test('refuses a certificate for other names, and says for which it is', async () => {
    const port = await serve(authority.issue('DNS:a.test,DNS:b.test,IP:192.0.2.1,DNS:c.test,DNS:d.test', 90))
    expect(await run(port, { host: 'www.example.org' })).toMatchObject({
      outcome: 'failure',
      reason: 'certificate is for a.test, b.test, 192.0.2.1 and 2 more, not www.example.org',
    })
    expect(await run(port)).toMatchObject({ reason: expect.stringMatching(/, not 127\.0\.0\.1$/) })
  })

  test('refuses an authority that it does not know, and a certificate that signed itself', async () => {
    const port = await serve(authority.issue('DNS:www.example.org', 90))
    const foreign = { host: 'www.example.org' }
    const strange = await run(port, { ...foreign, caFile: authority.selfSigned('DNS:www.example.org').certFile })
    expect(strange).toMatchObject({
      outcome: 'failure',
      reason: expect.stringMatching(/authority that is not trusted/),
    })
    const own = await serve(authority.selfSigned('DNS:www.example.org'))
    expect(await run(own, foreign)).toMatchObject({ outcome: 'failure', reason: 'certificate is self-signed' })
  })

  test('takes any certificate when told not to verify', async () => {
    const port = await serve(authority.selfSigned('DNS:www.example.org'))
    expect(await run(port, { verify: false })).toMatchObject({ outcome: 'success', degraded: false })
  })

  test('degrades what has fewer than fourteen days left', async () => {
    const port = await serve(authority.issue('DNS:www.example.org', 20))
    const host = 'www.example.org'
    expect(await run(port, { host }, {}, Date.now() + 5 * DAY_MS)).toMatchObject({
      outcome: 'success',
      degraded: false,
    })
    expect(await run(port, { host }, {}, Date.now() + 7 * DAY_MS)).toMatchObject({
      outcome: 'success',
      degraded: true,
      reason: expect.stringMatching(/^status 200; certificate expires on \d{4}-\d\d-\d\d$/),
    })
  })

  test('refuses a certificate that has expired, with the day', async () => {
    const yesterday = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10)
    const port = await serve(authority.issue('DNS:www.example.org', -1))
    expect(await run(port, { host: 'www.example.org' })).toMatchObject({
      outcome: 'failure',
      reason: `certificate expired on ${yesterday}`,
    })
  })

  test('says nothing about the target when its CA file cannot be used', async () => {
    const port = await serve(authority.issue('DNS:www.example.org', 90))
    const host = 'www.example.org'
    expect(await run(port, { host, caFile: '/nowhere/ca.pem' })).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/CA file \/nowhere\/ca\.pem: ENOENT/),
    })
    const empty = join(authority.directory, 'empty.pem')
    writeFileSync(empty, 'nothing')
    expect(await run(port, { host, caFile: empty })).toMatchObject({ outcome: 'inconclusive' })
  })

  test('fails on what speaks no TLS, closes, or hangs in the handshake', async () => {
    const plain = await listen(
      createTcpServer((socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .end('HTTP/1.1 400 Bad\r\n\r\n'),
      ),
    )
    expect(await run(plain)).toMatchObject({ outcome: 'failure', reason: expect.stringMatching(/^TLS failed: /) })
    const closing = await listen(
      createTcpServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end())),
    )
    expect(await run(closing)).toMatchObject({
      outcome: 'failure',
      reason: 'connection closed during the TLS handshake',
    })
    const silent = await listen(createTcpServer((socket) => socket.on('error', () => undefined).resume()))
    expect(await run(silent, { timeoutMs: 100 })).toMatchObject({
      outcome: 'failure',
      reason: 'no TLS handshake within 100 ms',
    })
  })
})

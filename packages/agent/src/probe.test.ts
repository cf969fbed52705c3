import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import {
  CHECK_DEFAULTS,
  HTTP_DEFAULTS,
  type HttpCheck,
  makeProbeTarget,
  type ProbeResult,
  type TcpCheck,
} from '@windrose/health'
import { createPatternMatcher } from './pattern-matcher.ts'
import { probe } from './probe.ts'
import type { ProbeSurroundings } from './probe-surroundings.ts'
import { createTrustStore } from './trust-store.ts'

/** Short enough for a test, long enough for a loaded machine to answer in. */
const TIMEOUT_MS = 250

const surroundings: ProbeSurroundings = {
  now: Date.now,
  trust: createTrustStore(),
  patterns: createPatternMatcher(),
  resolveName: async (name) => {
    if (name === 'nowhere.test') return { failure: 'nowhere.test has no address (NXDOMAIN)' }
    if (name === 'untold.test') return { ownTrouble: 'the agent\u2019s resolver does not answer' }
    if (name === 'slow.test') return new Promise(() => undefined)
    return { address: '127.0.0.1' }
  },
}

const servers = new Set<Server>()
const sockets = new Set<Socket>()
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
  servers.clear()
})

/** Starts a server that the test's end takes down, and gives its port. */
async function listen(server: Server, address = '127.0.0.1'): Promise<number> {
  servers.add(server)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  return (server.address() as AddressInfo).port
}

function serveTcp(onSocket: (socket: Socket) => void, address?: string): Promise<number> {
  const server = createServer((socket) => {
    // Whoever does not read never learns that the other side has gone.
    socket.resume()
    onSocket(socket)
  })
  return listen(server, address)
}

const serveHttp = (onRequest: RequestListener, address?: string) => listen(createHttpServer(onRequest), address)

/** A server that answers every request with these octets, and leaves the connection open. */
const serveOctets = (octets: string) => serveTcp((socket) => socket.once('data', () => socket.write(octets)))

function probeHttp(port: number, change: Partial<HttpCheck> = {}, address = '127.0.0.1'): Promise<ProbeResult> {
  const check = { ...CHECK_DEFAULTS, ...HTTP_DEFAULTS, name: 'web', timeoutMs: TIMEOUT_MS, headers: {}, ...change }
  return run(address, { ...check, type: 'http', port })
}

function probeTcp(port: number, change: Partial<TcpCheck> = {}, address = '127.0.0.1'): Promise<ProbeResult> {
  return run(address, { ...CHECK_DEFAULTS, name: 'port', timeoutMs: TIMEOUT_MS, ...change, type: 'tcp', port })
}

function run(
  address: string,
  check: HttpCheck | TcpCheck,
  signal = new AbortController().signal,
): Promise<ProbeResult> {
  const family = address.endsWith('.test') ? 'name' : address.includes(':') ? 'ipv6' : 'ipv4'
  return probe(makeProbeTarget(address, family, check), surroundings, signal)
}

/** A port on which nobody listens: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  const port = await serveTcp(() => undefined)
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
  return port
}

async function untilNoSockets(): Promise<void> {
  const deadline = Date.now() + 2000
  while (sockets.size > 0) {
    if (Date.now() > deadline) throw new Error(`${sockets.size} connections were left open`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

describe('an http check', () => {
  test('is a success when the status is wanted, on IPv4 and IPv6', async () => {
    const four = await serveHttp((_, response) => response.end('well'), '127.0.3.7')
    expect(await probeHttp(four, {}, '127.0.3.7')).toMatchObject({
      outcome: 'success',
      reason: 'status 200',
      degraded: false,
    })
    const six = await serveHttp((_, response) => response.end('well'), '::1')
    expect(await probeHttp(six, {}, '::1')).toMatchObject({ outcome: 'success' })
  })

  test('asks exactly what the check says, closes the connection, and lets its headers win', async () => {
    const heard: string[] = []
    const port = await serveTcp((socket) =>
      socket.once('data', (octets) => {
        heard.push(octets.toString())
        socket.end('HTTP/1.1 204 No Content\r\n\r\n')
      }),
    )
    const headers = { 'User-Agent': 'somebody', 'X-Key': 'a' }
    const asked = { method: 'HEAD', path: '/h?deep=1', host: 'www.example.org', headers } as const
    expect((await probeHttp(port, asked)).outcome).toBe('success')
    const [line, ...lines] = heard[0]!.trimEnd().split('\r\n')
    expect(line).toBe('HEAD /h?deep=1 HTTP/1.1')
    expect(lines.map((header) => header.toLowerCase()).sort()).toEqual([
      'accept: */*',
      'connection: close',
      'host: www.example.org',
      'user-agent: somebody',
      'x-key: a',
    ])
  })

  test('names the target in the Host header when the check names none', async () => {
    const hosts: (string | undefined)[] = []
    const note: RequestListener = (request, response) => {
      hosts.push(request.headers.host)
      response.end()
    }
    const port = await serveHttp(note)
    await probeHttp(port)
    await probeHttp(port, {}, 'origin.test')
    const six = await serveHttp(note, '::1')
    await probeHttp(six, {}, '::1')
    expect(hosts).toEqual([`127.0.0.1:${port}`, `origin.test:${port}`, `[::1]:${six}`])
  })

  test('opens a connection of its own every time', async () => {
    let connections = 0
    const server = createHttpServer((_, response) => response.end())
    server.on('connection', () => connections++)
    const port = await listen(server)
    await probeHttp(port)
    await probeHttp(port)
    expect(connections).toBe(2)
  })

  test.each([
    [503, [[200, 299]], 'status 503, wanted 200-299'],
    [301, [[200, 299]], 'status 301, wanted 200-299 (redirects are not followed)'],
    [200, [[204, 204], [300, 399]], 'status 200, wanted 204, 300-399'], // biome-ignore format: one row, one case
  ] as const)('with status %i fails where %j is wanted', async (status, expectStatus, reason) => {
    let requests = 0
    const port = await serveHttp((_, response) => {
      requests++
      response.writeHead(status, { location: '/' }).end()
    })
    expect(await probeHttp(port, { expectStatus })).toMatchObject({ outcome: 'failure', reason })
    expect(requests).toBe(1)
  })

  test.each([
    [301, [[200, 200], [301, 302]]], // biome-ignore format: one row, one case
    [999, [[888, 888], [999, 999]]], // biome-ignore format: one row, one case
    [299, [[200, 299]]],
  ] as const)('with status %i succeeds where %j is wanted', async (status, expectStatus) => {
    const port = await serveHttp((_, response) => response.writeHead(status).end())
    expect(await probeHttp(port, { expectStatus })).toMatchObject({ outcome: 'success', reason: `status ${status}` })
  })

  test('finds the expected text across pieces of the body, and only within its limit', async () => {
    const port = await serveHttp((_, response) => {
      response.write('all is w')
      setTimeout(() => response.end('éll'), 10)
    })
    const expectBody = 'wéll'
    expect(await probeHttp(port, { expectBody })).toMatchObject({ outcome: 'success' })
    expect(await probeHttp(port, { expectBody, bodyLimit: 10 })).toMatchObject({
      outcome: 'failure',
      reason: 'status 200, but the body lacks the expected text',
    })
    expect(await probeHttp(port, { expectBody, bodyLimit: 12 })).toMatchObject({ outcome: 'success' })
  })

  test('reads no more of an endless body than its limit, and hangs up', async () => {
    const port = await serveHttp((_, response) => {
      const write = () => {
        while (response.write('x'.repeat(16_384)));
        response.once('drain', write)
      }
      write()
    })
    expect(await probeHttp(port)).toMatchObject({ outcome: 'success' })
    expect(await probeHttp(port, { expectBody: 'y' })).toMatchObject({ outcome: 'failure' })
    await untilNoSockets()
  })

  test.each<[string, () => Promise<number>, string]>([
    ['that nobody serves', closedPort, 'connection refused'],
    ['that accepts and says nothing', () => serveTcp(() => undefined), 'no answer within 250 ms'],
    ['that closes', () => serveTcp((s) => s.once('data', () => s.end())), 'connection closed before a response'],
    ['that closes at once', () => serveTcp((s) => s.end()), 'connection closed before a response'],
    ['that resets', () => serveTcp((s) => s.once('data', () => s.resetAndDestroy())), 'connection reset'],
    ['that speaks another protocol', () => serveOctets('220 mail.example.org ESMTP\r\n'), 'not an HTTP response'],
    [
      'with endless headers',
      () => serveOctets(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`),
      'response headers too large',
    ],
    [
      'with a broken chunk',
      () => serveOctets('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
      'malformed HTTP response (invalid chunk size)',
    ],
    [
      'that stops in the middle',
      () => serveTcp((s) => s.once('data', () => s.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'))),
      'connection closed before the response was complete',
    ],
    [
      'that stalls in the middle',
      () => serveOctets('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
      'response not complete within 250 ms',
    ],
    [
      'that switches protocols unasked',
      () => serveOctets('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      'status 101, wanted 200-299',
    ],
  ])('of a server %s fails', async (_, start, reason) => {
    expect(await probeHttp(await start())).toMatchObject({ outcome: 'failure', reason })
    await untilNoSockets()
  })

  test('is not kept waiting by octets that come one by one past the deadline', async () => {
    const port = await serveTcp((socket) => {
      const text = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'
      let sent = 0
      const drip = setInterval(() => socket.write(text[sent++] ?? ''), 20)
      socket.on('close', () => clearInterval(drip))
    })
    const result = await probeHttp(port, { timeoutMs: 100 })
    expect(result).toMatchObject({ outcome: 'failure', reason: 'no answer within 100 ms' })
    expect(result.durationMs).toBeGreaterThanOrEqual(95)
    expect(result.durationMs).toBeLessThan(400)
    await untilNoSockets()
  })

  test('ignores an answer that comes after the deadline', async () => {
    let answered = false
    const port = await serveHttp((_, response) => {
      setTimeout(() => {
        answered = true
        response.end()
      }, 60)
    })
    expect(await probeHttp(port, { timeoutMs: 30 })).toMatchObject({ outcome: 'failure' })
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(answered).toBe(true)
  })

  test('that cannot even be sent says nothing about the target', async () => {
    const port = await serveHttp((_, response) => response.end())
    expect(await probeHttp(port, { path: '/a b' })).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/^the request cannot be made: /),
    })
  })

  test('ends when it is told to, whatever the server does', async () => {
    const port = await serveTcp(() => undefined)
    const abort = new AbortController()
    const check: HttpCheck = {
      ...CHECK_DEFAULTS,
      ...HTTP_DEFAULTS,
      name: 'web',
      type: 'http',
      timeoutMs: 9000,
      headers: {},
      port,
    }
    const running = run('127.0.0.1', check, abort.signal)
    setTimeout(() => abort.abort(), 20)
    expect(await running).toMatchObject({ outcome: 'inconclusive', reason: 'the agent stops' })
    await untilNoSockets()
    expect(await run('127.0.0.1', check, abort.signal)).toMatchObject({ outcome: 'inconclusive' })
  })
})

describe('a tcp check', () => {
  test('is a success when the connection stands, on IPv4 and IPv6', async () => {
    const connected = { outcome: 'success', reason: 'connected' }
    expect(await probeTcp(await serveTcp(() => undefined))).toMatchObject(connected)
    expect(await probeTcp(await serveTcp(() => undefined, '::1'), {}, '::1')).toMatchObject(connected)
    await untilNoSockets()
  })

  test('probes exactly its address', async () => {
    const port = await serveTcp(() => undefined, '127.0.3.8')
    expect(await probeTcp(port, {}, '127.0.3.8')).toMatchObject({ outcome: 'success' })
    expect(await probeTcp(port, {}, '127.0.3.9')).toMatchObject({ outcome: 'failure', reason: 'connection refused' })
  })

  test('sends what it should, to the last octet, also when nothing is expected', async () => {
    const send = 'x'.repeat(300_000)
    const heard = new Promise<number>((resolve) => {
      void serveTcp((socket) => {
        let length = 0
        socket.on('data', (octets) => {
          length += octets.length
        })
        socket.on('close', () => resolve(length))
      }).then((port) => probeTcp(port, { send }))
    })
    expect(await heard).toBe(send.length)
  })

  test('finds the expected text in the answer to what it sent, wherever the pieces part', async () => {
    const port = await serveTcp((socket) =>
      socket.once('data', (octets) => {
        socket.write(`+${octets.toString()}-PO`)
        setTimeout(() => socket.write('NG\r\n'), 10)
      }),
    )
    expect(await probeTcp(port, { send: 'PING', expect: 'PING-PONG' })).toMatchObject({
      outcome: 'success',
      reason: 'answered as expected',
    })
    await untilNoSockets()
  })

  test.each<[string, () => Promise<number>, string]>([
    ['says nothing', () => serveTcp(() => undefined), 'no answer within 250 ms'],
    ['says something else', () => serveTcp((s) => s.write('-ERR')), 'the expected text did not arrive within 250 ms'],
    ['closes', () => serveTcp((s) => s.end()), 'connection closed before an answer'],
    ['closes too early', () => serveTcp((s) => s.end('+PO')), 'connection closed before the expected text'],
    ['resets', () => serveTcp((s) => s.resetAndDestroy()), 'connection reset'],
    [
      'says far too much',
      () => serveTcp((s) => s.write('x'.repeat(1_000_000))),
      'the expected text is not in the first 65536 octets',
    ],
  ])('fails where the server %s', async (_, start, reason) => {
    expect(await probeTcp(await start(), { expect: 'PONG' })).toMatchObject({ outcome: 'failure', reason })
    await untilNoSockets()
  })

  test('of a name that has no address fails; a resolver that is away is the agent\u2019s own trouble', async () => {
    const port = await serveTcp(() => undefined)
    expect(await probeTcp(port, {}, 'origin.test')).toMatchObject({ outcome: 'success' })
    expect(await probeTcp(port, {}, 'nowhere.test')).toMatchObject({
      outcome: 'failure',
      reason: 'nowhere.test has no address (NXDOMAIN)',
    })
    expect(await probeTcp(port, {}, 'untold.test')).toMatchObject({ outcome: 'inconclusive' })
    expect(await probeTcp(port, { timeoutMs: 30 }, 'slow.test')).toMatchObject({
      outcome: 'failure',
      reason: 'no address for slow.test within 30 ms',
    })
  })

  test('sees a server that was well die', async () => {
    const port = await serveTcp(() => undefined)
    expect(await probeTcp(port)).toMatchObject({ outcome: 'success' })
    await untilNoSockets()
    for (const server of servers) await new Promise((resolve) => server.close(resolve))
    expect(await probeTcp(port)).toMatchObject({ outcome: 'failure', reason: 'connection refused' })
  })
})

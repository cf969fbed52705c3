import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createHttp2Server, createSecureServer, type Http2ServerRequest } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { type Authority, createAuthority } from './certificates.arbitraries.ts'
import { runProbe, useServers } from './served.arbitraries.ts'

const { listen, serve, untilNoSockets } = useServers()
let authority: Authority
beforeAll(() => {
  authority = createAuthority()
})
afterAll(() => authority.remove())

const serveHttp = (onRequest: RequestListener) => listen(createServer(onRequest))
const good = { outcome: 'success', degraded: false }

interface Heard {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Answers `ok` and notes what was asked. */
function noting(heard: Heard[]) {
  return (request: IncomingMessage | Http2ServerRequest, answer: () => void) => {
    let body = ''
    request.on('data', (octets: Buffer) => {
      body += octets.toString()
    })
    request.on('end', () => {
      heard.push({ method: request.method, url: request.url, headers: request.headers, body })
      answer()
    })
  }
}

/** The same server over the four ways to speak HTTP; gives what goes into the check. */
async function serveEachWay(heard: Heard[]) {
  const identity = authority.issue('DNS:www.test')
  const note = noting(heard)
  const plain = (server: Server) => listen(server)
  const tls = { caFile: authority.caFile, verify: true, host: 'www.test' }
  return [
    { type: 'http', port: await plain(createServer((q, s) => note(q, () => s.end('ok')))) },
    { type: 'https', port: await plain(createHttpsServer(identity, (q, s) => note(q, () => s.end('ok')))), ...tls },
    { type: 'http', version: '2', port: await plain(createHttp2Server((q, s) => note(q, () => s.end('ok')))) },
    {
      type: 'https',
      version: '2',
      port: await plain(createSecureServer(identity, (q, s) => note(q, () => s.end('ok')))),
      ...tls,
    },
  ] as const
}

describe('an http check', () => {
  test('asks the same over HTTP/1.1 and HTTP/2, with and without TLS', async () => {
    const heard: Heard[] = []
    const request = { method: 'PUT', path: '/x?y', headers: { 'X-Key': 'a' }, body: 'wéll' }
    for (const way of await serveEachWay(heard)) {
      expect(await runProbe({ ...request, expectBody: 'ok', ...way })).toMatchObject({ ...good, reason: 'status 200' })
    }
    expect(heard).toHaveLength(4)
    for (const { method, url, headers, body } of heard) {
      expect([method, url, headers['x-key'], body]).toEqual(['PUT', '/x?y', 'a', 'wéll'])
      expect(headers['user-agent']).toBe('windrose-agent')
    }
    expect(heard.map(({ headers }) => headers.host ?? headers[':authority'])).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      'www.test',
      expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      'www.test',
    ])
    await untilNoSockets()
  })

  test('of version 2 fails where the server has no HTTP/2', async () => {
    const identity = authority.issue('DNS:www.test')
    const tls = { type: 'https', version: '2', caFile: authority.caFile, verify: true, host: 'www.test' } as const
    const withoutAlpn = await listen(createHttpsServer(identity, (_, response) => response.end()))
    expect(await runProbe({ ...tls, port: withoutAlpn })).toMatchObject({
      outcome: 'failure',
      reason: expect.stringMatching(/^the server does not offer h2 by ALPN$|^TLS failed: .*no application protocol$/),
    })
    const plain = await serve((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
    expect(await runProbe({ type: 'http', version: '2', port: plain })).toMatchObject({
      outcome: 'failure',
      reason: 'not an HTTP/2 answer',
    })
    await untilNoSockets()
  })

  test('of version 2 fails where the server hangs up', async () => {
    const port = await serve((socket) => socket.end())
    expect(await runProbe({ type: 'http', version: '2', port })).toMatchObject({
      outcome: 'failure',
      reason: 'connection closed before the response was complete',
    })
  })

  test('of version 2 fails on a stream that is reset, a response that is cut off, and one that never comes', async () => {
    const server = createHttp2Server()
    server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined)
      if (headers[':path'] === '/reset') stream.close(2)
      if (headers[':path'] === '/half') {
        stream.respond({ ':status': 200 })
        stream.write('half')
        setTimeout(() => stream.session?.destroy(), 20)
      }
    })
    const port = await listen(server)
    const ask = (path: string) => runProbe({ type: 'http', version: '2', port, path, timeoutMs: 300 })
    expect(await ask('/reset')).toMatchObject({ reason: 'the server broke off (NGHTTP2_INTERNAL_ERROR)' })
    expect(await ask('/half')).toMatchObject({ reason: 'connection closed before the response was complete' })
    expect(await ask('/silent')).toMatchObject({ outcome: 'failure', reason: 'no answer within 300 ms' })
    await untilNoSockets()
  })

  test('that cannot be made says nothing about the target, over HTTP/2 as well', async () => {
    const port = await listen(createHttp2Server((_, response) => response.end()))
    expect(await runProbe({ type: 'http', version: '2', port, headers: { Connection: 'upgrade' } })).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/^the request cannot be made: /),
    })
    await untilNoSockets()
  })
})

describe('what an http check expects', () => {
  const answer: RequestListener = (_, response) => {
    response.setHeader('X-Mode', 'live')
    response.setHeader('Set-Cookie', ['a=1', 'b=2'])
    response.end('{"state": "ready"}\n')
  }

  test.each([
    [{ expectBodyMatches: '"state":\\s*"(ready|fine)"' }, undefined],
    [{ expectBodyMatches: '^ready' }, 'status 200, but the body does not match'],
    [{ expectBodyMatches: 'state', bodyLimit: 3 }, 'status 200, but the body does not match'],
    [{ expectHeaders: [{ name: 'x-MODE', equals: 'live' }] }, undefined],
    [{ expectHeaders: [{ name: 'X-Mode', equals: 'liv' }] }, 'status 200, but the header X-Mode is not as expected'],
    [{ expectHeaders: [{ name: 'X-Mode', matches: '^l' }] }, undefined],
    [{ expectHeaders: [{ name: 'X-Mode', matches: '^x' }] }, 'status 200, but the header X-Mode does not match'],
    [{ expectHeaders: [{ name: 'Set-Cookie', matches: 'b=2' }] }, undefined],
    [{ expectHeaders: [{ name: 'X-Mode' }] }, undefined],
    [{ expectHeaders: [{ name: 'X-None' }] }, 'status 200, but the header X-None is missing'],
    [{ expectHeaders: [{ name: 'X-None', absent: true }] }, undefined],
    [{ expectHeaders: [{ name: 'X-Mode', absent: true }] }, 'status 200, but the header X-Mode is there'],
  ] as const)('%j is judged: %s', async (expectation, reason) => {
    const port = await serveHttp(answer)
    expect(await runProbe({ type: 'http', port, ...expectation })).toMatchObject(
      reason === undefined ? good : { outcome: 'failure', reason },
    )
  })

  test('may be a pattern that never ends on a body: the agent goes on, and says nothing about the target', async () => {
    const port = await serveHttp((_, response) => response.end('a'.repeat(50)))
    const startedAt = performance.now()
    let turns = 0
    const turning = setInterval(() => turns++, 10)
    const result = await runProbe({ type: 'http', port, expectBodyMatches: '^(a+)+$b', timeoutMs: 5000 })
    clearInterval(turning)
    expect(result).toMatchObject({
      outcome: 'inconclusive',
      reason: 'the pattern for the body takes too long to try',
    })
    expect(performance.now() - startedAt).toBeLessThan(4000)
    expect(turns).toBeGreaterThan(5)
  })

  test('may degrade by a status, which is then a good one, and by slowness', async () => {
    const port = await serveHttp((request, response) => {
      response.statusCode = Number(request.url?.slice(1))
      setTimeout(() => response.end(), 60)
    })
    const ask = (path: string, more = {}) =>
      runProbe({ type: 'http', port, path, degradedStatus: [[429, 429]], ...more })
    expect(await ask('/200')).toMatchObject({ ...good, reason: 'status 200' })
    expect(await ask('/429')).toMatchObject({ outcome: 'success', degraded: true, reason: 'status 429' })
    expect(await ask('/430')).toMatchObject({ outcome: 'failure', reason: 'status 430, wanted 200-299, 429' })
    expect(await ask('/200', { slowerThanMs: 30 })).toMatchObject({
      outcome: 'success',
      degraded: true,
      reason: 'status 200; slower than 30 ms',
    })
    expect(await ask('/500', { slowerThanMs: 30 })).toMatchObject({ outcome: 'failure', degraded: false })
    expect(await ask('/200', { slowerThanMs: 900 })).toMatchObject(good)
  })
})

describe('redirects', () => {
  test('are followed so many times, each on a connection of its own, by either version', async () => {
    for (const version of ['1.1', '2'] as const) {
      const paths: string[] = []
      let connections = 0
      const onRequest: RequestListener = (request, response) => {
        paths.push(request.url ?? '')
        const step = Number(request.url?.slice(1))
        if (step < 3) response.writeHead(302, { location: `${step + 1}` }).end('moved')
        else response.end('there')
      }
      const server = version === '2' ? createHttp2Server(onRequest as never) : createServer(onRequest)
      server.on('connection', () => connections++)
      const port = await listen(server)
      const check = { type: 'http', port, path: '/0', ...(version === '2' ? { version } : {}) } as const
      expect(await runProbe({ ...check, redirects: 3, expectBody: 'there' })).toMatchObject(good)
      expect(paths).toEqual(['/0', '/1', '/2', '/3'])
      expect(connections).toBe(4)
      expect(await runProbe({ ...check, redirects: 2 })).toMatchObject({
        outcome: 'failure',
        reason: 'status 302, wanted 200-299 (more than 2 redirects)',
      })
      await untilNoSockets()
    }
  })

  test('end with a status that is wanted', async () => {
    const port = await serveHttp((_, response) => response.writeHead(302, { location: '/next' }).end())
    expect(await runProbe({ type: 'http', port, redirects: 5, expectStatus: [[302, 302]] })).toMatchObject({
      ...good,
      reason: 'status 302',
    })
  })

  test('go to the probed address whatever they name, without the credentials where it is another host', async () => {
    const heard: Heard[] = []
    const note = noting(heard)
    const port = await serveHttp((request, response) =>
      note(request, () => {
        if (request.url === '/') response.writeHead(307, { location: `http://other.example:${port}/in?a=1` }).end()
        else response.end('in')
      }),
    )
    const passwordFile = join(authority.directory, 'password')
    writeFileSync(passwordFile, 'secret\n')
    const auth = { scheme: 'basic', user: 'probe', passwordFile } as const
    expect(await runProbe({ type: 'http', port, redirects: 1, method: 'POST', body: 'x', auth })).toMatchObject(good)
    expect(heard.map(({ method, url, body, headers }) => [method, url, body, headers.host])).toEqual([
      ['POST', '/', 'x', `127.0.0.1:${port}`],
      ['POST', '/in?a=1', 'x', `other.example:${port}`],
    ])
    expect(heard.map(({ headers }) => headers.authorization)).toEqual([
      `Basic ${Buffer.from('probe:secret').toString('base64')}`,
      undefined,
    ])
  })

  test.each([
    ['https://www.example.org/', 'the redirect leads to https and is not followed'],
    ['http://www.example.org:81/', 'the redirect leads to port 81 and is not followed'],
    ['http://www.example.org/', 'the redirect leads to port 80 and is not followed'],
    ['http://[', 'the redirect cannot be read'],
  ])('to %s fail', async (location, why) => {
    const port = await serveHttp((_, response) => response.writeHead(301, { location }).end())
    expect(await runProbe({ type: 'http', port, redirects: 1 })).toMatchObject({
      outcome: 'failure',
      reason: `status 301, wanted 200-299 (${why})`,
    })
  })

  test('turn a POST into a GET with 303', async () => {
    const heard: Heard[] = []
    const note = noting(heard)
    const port = await serveHttp((request, response) =>
      note(request, () => {
        if (request.url === '/') response.writeHead(303, { location: '/done' }).end()
        else response.end()
      }),
    )
    expect(await runProbe({ type: 'http', port, redirects: 1, method: 'POST', body: 'x' })).toMatchObject(good)
    expect(heard.map(({ method, body }) => [method, body])).toEqual([
      ['POST', 'x'],
      ['GET', ''],
    ])
  })

  test('in a circle end with their number, and within the timeout', async () => {
    const port = await serveHttp((_, response) => response.writeHead(302, { location: '/' }).end())
    expect(await runProbe({ type: 'http', port, redirects: 10 })).toMatchObject({ outcome: 'failure' })
    await untilNoSockets()
  })
})

describe('credentials', () => {
  test('come from a file, anew for every probe', async () => {
    const heard: (string | undefined)[] = []
    const port = await serveHttp((request, response) => {
      heard.push(request.headers.authorization)
      response.end()
    })
    const tokenFile = join(authority.directory, 'token')
    const auth = { scheme: 'bearer', tokenFile } as const
    writeFileSync(tokenFile, 'first\n')
    await runProbe({ type: 'http', port, auth })
    writeFileSync(tokenFile, 'second')
    await runProbe({ type: 'http', port, auth })
    expect(heard).toEqual(['Bearer first', 'Bearer second'])
  })

  test('that cannot be read say nothing about the target', async () => {
    const port = await serveHttp((_, response) => response.end())
    const ask = (tokenFile: string) => runProbe({ type: 'http', port, auth: { scheme: 'bearer', tokenFile } })
    expect(await ask('/nowhere/token')).toMatchObject({
      outcome: 'inconclusive',
      reason: 'the agent cannot read the secret in /nowhere/token: ENOENT',
    })
    const empty = join(authority.directory, 'empty')
    writeFileSync(empty, '\n')
    expect(await ask(empty)).toMatchObject({
      outcome: 'inconclusive',
      reason: `the agent cannot use the secret in ${empty}: it is empty`,
    })
  })
})

describe('the source address', () => {
  test('is where the connection comes from', async () => {
    const seen: (string | undefined)[] = []
    const port = await serve((socket) => {
      seen.push(socket.remoteAddress)
    })
    expect(await runProbe({ type: 'tcp', port, sourceAddress: '127.0.9.9' })).toMatchObject(good)
    expect(seen).toEqual(['127.0.9.9'])
  })

  test('of the other family, or that is not there, is the agent\u2019s own trouble', async () => {
    const port = await serve(() => undefined)
    expect(await runProbe({ type: 'tcp', port, sourceAddress: '::1' })).toMatchObject({
      outcome: 'inconclusive',
      reason: 'the source address ::1 cannot reach an IPv4 address',
    })
    expect(await runProbe({ type: 'tcp', port, sourceAddress: '192.0.2.1' })).toMatchObject({
      outcome: 'inconclusive',
      reason: 'the agent has no local address or port for the connection',
    })
  })
})

import { createSecureServer, createServer, type ServerHttp2Stream } from 'node:http2'
import fc from 'fast-check'
import { type Authority, createAuthority } from './certificates.arbitraries.ts'
import { composeHealthRequest, parseHealthResponse } from './grpc-health.ts'
import { runProbe, useServers } from './served.arbitraries.ts'

const { listen, serve, untilNoSockets } = useServers()
let authority: Authority
beforeAll(() => {
  authority = createAuthority()
})
afterAll(() => authority.remove())

const frame = (message: number[]) => Buffer.from([0, 0, 0, 0, message.length, ...message])

interface Health {
  readonly asked: (string | undefined)[][]
  readonly onStream: (stream: ServerHttp2Stream, headers: Record<string, unknown>) => void
}

/** A health service as gRPC servers have it; services are known by name with their status. */
function healthService(statuses: Readonly<Record<string, number>>): Health {
  const asked: (string | undefined)[][] = []
  return {
    asked,
    onStream: (stream, headers) => {
      stream.on('error', () => undefined)
      let body = Buffer.alloc(0)
      stream.on('data', (octets: Buffer) => {
        body = Buffer.concat([body, octets])
      })
      stream.on('end', () => {
        const service = body.toString('utf8', 7)
        asked.push([
          headers[':path'],
          headers['content-type'],
          headers['te'],
          headers[':authority'],
          service,
        ] as string[])
        const status = statuses[service]
        if (status === undefined) {
          stream.respond({ 'content-type': 'application/grpc', 'grpc-status': '5' }, { endStream: true })
          return
        }
        stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.end(frame(status === 0 ? [] : [8, status]))
      })
    },
  }
}

describe('a grpc check', () => {
  test('sends metadata, and leaves what the protocol needs as it is', async () => {
    const heard: Record<string, unknown>[] = []
    const health = healthService({ '': 1 })
    const server = createServer()
    server.on('stream', (stream, headers) => {
      heard.push(headers)
      health.onStream(stream, headers)
    })
    const headers = { 'X-Tenant': 'probe', 'user-agent': 'mine', 'Content-Type': 'text/plain' }
    const check = { type: 'grpc', port: await listen(server), service: '', headers } as const
    expect(await runProbe(check)).toMatchObject({ outcome: 'success' })
    expect(heard[0]).toMatchObject({
      'x-tenant': 'probe',
      'user-agent': 'mine',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
  })

  test('is a success when the service is serving, and asks as the protocol has it', async () => {
    const health = healthService({ '': 1, 'api.Search': 1 })
    const server = createServer()
    server.on('stream', health.onStream)
    const port = await listen(server)
    expect(await runProbe({ type: 'grpc', port, service: '' })).toMatchObject({ outcome: 'success', reason: 'SERVING' })
    expect(await runProbe({ type: 'grpc', port, service: 'api.Search', host: 'api.test' })).toMatchObject({
      outcome: 'success',
    })
    const common = ['/grpc.health.v1.Health/Check', 'application/grpc', 'trailers']
    expect(health.asked).toEqual([
      [...common, `127.0.0.1:${port}`, ''],
      [...common, 'api.test', 'api.Search'],
    ])
    await untilNoSockets()
  })

  test('speaks TLS with h2, and tells of a certificate that expires', async () => {
    const server = createSecureServer(authority.issue('DNS:api.test', 90))
    server.on('stream', healthService({ '': 1 }).onStream)
    const port = await listen(server)
    const tls = { verify: true, caFile: authority.caFile }
    const check = { type: 'grpc', port, service: '', host: 'api.test' } as const
    expect(await runProbe({ ...check, tls })).toMatchObject({ outcome: 'success', degraded: false })
    expect(await runProbe({ ...check, tls: { ...tls, minDaysLeft: 100 } })).toMatchObject({
      degraded: true,
      reason: expect.stringMatching(/^SERVING; certificate expires on/),
    })
    expect(await runProbe({ ...check, host: 'x.test', tls })).toMatchObject({
      reason: 'certificate is for api.test, not x.test',
    })
    await untilNoSockets()
  })

  test.each([
    ['unknown', 0, 'UNKNOWN'],
    ['draining', 2, 'NOT_SERVING'],
    ['strange', 9, 'serving status 9'],
    ['nobody', undefined, 'gRPC status NOT_FOUND'],
  ])('of a service that is %s fails', async (service, status, reason) => {
    const server = createServer()
    server.on('stream', healthService(status === undefined ? {} : { [service]: status }).onStream)
    const port = await listen(server)
    expect(await runProbe({ type: 'grpc', port, service })).toMatchObject({ outcome: 'failure', reason })
    await untilNoSockets()
  })

  test.each<[string, (stream: ServerHttp2Stream) => void, string]>([
    [
      'that is a web server',
      (stream) => stream.respond({ ':status': 404 }, { endStream: true }),
      'status 404, wanted 200',
    ],
    ['that says no gRPC status', (stream) => stream.respond({}, { endStream: true }), 'not a gRPC answer'],
    [
      'that answers something else',
      (stream) => {
        stream.respond({ 'grpc-status': '0' })
        stream.end('garbage')
      },
      'not a health response',
    ],
    [
      'that answers without end',
      (stream) => {
        stream.respond({ 'grpc-status': '0' })
        stream.write(Buffer.alloc(100_000))
      },
      'not a health response',
    ],
    ['that resets the stream', (stream) => stream.close(7), 'the server broke off (NGHTTP2_REFUSED_STREAM)'],
    [
      'that breaks off',
      (stream) => {
        stream.respond({ 'grpc-status': '0' })
        stream.write(frame([8, 1]))
        setTimeout(() => stream.session?.destroy(), 20)
      },
      'connection closed before the response was complete',
    ],
  ])('of a server %s fails', async (_, answer, reason) => {
    const server = createServer()
    server.on('stream', (stream) => {
      stream.on('error', () => undefined)
      answer(stream)
    })
    const port = await listen(server)
    expect(await runProbe({ type: 'grpc', port, service: '' })).toMatchObject({ outcome: 'failure', reason })
    await untilNoSockets()
  })

  test('of a server that speaks no HTTP/2 fails', async () => {
    const port = await serve((socket) => socket.once('data', () => socket.write('-ERR unknown command\r\n')))
    expect(await runProbe({ type: 'grpc', port, service: '' })).toMatchObject({
      outcome: 'failure',
      reason: 'not an HTTP/2 answer',
    })
    await untilNoSockets()
  })
})

describe('a health message', () => {
  test('says the service in field 1, whatever its length', () => {
    expect(composeHealthRequest('').toString('hex')).toBe('0000000000')
    expect(composeHealthRequest('ab').toString('hex')).toBe('00000000040a026162')
    const long = composeHealthRequest('x'.repeat(300))
    expect(long.subarray(0, 8).toString('hex')).toBe('000000012f0aac02')
  })

  test('of any service is one frame of its length, with the name at its end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }), (service) => {
        const request = composeHealthRequest(service)
        expect(request.readUInt32BE(1)).toBe(request.length - 5)
        expect(request.subarray(request.length - Buffer.byteLength(service)).toString()).toBe(service)
      }),
    )
  })

  test.each([
    ['', 0],
    ['0801', 1],
    ['0802', 2],
    ['12026869' + '0801', 1],
    ['0d00000000' + '11' + '0000000000000000' + '0803', 3],
    ['0801' + '0802', 2],
    ['08', undefined],
    ['0a05', undefined],
    ['0b', undefined],
    ['ffffffffffff', undefined],
  ])('of octets "%s" is %s', (hex, status) => {
    expect(parseHealthResponse(frame([...Buffer.from(hex, 'hex')]))).toBe(status)
  })

  test('whatever the octets gives a number or nothing, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
        const status = parseHealthResponse(frame([...octets]))
        expect(status === undefined || Number.isSafeInteger(status)).toBe(true)
        parseHealthResponse(Buffer.from(octets))
      }),
    )
  })
})

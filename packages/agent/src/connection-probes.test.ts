import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer, type TlsOptions as ServerTlsOptions } from 'node:tls'
import { type Authority, createAuthority, type Identity } from './certificates.arbitraries.ts'
import { runProbe, useServers } from './served.arbitraries.ts'

const { listen, serve, untilNoSockets } = useServers()
let authority: Authority
let identity: Identity
beforeAll(() => {
  authority = createAuthority()
  identity = authority.issue('DNS:www.test,IP:127.0.0.1')
})
afterAll(() => authority.remove())

const good = { outcome: 'success', degraded: false }
const serveTls = (options: ServerTlsOptions = {}, say = '') =>
  listen(
    createTlsServer({ ...identity, ...options }, (socket) => {
      socket.on('error', () => undefined).resume()
      if (say !== '') socket.write(say)
    }),
  )
const tlsCheck = (change: object) =>
  ({ type: 'tls', verify: true, caFile: authority.caFile, ...change }) as Parameters<typeof runProbe<'tls'>>[0]

describe('a tls check', () => {
  test('is a success with a handshake and a good certificate', async () => {
    const port = await serveTls()
    expect(await runProbe(tlsCheck({ port }))).toMatchObject({ ...good, reason: 'TLS handshake completed' })
    expect(await runProbe(tlsCheck({ port }), 'www.test')).toMatchObject(good)
    await untilNoSockets()
  })

  test('fails with a certificate for others, or from others, unless it is told not to verify', async () => {
    const port = await serveTls()
    expect(await runProbe(tlsCheck({ port, serverName: 'other.test' }))).toMatchObject({
      outcome: 'failure',
      reason: 'certificate is for www.test, 127.0.0.1, not other.test',
    })
    expect(await runProbe({ type: 'tls', port, verify: true })).toMatchObject({
      outcome: 'failure',
      reason: expect.stringMatching(/^certificate is from an authority that is not trusted/),
    })
    expect(await runProbe({ type: 'tls', port, verify: false })).toMatchObject(good)
    await untilNoSockets()
  })

  test('is degraded when fewer days than wanted are left', async () => {
    const port = await serveTls()
    expect(await runProbe(tlsCheck({ port, minDaysLeft: 60 }))).toMatchObject(good)
    expect(await runProbe(tlsCheck({ port, minDaysLeft: 120 }))).toMatchObject({
      outcome: 'success',
      degraded: true,
      reason: expect.stringMatching(/^TLS handshake completed; certificate expires on \d{4}-\d\d-\d\d$/),
    })
    const short = await listen(createTlsServer(authority.issue('IP:127.0.0.1', 3)))
    expect(await runProbe(tlsCheck({ port: short }))).toMatchObject({ degraded: true })
    expect(await runProbe(tlsCheck({ port: short, minDaysLeft: 0 }))).toMatchObject(good)
  })

  test('speaks only the versions that it may', async () => {
    const old = await serveTls({ maxVersion: 'TLSv1.2' })
    const recent = await serveTls({ minVersion: 'TLSv1.3' })
    expect(await runProbe(tlsCheck({ port: old, maxVersion: 'TLSv1.2' }))).toMatchObject(good)
    expect(await runProbe(tlsCheck({ port: recent, minVersion: 'TLSv1.3' }))).toMatchObject(good)
    const refused = { outcome: 'failure', reason: expect.stringMatching(/^TLS failed: .*protocol version/) }
    expect(await runProbe(tlsCheck({ port: old, minVersion: 'TLSv1.3' }))).toMatchObject(refused)
    expect(await runProbe(tlsCheck({ port: recent, maxVersion: 'TLSv1.2' }))).toMatchObject(refused)
  })

  test('shows its certificate to a server that wants one', async () => {
    const port = await serveTls(
      { requestCert: true, rejectUnauthorized: true, ca: readFileSync(authority.caFile) },
      'hello',
    )
    const { certFile, keyFile } = authority.issue('DNS:agent.test')
    // With TLS 1.3 the server judges after the client's handshake is over: something must be heard from it.
    const check = { type: 'tcp', port, expect: 'hello' } as const
    const tls = { verify: true, caFile: authority.caFile }
    expect(await runProbe({ ...check, tls: { ...tls, certFile, keyFile } })).toMatchObject(good)
    expect(await runProbe({ ...check, tls })).toMatchObject({
      outcome: 'failure',
      reason: 'TLS failed: tlsv13 alert certificate required',
    })
  })

  test('that cannot use its files says nothing about the target, and names the one at fault', async () => {
    const port = await serveTls()
    const { certFile, keyFile } = authority.issue('DNS:agent.test')
    const bad = join(authority.directory, 'bad.pem')
    writeFileSync(bad, 'nothing')
    const other = authority.issue('DNS:agent.test').keyFile
    const reasonWith = async (change: object) => {
      const { outcome, reason } = await runProbe(tlsCheck({ port, ...change }))
      return `${outcome}: ${reason}`
    }
    expect(await reasonWith({ caFile: bad })).toMatch(/^inconclusive: the agent cannot use the CA file .*bad\.pem/)
    expect(await reasonWith({ certFile: bad, keyFile })).toMatch(/^inconclusive: .*the client certificate .*bad\.pem/)
    expect(await reasonWith({ certFile, keyFile: bad })).toMatch(/^inconclusive: .*the key .*bad\.pem/)
    expect(await reasonWith({ certFile, keyFile: other })).toMatch(/^inconclusive: .*the key .*key values mismatch/)
  })

  test('takes a CA file that was replaced without being told', async () => {
    const port = await serveTls()
    const caFile = join(authority.directory, 'replaced.pem')
    const foreign = createAuthority()
    writeFileSync(caFile, readFileSync(foreign.caFile))
    expect(await runProbe(tlsCheck({ port, caFile }))).toMatchObject({ outcome: 'failure' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    writeFileSync(caFile, readFileSync(authority.caFile))
    expect(await runProbe(tlsCheck({ port, caFile }))).toMatchObject(good)
    foreign.remove()
  })
})

describe('a tcp check', () => {
  test('sends and expects octets that are no text', async () => {
    const port = await serve((socket) =>
      socket.once('data', (octets) => socket.write(Buffer.concat([Buffer.from([0xff, 0x00]), octets]))),
    )
    const send = { hex: '00fe' }
    expect(await runProbe({ type: 'tcp', port, send, expect: { hex: 'ff0000fe' } })).toMatchObject(good)
    expect(await runProbe({ type: 'tcp', port, send, expect: { hex: 'fffe' }, timeoutMs: 100 })).toMatchObject({
      outcome: 'failure',
    })
  })

  describe('with a pattern', () => {
    const sayInPieces = (pieces: readonly string[], end = false) =>
      serve(async (socket) => {
        for (const piece of pieces) {
          socket.write(piece)
          await new Promise((resolve) => setTimeout(resolve, 20))
        }
        if (end) socket.end()
      })

    test('is a success as soon as what has arrived matches, in whatever pieces', async () => {
      const port = await sayInPieces(['220 mail.exa', 'mple.org ES', 'MTP ready\r\n'])
      expect(await runProbe({ type: 'tcp', port, expectMatches: '^220 \\S+ E?SMTP' })).toMatchObject({
        ...good,
        reason: 'answered as expected',
      })
      await untilNoSockets()
    })

    test('sends first what it is to send', async () => {
      const port = await serve((socket) => socket.once('data', (octets) => socket.write(`you said ${octets}`)))
      expect(await runProbe({ type: 'tcp', port, send: 'hello', expectMatches: 'said (hello|hi)$' })).toMatchObject(
        good,
      )
    })

    test.each([
      [['no'], true, 'the answer does not match'],
      [[], true, 'connection closed before an answer'],
      [['no'], false, 'what arrived does not match within 300 ms'],
      [[], false, 'no answer within 300 ms'],
      [['x'.repeat(70_000)], false, 'no match in the first 65536 octets'],
    ])('fails when it does not: %#', async (pieces, end, reason) => {
      const port = await sayInPieces(pieces, end)
      expect(await runProbe({ type: 'tcp', port, expectMatches: 'yes', timeoutMs: 300 })).toMatchObject({
        outcome: 'failure',
        reason,
      })
      await untilNoSockets()
    })

    test('fails without any answer, also where the pattern would match nothing', async () => {
      const port = await sayInPieces([], true)
      expect(await runProbe({ type: 'tcp', port, expectMatches: '^x*$' })).toMatchObject({
        outcome: 'failure',
        reason: 'connection closed before an answer',
      })
    })

    test('is inconclusive when the pattern takes too long to try', async () => {
      const port = await sayInPieces([`${'a'.repeat(40)}!`])
      expect(await runProbe({ type: 'tcp', port, expectMatches: '^(a+)+$' })).toMatchObject({
        outcome: 'inconclusive',
        reason: 'the pattern for the answer takes too long to try',
      })
    })
  })

  test.each([
    ['v1', '50524f585920554e4b4e4f574e0d0a'],
    ['v2', '0d0a0d0a000d0a515549540a20000000'],
  ] as const)('sends the header of the PROXY protocol %s before everything else', async (proxyProtocol, header) => {
    const heard = new Promise<string>((resolve) => {
      void serve((socket) => {
        let all = ''
        socket.on('data', (octets) => {
          all += octets.toString('hex')
        })
        socket.on('close', () => resolve(all))
      }).then((port) => runProbe({ type: 'tcp', port, proxyProtocol, send: 'hi' }))
    })
    expect(await heard).toBe(`${header}6869`)
  })

  test('that only connects sends the header as well, to the last octet', async () => {
    const heard = new Promise<number>((resolve) => {
      void serve((socket) => {
        let length = 0
        socket.on('data', (octets) => {
          length += octets.length
        })
        socket.on('close', () => resolve(length))
      }).then((port) => runProbe({ type: 'tcp', port, proxyProtocol: 'v2' }))
    })
    expect(await heard).toBe(16)
  })

  test('shakes hands after the header, and judges the certificate', async () => {
    const headers: string[] = []
    const context = { ...identity }
    // A proxy in front of TLS: it takes the header off and passes the rest on.
    const behind = await listen(
      createTlsServer(context, (socket) => socket.on('error', () => undefined).write('hello')),
    )
    const port = await serve((socket) => {
      socket.pause()
      socket.once('readable', () => {
        headers.push((socket.read(16) as Buffer).toString('hex'))
        const inner = connect(behind, '127.0.0.1')
        inner.on('error', () => undefined)
        socket.pipe(inner).pipe(socket)
        socket.on('close', () => inner.destroy())
      })
    })
    const tls = { verify: true, caFile: authority.caFile }
    const check = { type: 'tcp', port, proxyProtocol: 'v2', expect: 'hello' } as const
    expect(await runProbe({ ...check, tls })).toMatchObject(good)
    expect(await runProbe({ ...check, tls: { ...tls, serverName: 'other.test' } })).toMatchObject({
      outcome: 'failure',
      reason: 'certificate is for www.test, 127.0.0.1, not other.test',
    })
    expect(headers).toEqual(Array(2).fill('0d0a0d0a000d0a515549540a20000000'))
    await untilNoSockets()
  })

  test('over TLS is a success when the connection stands, and comes from its source address', async () => {
    const from: (string | undefined)[] = []
    const port = await listen(
      createTlsServer(identity, (socket) => {
        from.push(socket.remoteAddress)
        socket.on('error', () => undefined).resume()
      }),
    )
    const tls = { verify: true, caFile: authority.caFile }
    expect(await runProbe({ type: 'tcp', port, tls, sourceAddress: '127.0.9.9' })).toMatchObject({
      ...good,
      reason: 'connected',
    })
    await untilNoSockets()
    expect(from).toEqual(['127.0.9.9'])
  })

  test('ends when it is told to, in the middle of a handshake too', async () => {
    const port = await listen(createTcpServer((socket) => socket.on('error', () => undefined).resume()))
    for (const check of [
      { type: 'tcp', port, tls: { verify: true } },
      { type: 'tcp', port, tls: { verify: true }, proxyProtocol: 'v1' },
      { type: 'tls', port, verify: true },
      { type: 'http', port, version: '2' },
      { type: 'grpc', port, service: '' },
      { type: 'redis', port },
      { type: 'postgres', port, user: 'probe' },
      { type: 'postgres', port, user: 'probe', tls: { verify: true } },
      { type: 'mysql', port },
      { type: 'dns', port, transport: 'tcp', qname: 'a', qtype: 'A', recursionDesired: false, expectRcodes: [] },
    ] as const) {
      const abort = new AbortController()
      setTimeout(() => abort.abort(), 20)
      expect(await runProbe(check, '127.0.0.1', abort.signal)).toMatchObject({
        outcome: 'inconclusive',
        reason: 'the agent stops',
      })
      await untilNoSockets()
    }
  })
})

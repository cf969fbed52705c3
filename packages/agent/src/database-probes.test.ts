import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import fc from 'fast-check'
import { type Authority, createAuthority, type Identity } from './certificates.arbitraries.ts'
import { parseMysqlGreeting } from './mysql-greeting.ts'
import { composeStartup, parsePostgresAnswer } from './postgres-messages.ts'
import { runProbe, useServers } from './served.arbitraries.ts'

const { serve, untilNoSockets } = useServers()
let authority: Authority
let identity: Identity
beforeAll(() => {
  authority = createAuthority()
  identity = authority.issue('IP:127.0.0.1')
})
afterAll(() => authority.remove())

function postgresMessage(type: string, body: Buffer | string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(body) + 4)
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)])
}
const errorOf = (sqlstate: string, message: string) =>
  postgresMessage('E', `SFATAL\0VFATAL\0C${sqlstate}\0M${message}\0Fpostmaster.c\0\0`)
/** AuthenticationSASL with one mechanism, as PostgreSQL 14 answers by default. */
const SASL = postgresMessage('R', Buffer.concat([Buffer.from([0, 0, 0, 10]), Buffer.from('SCRAM-SHA-256\0\0')]))

/** Answers a start-up message, octet by octet, and notes it. */
function servePostgres(answer: Buffer, heard: Buffer[] = []) {
  return serve((socket) => answerStartup(socket, answer, heard))
}

function answerStartup(socket: Socket, answer: Buffer, heard: Buffer[]): void {
  socket.once('data', (octets) => {
    heard.push(octets)
    for (const octet of answer) socket.write(Buffer.from([octet]))
  })
}

describe('a postgres check', () => {
  test('is a success when the server asks for a password, after a start-up message of protocol 3.0', async () => {
    const heard: Buffer[] = []
    const port = await servePostgres(SASL, heard)
    expect(await runProbe({ type: 'postgres', port, user: 'probe', database: 'shop' })).toMatchObject({
      outcome: 'success',
      reason: 'accepts connections',
    })
    expect(heard[0]!.toString('latin1')).toBe('\0\0\0\x22\0\x03\0\0user\0probe\0database\0shop\0\0')
    await untilNoSockets()
  })

  test.each([
    ['28000', 'no pg_hba.conf entry for host', 'success', 'accepts connections, but not this user'],
    ['3D000', 'database "windrose" does not exist', 'success', 'accepts connections, but not this user'],
    [
      '57P03',
      'the database system is starting up',
      'failure',
      'the server says 57P03 the database system is starting up',
    ],
    ['53300', 'sorry, too many clients already', 'failure', 'the server says 53300 sorry, too many clients already'],
  ])('with the error %s (%s) is a %s', async (sqlstate, message, outcome, reason) => {
    const port = await servePostgres(errorOf(sqlstate, message))
    expect(await runProbe({ type: 'postgres', port, user: 'windrose' })).toMatchObject({ outcome, reason })
    await untilNoSockets()
  })

  test.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'not a PostgreSQL answer'],
    ['R\0\0\0\x01', 'not a PostgreSQL answer'],
    ['R\0\xff\xff\xff', 'not a PostgreSQL answer'],
    ['R\0\0', 'no answer within 300 ms'],
  ])('of a server that says %j fails', async (answer, reason) => {
    const port = await servePostgres(Buffer.from(answer, 'latin1'))
    expect(await runProbe({ type: 'postgres', port, user: 'a', timeoutMs: 300 })).toMatchObject({
      outcome: 'failure',
      reason,
    })
    await untilNoSockets()
  })

  test('fails where the server hangs up', async () => {
    const port = await serve((socket) => socket.once('data', () => socket.end()))
    const hungUp = { outcome: 'failure', reason: 'connection closed before an answer' }
    expect(await runProbe({ type: 'postgres', port, user: 'a' })).toMatchObject(hungUp)
    expect(await runProbe({ type: 'postgres', port, user: 'a', tls: { verify: true } })).toMatchObject(hungUp)
  })

  test('asks for TLS, judges the certificate, and only then begins', async () => {
    const heard: Buffer[] = []
    const port = await serve((socket) => {
      socket.once('data', (octets) => {
        heard.push(octets)
        socket.write('S')
        const secured = new TLSSocket(socket, { isServer: true, ...identity })
        secured.on('error', () => undefined)
        answerStartup(secured, SASL, heard)
      })
    })
    const check = { type: 'postgres', port, user: 'probe' } as const
    const tls = { verify: true, caFile: authority.caFile }
    expect(await runProbe({ ...check, tls })).toMatchObject({ outcome: 'success', reason: 'accepts connections' })
    expect(heard.map((octets) => octets.subarray(0, 8).toString('hex'))).toEqual([
      '0000000804d2162f',
      composeStartup({ user: 'probe' }).subarray(0, 8).toString('hex'),
    ])
    expect(await runProbe({ ...check, tls: { verify: true } })).toMatchObject({
      outcome: 'failure',
      reason: expect.stringMatching(/^certificate is from an authority that is not trusted/),
    })
    expect(await runProbe({ ...check, tls: { ...tls, minDaysLeft: 100 } })).toMatchObject({
      degraded: true,
      reason: expect.stringMatching(/^accepts connections; certificate expires on/),
    })
    await untilNoSockets()
  })

  test.each([
    ['N', 'the server does not offer TLS'],
    ['E', 'not a PostgreSQL answer'],
    ['Sinjected', 'not a PostgreSQL answer'],
  ])('that wants TLS fails where the server says %s', async (answer, reason) => {
    const port = await serve((socket) => socket.once('data', () => socket.write(answer)))
    const tls = { verify: true, caFile: authority.caFile }
    expect(await runProbe({ type: 'postgres', port, user: 'a', tls })).toMatchObject({ outcome: 'failure', reason })
    await untilNoSockets()
  })
})

describe('a PostgreSQL answer', () => {
  test('may come after one about the protocol version', () => {
    const about = postgresMessage('v', Buffer.alloc(8))
    expect(parsePostgresAnswer(Buffer.concat([about, SASL]))).toEqual({ kind: 'authentication' })
    expect(parsePostgresAnswer(about)).toEqual({ kind: 'incomplete' })
  })

  test('is incomplete until its last octet, and never throws whatever the octets', () => {
    for (const answer of [SASL, errorOf('57P03', 'starting')]) {
      for (let length = 0; length < answer.length; length++)
        expect(parsePostgresAnswer(answer.subarray(0, length))).toEqual({ kind: 'incomplete' })
    }
    fc.assert(fc.property(fc.uint8Array(), (octets) => void parsePostgresAnswer(Buffer.from(octets))))
    const headed = fc.tuple(fc.constantFrom('R', 'E', 'v'), fc.nat(40), fc.uint8Array({ maxLength: 60 }))
    fc.assert(
      fc.property(headed, ([type, length, rest]) => {
        parsePostgresAnswer(Buffer.concat([Buffer.from(type), Buffer.from([0, 0, 0, length]), rest]))
      }),
    )
  })
})

function mysqlPacket(payload: Buffer | string, number = 0): Buffer {
  const body = Buffer.from(payload as string, 'latin1')
  const header = Buffer.alloc(4)
  header.writeUIntLE(body.length, 0, 3)
  header[3] = number
  return Buffer.concat([header, body])
}
/** The greeting of MySQL 8.0: version, connection id, salt, capabilities, character set, status, more salt, plug-in. */
const GREETING = mysqlPacket(
  `\x0a8.0.36\0${'\x09\0\0\0'}${'saltsalt'}\0\xff\xff\xff\x02\0\xff\xdf\x15${'\0'.repeat(10)}${'x'.repeat(12)}\0caching_sha2_password\0`,
)

describe('a mysql check', () => {
  test('is a success with the greeting, wherever the pieces part', async () => {
    const port = await serve((socket) => {
      for (const octet of GREETING) socket.write(Buffer.from([octet]))
    })
    expect(await runProbe({ type: 'mysql', port })).toMatchObject({ outcome: 'success', reason: 'greeting received' })
    await untilNoSockets()
  })

  test.each([
    [mysqlPacket('\xff\x10\x04Too many connections'), 'the server says 1040: Too many connections'],
    [mysqlPacket('\xff\x10\x04#08004Too many connections', 1), 'the server says 1040: Too many connections'],
    [mysqlPacket("\xff\x69\x04Host '192.0.2.1' is blocked"), "the server says 1129: Host '192.0.2.1' is blocked"],
    [mysqlPacket('\x095.0\0'), 'not a MySQL greeting'],
    [Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'not a MySQL greeting'],
    [GREETING.subarray(0, 20), 'no greeting within 300 ms'],
    [Buffer.alloc(0), 'no greeting within 300 ms'],
  ])('of a server that says %j fails', async (said, reason) => {
    const port = await serve((socket) => socket.write(said))
    expect(await runProbe({ type: 'mysql', port, timeoutMs: 300 })).toMatchObject({ outcome: 'failure', reason })
    await untilNoSockets()
  })

  test('of a server that closes fails', async () => {
    const port = await serve((socket) => socket.end(GREETING.subarray(0, 9)))
    expect(await runProbe({ type: 'mysql', port })).toMatchObject({ reason: 'connection closed before an answer' })
  })
})

describe('a MySQL greeting', () => {
  test('has its version, and is incomplete until its last octet', () => {
    expect(parseMysqlGreeting(GREETING)).toEqual({ kind: 'greeting', version: '8.0.36' })
    for (let length = 0; length < GREETING.length; length++)
      expect(parseMysqlGreeting(GREETING.subarray(0, length))).toEqual({ kind: 'incomplete' })
  })

  test('whatever the octets is something, and never throws', () => {
    const payloads = fc.tuple(fc.constantFrom(0xff, 0x0a, 0x09), fc.uint8Array({ maxLength: 30 }))
    fc.assert(
      fc.property(payloads, ([first, rest]) => {
        const { kind } = parseMysqlGreeting(mysqlPacket(Buffer.from([first, ...rest])))
        expect(['greeting', 'error', 'foreign']).toContain(kind)
      }),
    )
    fc.assert(fc.property(fc.uint8Array(), (octets) => void parseMysqlGreeting(Buffer.from(octets))))
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { type Authority, createAuthority } from './certificates.arbitraries.ts'
import { composeCommand, parseReplies } from './resp.ts'
import { runProbe, useServers } from './served.arbitraries.ts'

const { serve, untilNoSockets } = useServers()
let authority: Authority
let redis: ChildProcess
let port: number
let tlsPort: number
let passwordFile: string

/** A real server: with a password for `default`, a user `probe` who may ping and look, and TLS on a second port. */
beforeAll(async () => {
  authority = createAuthority()
  passwordFile = join(authority.directory, 'password')
  writeFileSync(passwordFile, 'secret\n')
  const { keyFile, certFile } = authority.issue('IP:127.0.0.1')
  for (const attempt of [0, 1, 2]) {
    port = 20_000 + 2 * Math.floor(Math.random() * 10_000) + attempt
    tlsPort = port + 1
    const config = `
bind 127.0.0.1
port ${port}
tls-port ${tlsPort}
tls-cert-file ${certFile}
tls-key-file ${keyFile}
tls-ca-cert-file ${authority.caFile}
tls-auth-clients no
save ""
dir ${authority.directory}
requirepass secret
user probe on >secret ~* +ping +exists
`
    redis = spawn('redis-server', ['-'], { stdio: ['pipe', 'ignore', 'inherit'] })
    redis.stdin?.end(config)
    if (await answers(port)) return
  }
  throw new Error('redis-server did not start')
})
afterAll(async () => {
  const gone = new Promise((resolve) => redis.once('exit', resolve))
  redis.kill('SIGKILL')
  await gone
  authority.remove()
})

async function answers(on: number): Promise<boolean> {
  for (let i = 0; i < 200; i++) {
    if (redis.exitCode !== null) return false
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(on, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.once('close', () => undefined)
      setTimeout(() => socket.destroy(), 50)
    })
    if (connected) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}

/** Says commands to the real server as its administrator. */
function tell(...commands: string[][]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', reject)
    socket.write(
      Buffer.concat([composeCommand('AUTH', 'secret'), ...commands.map((words) => composeCommand(...words))]),
    )
    let received = Buffer.alloc(0)
    socket.on('data', (octets: Buffer) => {
      received = Buffer.concat([received, octets])
      if (parseReplies(received).length <= commands.length) return
      socket.destroy()
      resolve()
    })
  })
}

describe('a redis check', () => {
  test('is a success when the server says PONG to who logs in', async () => {
    expect(await runProbe({ type: 'redis', port, passwordFile })).toMatchObject({
      outcome: 'success',
      degraded: false,
      reason: 'PONG',
    })
    expect(await runProbe({ type: 'redis', port, passwordFile, user: 'probe' })).toMatchObject({ outcome: 'success' })
  })

  test('fails without the password, and with a wrong one', async () => {
    expect(await runProbe({ type: 'redis', port })).toMatchObject({
      outcome: 'failure',
      reason: 'the server says NOAUTH Authentication required.',
    })
    const wrong = join(authority.directory, 'wrong')
    writeFileSync(wrong, 'guess')
    expect(await runProbe({ type: 'redis', port, passwordFile: wrong })).toMatchObject({
      outcome: 'failure',
      reason: 'the server says WRONGPASS invalid username-password pair or user is disabled.',
    })
    expect(await runProbe({ type: 'redis', port, passwordFile: '/nowhere/secret' })).toMatchObject({
      outcome: 'inconclusive',
      reason: 'the agent cannot read the secret in /nowhere/secret: ENOENT',
    })
  })

  test('fails as long as the key of maintenance exists', async () => {
    const check = { type: 'redis', port, passwordFile, mustNotExist: 'windrose maintenance' } as const
    expect(await runProbe(check)).toMatchObject({ outcome: 'success' })
    await tell(['SET', 'windrose maintenance', '1'])
    expect(await runProbe(check)).toMatchObject({
      outcome: 'failure',
      reason: 'the key windrose maintenance exists',
    })
    expect(await runProbe({ type: 'redis', port, passwordFile })).toMatchObject({ outcome: 'success' })
    await tell(['DEL', 'windrose maintenance'])
    expect(await runProbe(check)).toMatchObject({ outcome: 'success' })
  })

  test('speaks TLS', async () => {
    const tls = { verify: true, caFile: authority.caFile }
    expect(await runProbe({ type: 'redis', port: tlsPort, passwordFile, tls })).toMatchObject({
      outcome: 'success',
      reason: 'PONG',
    })
    expect(await runProbe({ type: 'redis', port: tlsPort, passwordFile, timeoutMs: 300 })).toMatchObject({
      outcome: 'failure',
    })
  })

  test.each([
    [
      'is loading',
      '-LOADING Redis is loading the dataset in memory\r\n',
      'the server says LOADING Redis is loading the dataset in memory',
    ],
    ['speaks something else', '220 mail.example.org ESMTP\r\n', 'not a Redis answer'],
    ['answers with another reply', '+OK\r\n', 'not a Redis answer'],
    ['puts control characters into its error', '-ERR a\u001b[2Jb\r\n', 'the server says ERR a [2Jb'],
    ['talks without end', `+${'x'.repeat(100_000)}`, 'the answer is too long'],
    ['stops in the middle', '+PO', 'no answer within 300 ms'],
  ])('of a server that %s fails', async (_, answer, reason) => {
    const fake = await serve((socket) => socket.once('data', () => socket.write(answer)))
    expect(await runProbe({ type: 'redis', port: fake, timeoutMs: 300 })).toMatchObject({ outcome: 'failure', reason })
    await untilNoSockets()
  })

  test('of a server that closes or resets fails', async () => {
    const closing = await serve((socket) => socket.once('data', () => socket.end('+PO')))
    expect(await runProbe({ type: 'redis', port: closing })).toMatchObject({
      reason: 'connection closed before an answer',
    })
    const resetting = await serve((socket) => socket.once('data', () => socket.resetAndDestroy()))
    expect(await runProbe({ type: 'redis', port: resetting })).toMatchObject({ reason: 'connection reset' })
  })
})

describe('RESP', () => {
  test('commands are arrays of bulk strings, counted in octets', () => {
    expect(composeCommand('AUTH', 'wéll', '').toString()).toBe('*3\r\n$4\r\nAUTH\r\n$5\r\nwéll\r\n$0\r\n\r\n')
  })

  test('replies are read as far as they have arrived, wherever the pieces part', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', '-', '+', ':', '\r', 'é') })
    const reply = fc.oneof(
      fc.record({ kind: fc.constant('status' as const), text: line }),
      fc.record({ kind: fc.constant('error' as const), text: line }),
      fc.record({ kind: fc.constant('integer' as const), value: fc.maxSafeInteger() }),
    )
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 5 }), fc.nat(), (replies, cut) => {
        const texts = replies.map((one) =>
          one.kind === 'integer' ? `:${one.value}\r\n` : `${one.kind === 'error' ? '-' : '+'}${one.text}\r\n`,
        )
        fc.pre(!replies.some((one) => one.kind !== 'integer' && one.text.endsWith('\r')))
        const octets = Buffer.from(texts.join(''))
        expect(parseReplies(octets)).toEqual(replies)
        const part = parseReplies(octets.subarray(0, cut % (octets.length + 1)))
        expect(part).toEqual(replies.slice(0, part.length))
      }),
    )
  })

  test('whatever the octets, reading them ends and never throws', () => {
    fc.assert(fc.property(fc.uint8Array(), (octets) => void parseReplies(Buffer.from(octets))))
  })

  test.each(['$4\r\nPONG\r\n', '*0\r\n', ':x\r\n', '\r\n', ':\r\n'])('%j is none of the replies', (text) => {
    expect(parseReplies(Buffer.from(`+OK\r\n${text}`))).toEqual([{ kind: 'status', text: 'OK' }, undefined])
  })
})

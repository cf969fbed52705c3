import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProbeResult } from '@windrose/health'
import { buildSync } from 'esbuild'
import fc from 'fast-check'
import { composeEchoRequest, isEchoReply } from './icmp-echo.ts'

/**
 * What ICMP may do depends on the machine, so each probe runs in a network namespace of its own, where the test says who
 * gets ICMP sockets. The program lies where it finds koffi.
 */
const PROGRAM = join(__dirname, '../node_modules/.icmp-test/probe.cjs')
const sourceOf = (name: string) => join(__dirname, `../../${name}/src/index.ts`)
const inNamespace = spawnSync('unshare', ['-rn', 'true']).status === 0 ? describe : describe.skip

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'windrose-icmp-'))
  mkdirSync(join(PROGRAM, '..'), { recursive: true })
  buildSync({
    stdin: {
      contents: `
        import { makeProbeTarget } from '@windrose/health'
        import { probe } from './probe.ts'
        const [address, check, abortAfterMs] = JSON.parse(process.argv[2])
        const family = address.includes(':') ? 'ipv6' : 'ipv4'
        const abort = new AbortController()
        if (abortAfterMs !== null) setTimeout(() => abort.abort(), abortAfterMs)
        probe(makeProbeTarget(address, family, check), {}, abort.signal).then((result) => console.log(JSON.stringify(result)))
      `,
      resolveDir: __dirname,
    },
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['koffi'],
    alias: Object.fromEntries(['ip', 'steering', 'health'].map((name) => [`@windrose/${name}`, sourceOf(name)])),
  })
})
afterAll(() => {
  rmSync(directory, { recursive: true, force: true })
  rmSync(join(PROGRAM, '..'), { recursive: true, force: true })
})

interface Circumstances {
  readonly sockets: 'allowed' | 'forbidden'
  /** A shell script in the place of ping; without one there is no ping. */
  readonly ping?: string
  readonly sourceAddress?: string
  readonly timeoutMs?: number
  readonly abortAfterMs?: number
}

function pingFrom(address: string, circumstances: Circumstances): ProbeResult {
  const { sockets, ping, sourceAddress, timeoutMs = 1000, abortAfterMs } = circumstances
  const bin = mkdtempSync(join(directory, 'bin-'))
  if (ping !== undefined) {
    writeFileSync(join(bin, 'ping'), `#!/bin/sh\n${ping}\n`)
    chmodSync(join(bin, 'ping'), 0o755)
  }
  const check = { type: 'icmp', name: 'c', timeoutMs, ...(sourceAddress === undefined ? {} : { sourceAddress }) }
  // A new namespace gives them to nobody.
  const allow = sockets === 'allowed' ? "echo '0 0' > /proc/sys/net/ipv4/ping_group_range" : ':'
  const script = `PATH="$PATH:/usr/sbin:/sbin" ip link set lo up && ${allow} && PATH=${bin} exec "$@"`
  const argument = JSON.stringify([address, check, abortAfterMs ?? null])
  const said = execFileSync('unshare', ['-rn', 'sh', '-c', script, 'sh', process.execPath, PROGRAM, argument])
  return JSON.parse(said.toString()) as ProbeResult
}

inNamespace('an icmp check', () => {
  test.each(['127.0.0.1', '127.1.2.3', '::1'])('is a success when %s replies', (address) => {
    expect(pingFrom(address, { sockets: 'allowed' })).toMatchObject({ outcome: 'success', reason: 'echo reply' })
  })

  test.each([
    ['127.0.0.1', '127.0.9.9'],
    ['::1', '::1'],
  ])('of %s comes from its source address %s', (address, sourceAddress) => {
    expect(pingFrom(address, { sockets: 'allowed', sourceAddress })).toMatchObject({ outcome: 'success' })
  })

  test('from an address that is not there says nothing about the target', () => {
    expect(pingFrom('127.0.0.1', { sockets: 'allowed', sourceAddress: '192.0.2.1' })).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/^the agent has no such source address, and /),
    })
    expect(pingFrom('127.0.0.1', { sockets: 'allowed', sourceAddress: '::1' })).toMatchObject({
      outcome: 'inconclusive',
      reason: 'the source address ::1 cannot reach an IPv4 address',
    })
  })

  test('fails where there is no way to the address', () => {
    expect(pingFrom('192.0.2.1', { sockets: 'allowed' })).toMatchObject({
      outcome: 'failure',
      reason: 'network unreachable',
    })
  })

  test('asks the ping program where the kernel gives no socket', () => {
    const ping = 'test "$*" = "-n -c 1 -W 2 -I 127.0.0.2 127.0.0.1"'
    const circumstances = { sockets: 'forbidden', sourceAddress: '127.0.0.2', timeoutMs: 1500 } as const
    expect(pingFrom('127.0.0.1', { ...circumstances, ping })).toMatchObject({
      outcome: 'success',
      reason: 'echo reply',
    })
    expect(pingFrom('127.0.0.9', { ...circumstances, ping })).toMatchObject({
      outcome: 'failure',
      reason: 'no echo reply',
    })
  })

  test('that neither may do says nothing about the target, and why', () => {
    const forbidden = 'net.ipv4.ping_group_range does not allow ICMP sockets'
    expect(pingFrom('127.0.0.1', { sockets: 'forbidden' })).toMatchObject({
      outcome: 'inconclusive',
      reason: `${forbidden}, and ping cannot be started: no such program`,
    })
    const ping = 'echo "ping: socktype: SOCK_RAW" >&2; exit 2'
    expect(pingFrom('::1', { sockets: 'forbidden', ping })).toMatchObject({
      outcome: 'inconclusive',
      reason: `${forbidden}, and ping cannot do it: ping: socktype: SOCK_RAW`,
    })
  })

  test('takes no longer than its timeout, and ends when it is told to', () => {
    const ping = '/bin/sleep 20'
    expect(pingFrom('127.0.0.1', { sockets: 'forbidden', ping, timeoutMs: 200 })).toMatchObject({
      outcome: 'failure',
      reason: 'no echo reply within 200 ms',
    })
    expect(pingFrom('127.0.0.1', { sockets: 'forbidden', ping, abortAfterMs: 50 })).toMatchObject({
      outcome: 'inconclusive',
      reason: 'the agent stops',
    })
  })
})

describe('an echo', () => {
  test('request has its type and the number 1, and leaves the rest to the kernel', () => {
    expect(composeEchoRequest(4, Buffer.from('ab')).toString('hex')).toBe('08000000000000016162')
    expect(composeEchoRequest(6, Buffer.from('ab')).toString('hex')).toBe('80000000000000016162')
  })

  test('reply is one only of the right type and with the same payload', () => {
    const reply = Buffer.from('00001234000700016162', 'hex')
    expect(isEchoReply(4, reply, Buffer.from('ab'))).toBe(true)
    expect(isEchoReply(6, reply, Buffer.from('ab'))).toBe(false)
    expect(isEchoReply(4, reply, Buffer.from('ac'))).toBe(false)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (octets) => {
        expect(isEchoReply(4, Buffer.from(octets), Buffer.from('payload of a probe'))).toBe(false)
      }),
    )
  })
})

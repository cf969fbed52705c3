import { createSocket } from 'node:dgram'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Snapshot } from '@windrose/nameserver'
import { cellVerdict, Verdict } from '@windrose/steering'
import { pino } from 'pino'
import type { Answering, AnsweringOptions } from './answering.ts'
import { assembleServer } from './assemble-server.ts'
import type { RunningServer } from './running-server.ts'
import { inlineCompiler, ZONE } from './server.fixture.ts'

/** The only part that is not real here: the threads. What they are given can be looked at. */
class RecordedAnswering {
  started: AnsweringOptions | undefined
  readonly published: Snapshot[] = []
  stopped = false

  readonly start = async (options: AnsweringOptions): Promise<Answering> => {
    this.started = options
    return {
      publish: (snapshot) => this.published.push(snapshot),
      makeWay: () => undefined,
      addresses: options.listen,
      transport: { name: 'dgram', reason: 'a test' },
      threads: () => [],
      load: () => ({ pools: [], classes: [] }),
      stop: async () => {
        this.stopped = true
      },
    }
  }
}

let directory: string
let origin: Server
let answering: RecordedAnswering
let server: RunningServer | undefined
let lines: Record<string, unknown>[]
const file = (name: string): string => join(directory, name)

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'windrose-assembled-'))
  writeFileSync(file('gslb.zone'), ZONE)
  answering = new RecordedAnswering()
  lines = []
  origin = createServer((_request, response) => setTimeout(() => response.end('ok'), 60))
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  await new Promise((resolve) => origin.close(resolve))
  rmSync(directory, { recursive: true, force: true })
})

function config({ listen = '127.0.0.1:0', control = '127.0.0.1:0', state = 'state', ttl = '30s' } = {}): string {
  const { port } = origin.address() as AddressInfo
  return `
listen: ${listen}
control: { listen: ${control} }
state_dir: ${state}
sites: { fra: { country: DE }, iad: { country: US } }
checks: { http: { type: http, port: ${port}, interval: 300ms, timeout: 200ms } }
services:
  web:
    policy: [{ failover: [fra, iad] }]
    checks: [http]
    ttl: ${ttl}
    pools: { fra: [127.0.0.1], iad: [127.0.0.2] }
zones: { gslb.example.com: { records: gslb.zone, steer: { "@": web } } }
`
}

async function start(text: string = config()): Promise<RunningServer> {
  writeFileSync(file('windrose.yaml'), text)
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  server = await assembleServer({
    configFile: file('windrose.yaml'),
    log,
    compiler: inlineCompiler,
    startAnswering: answering.start,
  })
  return server
}

const ask = async (path: string, init?: RequestInit) => fetch(`http://${server?.control}${path}`, init)

test('queries are answered once the first verdicts are in, and ready is told then', async () => {
  const started = await start()
  const early = await ask('/readyz')
  expect([early.status, ((await early.json()) as { waitingFor: string[] }).waitingFor]).toEqual([
    503,
    [
      // The refusal of the second target may be quicker than this question; the first one takes its time.
      expect.stringMatching(/^first verdicts: [12] of 2 targets are still unknown$/),
      'DNS: queries are not answered yet',
    ],
  ])
  expect(started.addresses()).toEqual([])
  await started.ready
  const { health } = answering.started!.snapshot
  expect([...health.cells].map(cellVerdict)).toEqual([Verdict.up, Verdict.down])
  expect((await ask('/readyz')).status).toBe(200)
  expect(((await (await ask('/api/v1/status')).json()) as { agent: unknown }).agent).toMatchObject({ targets: 2 })
})

test('an override made over the API with the token of the state directory is there after a restart', async () => {
  await start()
  const token = readFileSync(file('state/token'), 'utf8').trim()
  expect(statSync(file('state')).mode & 0o777).toBe(0o700)
  const made = await ask('/api/v1/overrides', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ target: 'fra', action: 'drain', reason: 'update', author: 'alice' }),
  })
  expect(made.status).toBe(201)
  await server?.stop()
  await start()
  expect(await (await ask('/api/v1/overrides')).json()).toMatchObject({ overrides: [{ target: 'site:fra' }] })
  expect(readFileSync(file('state/token'), 'utf8').trim()).toBe(token)
})

test('a reload is published to the threads, and its targets are probed', async () => {
  const started = await start()
  await started.ready
  writeFileSync(file('windrose.yaml'), config({ ttl: '50s' }))
  expect(await started.reload('SIGHUP')).toMatchObject({ reloaded: true, changed: true })
  expect(answering.published.map(({ services }) => services[0]!.ttl.max)).toEqual([50])
  expect([...answering.published[0]!.health.cells].map(cellVerdict)).toEqual([Verdict.up, Verdict.down])
})

test('a stop lets go of threads, ports and the state directory; a second one is the same', async () => {
  const started = await start()
  await started.ready
  await Promise.all([started.stop(), started.stop()])
  expect(answering.stopped).toBe(true)
  expect(existsSync(file('state/lock'))).toBe(false)
  await expect(ask('/livez')).rejects.toThrow()
})

test('a stop before the first verdicts starts no thread', async () => {
  const started = await start()
  await started.stop()
  await started.ready
  expect(answering.started).toBeUndefined()
})

describe('what keeps a server from starting is told in one line, and nothing is left behind', () => {
  test('a port that another program has, over TCP or UDP', async () => {
    const tcp = createTcpServer()
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
    const udp = createSocket('udp4')
    // Below the ports that connections are given: over TCP nobody has it by chance.
    const udpPort = 20_000 + (process.pid % 10_000)
    await new Promise<void>((resolve) => udp.bind(udpPort, '127.0.0.1', resolve))
    const tcpPort = (tcp.address() as AddressInfo).port
    await expect(start(config({ listen: `127.0.0.1:${tcpPort}` }))).rejects.toThrow(/cannot listen on tcp .*EADDRINUSE/)
    await expect(start(config({ listen: `127.0.0.1:${udpPort}` }))).rejects.toThrow(/cannot listen on udp/)
    await expect(start(config({ control: `127.0.0.1:${tcpPort}` }))).rejects.toThrow(/control API .*EADDRINUSE/)
    expect(existsSync(file('state/lock'))).toBe(false)
    tcp.close()
    udp.close()
  })

  test('a control API that other hosts could reach', async () => {
    await expect(start(config({ control: '0.0.0.0:0' }))).rejects.toMatchObject({
      name: 'ConfigurationRefused',
      problems: expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining('loopback') })]),
    })
  })

  test('another server on the same state directory', async () => {
    await start()
    const first = server
    await expect(start()).rejects.toThrow(`pid ${process.pid}`)
    server = first
  })

  test('a configuration with mistakes, with all of them', async () => {
    await expect(start(config().replace('interval', 'intervall'))).rejects.toMatchObject({
      name: 'ConfigurationRefused',
      problems: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]),
    })
    expect(existsSync(file('state'))).toBe(false)
  })
})

test('overrides that cannot be read are put aside and told, and the server starts', async () => {
  await start()
  await server?.stop()
  writeFileSync(file('state/overrides.json'), '{')
  chmodSync(file('state/overrides.json'), 0o600)
  await start()
  expect(lines.some(({ component, level }) => component === 'store' && level === 50)).toBe(true)
})

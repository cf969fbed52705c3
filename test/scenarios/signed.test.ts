import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { Fleet, redisAt } from '../support/fleet.ts'
import { eventually, Running, windrose } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { metric, statusOf, verdictOf } from '../support/status.ts'
import { TestAgent } from '../support/test-agent.ts'
import { ZONE } from '../support/zone.ts'

jest.setTimeout(120_000)

const FRA = '127.0.8.10'
const WEB = `
services:
  web: { policy: nearest, checks: [http], ttl: 2s, pools: { fra: [${FRA}], iad: [198.51.100.10] } }
`

describe('a server that takes signed reports only', () => {
  let fleet: Fleet
  let folder: string
  let store: RedisServer
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'windrose-keys-'))
    store = await RedisServer.start()
    fleet = await Fleet.start(redisAt(store.port), [FRA])
  })
  afterAll(async () => {
    await fleet.stop()
    await store.stop()
    rmSync(folder, { recursive: true })
  })

  async function redis(...command: string[]): Promise<string> {
    const cli = new Running('redis-cli', ['-p', String(store.port), ...command])
    await cli.exited
    return cli.output.trim()
  }

  test('refuses what is played again also after it was started again', async () => {
    const key = join(folder, 'eu-1.pem')
    const { output } = await windrose('keys', 'agent', 'eu-1', '--out', key)
    const trusted = /trusted_keys: (\{.*?\})/.exec(output)![1]!
    const server = await fleet.addServer(WEB, `  damping: off\n  require_signed: on\n  trusted_keys: ${trusted}\n`)
    const agent = new TestAgent('eu-1', 'eu', store.url, { signingKey: key })
    fleet.agents.set('eu-1', agent)
    const verdict = () => verdictOf(server, `web/fra/${FRA}`)
    await eventually(verdict, (word) => word === 'up')
    // Somebody who may write to Redis puts it by.
    const keys = ['table', 'lease'].map(
      (part) => [`{windrose:fleet}:a:eu-1:${part}`, `{windrose:fleet}:${part}`] as const,
    )
    for (const [held, kept] of keys) {
      expect(await redis('copy', held, kept)).toBe('1')
      await redis('persist', kept)
    }
    await fleet.origins.get(FRA)!.close()
    await eventually(verdict, (word) => word === 'down')
    // Nobody has played anything again yet, also for a server that was started again.
    expect(await server.halt()).toBe(0)
    await server.start()
    const { store: read } = await eventually(
      () => statusOf(server),
      ({ endpoints }) => endpoints.every(({ flags }) => !flags.includes('stale')),
    )
    expect(read.refused).toEqual({})
    // The lease, too, has to be older than what the server has heard since.
    const [held, kept] = keys[1]!
    const old = await redis('get', kept)
    await eventually(
      () => redis('get', held),
      (value) => value !== old,
    )
    let age = 0
    await eventually(
      async () => {
        const before = age
        age = (await statusOf(server)).agents.find(({ name }) => name === 'eu-1')!.ageSeconds
        return before - age
      },
      (younger) => younger > 0,
    )
    await agent.stop('SIGKILL')
    expect(await server.halt()).toBe(0)
    await redis('del', '{windrose:fleet}:a:eu-1:log')
    for (const [held, kept] of keys) expect(await redis('copy', kept, held, 'replace')).toBe('1')

    await server.start()
    for (const part of ['table', 'lease']) {
      await eventually(
        () => server.running.output,
        (output) => output.includes(`a ${part} that is older than what is known`),
      )
    }
    expect(await metric(server, 'windrose_store_refused_total{agent="eu-1"}')).toBeGreaterThanOrEqual(2)
    expect(await verdict()).toBe('down')
  })
})

describe('two servers that take signed reports only', () => {
  const DB = '192.0.2.60'
  const servers: TestServer[] = []
  let store: RedisServer
  beforeAll(async () => {
    store = await RedisServer.start()
  })
  afterAll(async () => {
    for (const server of servers) await server.stop()
    await store.stop()
  })

  async function addServer(trusted: string): Promise<TestServer> {
    const configuration = `
sites:
  fra: { at: [50.11, 8.68], country: DE }
  iad: { at: [38.95, -77.45], country: US }
checks:
  heart: { type: push, ttl: 4s }
health:
  store: redis
  url: ${store.url}
  require_signed: on
  trusted_keys: { ${trusted} }
services:
  web: { policy: nearest, checks: [heart], ttl: 2s, pools: { fra: [${DB}], iad: [198.51.100.10] } }
zones:
  gslb.example: { records: gslb.example.zone, steer: { www: web } }
`
    const server = await startServer({ 'windrose.yaml': configuration, 'gslb.example.zone': ZONE })
    servers.push(server)
    return server
  }

  /** Nobody waits for it: a server that is started again hears the next one. */
  function push(server: TestServer): void {
    const token = server.read('state/token').trim()
    fetch(`${server.api}/api/v1/push/heart/${DB}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'ok' }),
    }).catch(() => undefined)
  }

  /** The line that the command prints for the configuration of the others. */
  async function keyOf(server: TestServer): Promise<string> {
    const { output } = await windrose('keys', 'server', '--state-dir', `${server.folder}/state`)
    return /trusted_keys: \{ (.*?) \}/.exec(output)![1]!
  }

  /** Those that the server hears of the pushes of the other one. */
  async function othersOf(server: TestServer): Promise<string[]> {
    const status = await statusOf(server)
    return status.agents.map(({ name }) => name).filter((name) => name !== status.store.signing?.agent)
  }

  test('count a push that one of them takes in, once its key is known to the other', async () => {
    const stranger = `stranger: "${Buffer.alloc(32, 1).toString('base64')}"`
    const [first, second] = [await addServer(stranger), await addServer(stranger)]
    const beat = setInterval(() => push(first), 500)
    const id = `web/fra/${DB}`
    try {
      // Of itself it knows; to the other one it is a stranger, which both of them say, with the line that is missing.
      await eventually(
        () => verdictOf(first, id),
        (word) => word === 'up',
      )
      const line = await keyOf(first)
      await eventually(
        () => second.running.output,
        (output) => output.includes('windrose keys server') && output.includes('no key is trusted for push-'),
      )
      expect(JSON.parse(`"${line.replaceAll('"', '\\"')}"`)).toContain('push-')
      expect(first.running.output).toContain(line.replaceAll('"', '\\"'))
      expect((await first.verb('status')).output).toContain(line)
      // Only where the other one is the keeper does it have the verdict from there, as all servers have to agree.
      expect(await othersOf(second)).toEqual([])

      for (const server of servers) {
        server.write('windrose.yaml', server.read('windrose.yaml').replace(stranger, `${stranger}, ${line}`))
      }
      expect(await second.halt()).toBe(0)
      await second.start()
      await eventually(
        () => othersOf(second),
        (names) => names.length > 0,
      )
      await eventually(
        () => verdictOf(second, id),
        (word) => word === 'up',
      )
      // And what it says after its own restart is no replay of what it said before.
      expect(await first.halt()).toBe(0)
      await first.start()
      await eventually(
        async () => (await statusOf(second)).agents.find(({ name }) => line.startsWith(name)),
        (agent) => agent?.state === 'alive' && agent.incarnation === 2,
      )
      expect(first.running.output).not.toContain('the key of this server')
    } finally {
      clearInterval(beat)
    }
    await eventually(
      () => verdictOf(second, id),
      (word) => word === 'down',
    )
  })
})

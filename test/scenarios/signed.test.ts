import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { Fleet, redisAt } from '../support/fleet.ts'
import { eventually, Running, windrose } from '../support/processes.ts'
import { metric, verdictOf } from '../support/status.ts'
import { TestAgent } from '../support/test-agent.ts'

jest.setTimeout(90_000)

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
    await agent.stop('SIGKILL')
    expect(await server.halt()).toBe(0)
    await redis('del', '{windrose:fleet}:a:eu-1:log')
    for (const [held, kept] of keys) expect(await redis('copy', kept, held, 'replace')).toBe('1')

    await server.start()
    await eventually(
      () => metric(server, 'windrose_store_refused_total{agent="eu-1"}'),
      (count) => count! > 2,
    )
    expect(server.running.output).toContain('a whole that is older than what is known')
    expect(server.running.output).toContain('a lease that is older than what is known')
    expect(await verdict()).toBe('down')
  })
})

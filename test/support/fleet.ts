import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { ROOT } from '../source-files.ts'
import { Origin } from './origins.ts'
import { eventually, Running, WINDROSE } from './processes.ts'
import { freePort, type ServerOptions, startServer, type TestServer } from './server.ts'
import { statusOf } from './status.ts'
import { ZONE } from './zone.ts'

const CUT_OFF = pathToFileURL(join(ROOT, 'test/support/cut-off.mjs')).href

/** Servers and agents of a test that share a Redis, with origins that they look at. */
export class Fleet {
  readonly redis: RedisServer
  readonly servers: TestServer[] = []
  readonly agents = new Map<string, Running>()
  readonly origins = new Map<string, Origin>()
  readonly originPort: number
  /** Where agents find Redis; something may stand between. */
  storePort: number

  private constructor(redis: RedisServer, originPort: number) {
    this.redis = redis
    this.originPort = originPort
    this.storePort = redis.port
  }

  static async start(addresses: readonly string[]): Promise<Fleet> {
    const fleet = new Fleet(await RedisServer.start(), await freePort(addresses[0]!))
    for (const address of addresses) {
      const origin = Origin.http(address, fleet.originPort)
      await origin.open()
      fleet.origins.set(address, origin)
    }
    return fleet
  }

  /** Starts a server; `health` is what its configuration says of health beside the store. */
  async addServer(services: string, health = '', options: ServerOptions = {}): Promise<TestServer> {
    const url = `redis://127.0.0.1:${this.storePort}`
    const configuration = `
sites:
  fra: { at: [50.11, 8.68], country: DE }
  iad: { at: [38.95, -77.45], country: US }
checks:
  http: { type: http, port: ${this.originPort}, interval: 1s, timeout: 800ms, rise: 2, fall: 2 }
health:
  store: redis
  url: ${url}
  namespace: fleet
${health}
${services}
zones:
  gslb.example: { records: gslb.example.zone, steer: { www: web } }
`
    const server = await startServer({ 'windrose.yaml': configuration, 'gslb.example.zone': ZONE }, options)
    this.servers.push(server)
    return server
  }

  /** Starts an agent, and waits until it has said that it probes. `cutOff` is an address that it cannot reach. */
  async addAgent(name: string, vantage: string, options: { readonly cutOff?: string } = {}): Promise<Running> {
    const node = options.cutOff === undefined ? [] : ['--import', CUT_OFF]
    const store = ['--store', `redis://127.0.0.1:${this.storePort}`, '--namespace', 'fleet']
    const agent = new Running(
      process.execPath,
      [...node, WINDROSE, 'agent', '--name', name, '--vantage', vantage, ...store],
      { env: options.cutOff === undefined ? {} : { CUT_OFF_FROM: options.cutOff } },
    )
    this.agents.set(name, agent)
    await eventually(
      () => agent.output,
      (output) => output.includes('probing'),
    )
    return agent
  }

  /** Waits until every server gives the endpoint this verdict. */
  async untilVerdict(endpoint: string, verdict: string, withinMs?: number): Promise<void> {
    for (const server of this.servers) {
      await eventually(
        async () => (await statusOf(server)).endpoints.find(({ id }) => id === endpoint),
        (status) => status?.verdict === verdict,
        withinMs,
      )
    }
  }

  async stop(): Promise<void> {
    for (const agent of this.agents.values()) {
      agent.signal('SIGCONT')
      await agent.stop()
    }
    for (const server of this.servers) await server.stop()
    for (const origin of this.origins.values()) await origin.close()
    await this.redis.stop()
  }
}

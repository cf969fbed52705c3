import type { RedisAccess } from '@windrose/store'
import { freePort } from '../../packages/store/src/free-port.fixture.ts'
import type { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { Origin } from './origins.ts'
import { eventually } from './processes.ts'
import { type ServerOptions, startServer, type TestServer } from './server.ts'
import { type Status, statusOf } from './status.ts'
import { SteadyQueries } from './steady-queries.ts'
import { NAMESPACE, TestAgent, type TestAgentOptions } from './test-agent.ts'
import { ZONE } from './zone.ts'

/** How servers and agents are told where their store is. */
export interface StorePlace {
  /** For agents. */
  readonly url: string
  /** For the section `health` of a server's configuration. */
  readonly keys: string
}

/** A Redis on this machine, or what stands before it. */
export function redisAt(port: number): StorePlace {
  const url = `redis://127.0.0.1:${port}`
  return { url, keys: `url: ${url}` }
}

/** For a test that looks into the store itself, or writes there what does not belong. */
export function accessTo(redis: RedisServer): RedisAccess {
  return { at: { kind: 'url', url: redis.url }, prefix: 'windrose', namespace: NAMESPACE }
}

/** The primary that a Sentinel on this machine names. */
export function redisBehind({ port, master }: { readonly port: number; readonly master: string }): StorePlace {
  return {
    url: `redis+sentinel://127.0.0.1:${port}/${master}`,
    keys: `sentinels: ["127.0.0.1:${port}"]\n  master: ${master}`,
  }
}

/** The endpoints of most tests; clients in Europe are nearer to the first. */
export const FRA = '127.0.6.10'
export const IAD = '127.0.7.10'
export const WEB = `
services:
  web:
    policy: nearest
    checks: [http]
    ttl: 2s
    pools: { fra: [${FRA}], iad: [${IAD}] }
`
/** What `status` calls them. */
export const fra = `web/fra/${FRA}`
export const iad = `web/iad/${IAD}`

export interface FleetServerOptions extends ServerOptions {
  /** By site. */
  readonly capacities?: Readonly<Record<string, number>>
}

/** Servers and agents of a test that share a store, with origins that they look at. */
export class Fleet {
  readonly servers: TestServer[] = []
  readonly agents = new Map<string, TestAgent>()
  readonly origins = new Map<string, Origin>()
  readonly originPort: number
  /** Where servers and agents that are started from now on find the store. */
  store: StorePlace
  /** How many probes in a row must fail before an agent of a server that is started from now on says down. */
  fall = 2

  private constructor(store: StorePlace, originPort: number) {
    this.store = store
    this.originPort = originPort
  }

  static async start(store: StorePlace, addresses: readonly string[]): Promise<Fleet> {
    const fleet = new Fleet(store, await freePort(addresses[0]!))
    for (const address of addresses) {
      const origin = Origin.http(address, fleet.originPort)
      await origin.open()
      fleet.origins.set(address, origin)
    }
    return fleet
  }

  /** Starts a server; `health` is what its configuration says of health beside the store. */
  async addServer(services: string, health = '', options: FleetServerOptions = {}): Promise<TestServer> {
    const { capacities = {} } = options
    const capacityOf = (site: string): string =>
      capacities[site] === undefined ? '' : `, capacity: ${capacities[site]}`
    const configuration = `
sites:
  fra: { at: [50.11, 8.68], country: DE${capacityOf('fra')} }
  iad: { at: [38.95, -77.45], country: US${capacityOf('iad')} }
  sin: { at: [1.35, 103.99], country: SG${capacityOf('sin')} }
checks:
  http: { type: http, port: ${this.originPort}, interval: 2s, timeout: 1900ms, fast_interval: 300ms, rise: 2, fall: ${this.fall} }
health:
  store: redis
  ${this.store.keys}
  namespace: ${NAMESPACE}
${health}
${services}
zones:
  gslb.example: { records: gslb.example.zone, steer: { www: web } }
`
    const server = await startServer({ 'windrose.yaml': configuration, 'gslb.example.zone': ZONE }, options)
    this.servers.push(server)
    return server
  }

  /** Starts an agent, and waits until it has said that it probes. */
  async addAgent(name: string, vantage: string, options: TestAgentOptions = {}): Promise<TestAgent> {
    const agent = new TestAgent(name, vantage, this.store.url, options)
    this.agents.set(name, agent)
    await eventually(
      () => agent.output,
      (output) => output.includes('probing'),
    )
    return agent
  }

  /** Waits until every server gives the endpoint this verdict. */
  untilVerdict(endpoint: string, verdict: string, withinMs?: number): Promise<void> {
    return this.untilEach(({ endpoints }) => endpoints.find(({ id }) => id === endpoint)?.verdict === verdict, withinMs)
  }

  /** Waits until the status of every server is so. */
  async untilEach(isSo: (status: Status) => boolean, withinMs?: number): Promise<void> {
    for (const server of this.servers) await eventually(() => statusOf(server), isSo, withinMs)
  }

  /** Waits until every server takes these agents for what is said of them; `alive`, if nothing is. */
  untilAgents(names: readonly string[], state = 'alive'): Promise<void> {
    return this.untilEach(({ agents }) =>
      names.every((name) => agents.some((agent) => agent.name === name && agent.state === state)),
    )
  }

  /** Asks every server the same question until it is stopped. */
  askSteadily(subnet: string, right: string): SteadyQueries {
    return new SteadyQueries(
      this.servers.map(({ port }) => port),
      { name: 'www.gslb.example', subnet },
      right,
    )
  }

  async stop(): Promise<void> {
    for (const agent of this.agents.values()) agent.signal('SIGCONT')
    const agents = [...this.agents.values()].map((agent) => agent.stop())
    await Promise.all([...agents, ...this.servers.map((server) => server.stop())])
    for (const origin of this.origins.values()) await origin.close()
  }
}

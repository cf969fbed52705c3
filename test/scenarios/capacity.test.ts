import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../packages/store/src/free-port.fixture.ts'
import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { Fleet, redisAt } from '../support/fleet.ts'
import { Origin } from '../support/origins.ts'
import { eventually } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { metric, statusOf } from '../support/status.ts'
import { UdpClient } from '../support/udp-client.ts'
import { ZONE } from '../support/zone.ts'

jest.setTimeout(180_000)

const FRA = '127.0.8.10'
const IAD = '127.0.8.20'
const SIN = '127.0.8.30'
const ADDRESSES = { fra: FRA, iad: IAD, sin: SIN }
/** Networks all over Europe: shares go by prefixes that are shorter than these. */
const NETWORKS = [
  2, 5, 31, 37, 46, 62, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,
].flatMap((first) => [0, 32, 64, 96, 128, 160, 192, 224].map((second) => `${first}.${second}.0.0/24`))

/** Asks for everybody who is nearest to fra, again and again, some hundred queries a second. */
class Crowd {
  readonly #client: UdpClient
  #loop: Promise<void> = Promise.resolve()
  #stopped = false
  #clients: readonly string[] = []
  /** The address that each client was sent to in the last round. */
  sent: readonly string[] = []

  constructor(port: number) {
    this.#client = new UdpClient('127.0.0.1', port)
  }

  /** To be called before anybody is full. */
  async start(): Promise<this> {
    const nearest = await this.#ask(NETWORKS)
    this.#clients = NETWORKS.filter((_, i) => nearest[i] === FRA)
    this.sent = nearest.filter((address) => address === FRA)
    this.#loop = this.#run()
    return this
  }

  share(address: string): number {
    return this.sent.filter((one) => one === address).length / this.sent.length
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#loop
    this.#client.close()
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.sent = await this.#ask(this.#clients)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }

  async #ask(clients: readonly string[]): Promise<readonly string[]> {
    const answers = await this.#client.askAll(clients.map((subnet) => ({ name: 'www.gslb.example', subnet })))
    return answers.map((answer) => answer?.addresses ?? 'lost')
  }
}

describe('a server whose sites report their load', () => {
  const loads: Record<string, string | undefined> = { [FRA]: '70', [IAD]: '5', [SIN]: '0' }
  const origins: Origin[] = []
  let server: TestServer
  let crowd: Crowd

  beforeAll(async () => {
    const port = await freePort(FRA)
    const says: Readonly<Record<string, (load: string) => { headers: Record<string, string>; body: string }>> = {
      [FRA]: (load) => ({ headers: { 'X-Load': load }, body: 'ok\n' }),
      [IAD]: (load) => ({ headers: {}, body: JSON.stringify({ load: { current: Number(load) } }) }),
      [SIN]: (load) => ({
        headers: {},
        body: `# TYPE in_flight gauge\nin_flight{pool="other"} 999\nin_flight{pool="web"} ${load}\n`,
      }),
    }
    for (const address of Object.values(ADDRESSES)) {
      const origin = Origin.http(address, port, (_, response) => {
        const load = loads[address]
        const { headers, body } = load === undefined ? { headers: {}, body: 'ok\n' } : says[address]!(load)
        response.writeHead(200, headers).end(body)
      })
      await origin.open()
      origins.push(origin)
    }
    server = await startServer({
      'windrose.yaml': `
sites:
  fra:
    at: [50.11, 8.68]
    capacity: { value: 100, unit: sessions, source: { check: load, header: X-Load } }
  iad:
    at: [38.95, -77.45]
    capacity: { value: 1000, unit: sessions, source: { check: load, json: /load/current } }
  sin:
    at: [1.35, 103.99]
    capacity: { value: 1000, unit: sessions, source: { check: load, metric: in_flight, labels: { pool: web } } }
checks:
  load: { type: http, port: ${port}, interval: 1s, timeout: 900ms }
services:
  web:
    policy: nearest
    capacity: spill
    checks: [load]
    ttl: 2s
    pools: { fra: [${FRA}], iad: [${IAD}], sin: [${SIN}] }
zones:
  gslb.example: { records: gslb.example.zone, steer: { www: web } }
`,
      'gslb.example.zone': ZONE,
    })
    crowd = await new Crowd(server.port).start()
  })
  afterAll(async () => {
    await crowd.stop()
    for (const origin of origins) await origin.close()
    expect(await server.stop()).toBe(0)
  })

  const loadOf = async (site: string) => (await statusOf(server)).sites.find(({ name }) => name === site)!.load!

  test('knows it from a header, a JSON body and a metric', async () => {
    await eventually(
      async () => [await loadOf('fra'), await loadOf('iad'), await loadOf('sin')],
      (all) => all.every(({ source }) => source === 'reported'),
    )
    const all = [await loadOf('fra'), await loadOf('iad'), await loadOf('sin')]
    expect(all.map(({ value, unit }) => [value, unit])).toEqual([
      [70, 'sessions'],
      [5, 'sessions'],
      [0, 'sessions'],
    ])
    expect(await metric(server, 'windrose_site_load{site="fra",unit="sessions"}')).toBe(70)
    expect(crowd.share(FRA)).toBe(1)
  })

  test('moves clients of a site that says it is full, and only as many as a step at a time', async () => {
    loads[FRA] = '130'
    await eventually(
      () => crowd.share(FRA),
      (share) => share < 1,
      60_000,
    )
    expect(crowd.share(FRA)).toBeGreaterThan(0.8)
    await eventually(
      () => crowd.share(FRA),
      (share) => share < 0.75,
      90_000,
    )
    expect(crowd.share(FRA) + crowd.share(IAD) + crowd.share(SIN)).toBeCloseTo(1, 9)
    expect(crowd.share(IAD)).toBeGreaterThan(0)
    const { output } = await server.verb('status')
    expect(output).toMatch(/^fra +130 +100 +130 % +sessions +reported/m)
  })

  test('goes on from there when it is killed and started again: nobody is sent home to a full site', async () => {
    const before = crowd.share(FRA)
    // It is on disk some seconds later.
    const kept = join(server.folder, 'state', 'capacity.json')
    const since = Date.now()
    await eventually(
      () => (existsSync(kept) ? statSync(kept).mtimeMs : 0),
      (at) => at > since,
      30_000,
    )
    await server.halt('SIGKILL')
    await server.start()
    const old = crowd.sent
    const answered = await eventually(
      () => crowd.sent,
      (sent) => sent !== old && !sent.includes('lost'),
    )
    expect(answered.filter((address) => address === FRA).length / answered.length).toBeLessThan(before + 0.12)
  })

  test('says what is wrong when a site says its load no longer, and leaves clients where they are', async () => {
    const before = crowd.share(FRA)
    loads[FRA] = undefined
    await eventually(
      () => loadOf('fra'),
      ({ source }) => source === 'last',
    )
    const { value, problem } = await loadOf('fra')
    expect([value, problem]).toEqual([130, 'there is no header X-Load'])
    loads[FRA] = 'much'
    await eventually(
      () => loadOf('fra'),
      (load) => load.problem === 'the header X-Load is not a number: "much"',
    )
    const placements = await metric(server, 'windrose_capacity_placed_classes{service="web"}')
    expect(placements).toBeGreaterThan(0)
    expect(Math.abs(crowd.share(FRA) - before)).toBeLessThan(0.25)
  })
})

describe('two servers that place the load of three sites', () => {
  const SITES = `
services:
  web: { policy: nearest, capacity: spill, checks: [http], ttl: 2s, pools: { fra: [${FRA}], iad: [${IAD}], sin: [${SIN}] } }
`
  let fleet: Fleet
  let redis: RedisServer
  let crowds: Crowd[]

  beforeAll(async () => {
    redis = await RedisServer.start()
    fleet = await Fleet.start(redisAt(redis.port), Object.values(ADDRESSES))
    for (let i = 0; i < 2; i++) {
      await fleet.addServer(SITES, '', { capacities: { fra: 300, iad: 100, sin: 100_000 } })
    }
    await fleet.addAgent('eu-1', 'eu')
    await fleet.addAgent('eu-2', 'eu')
    await fleet.untilVerdict(`web/fra/${FRA}`, 'up')
    crowds = await Promise.all(fleet.servers.map(({ port }) => new Crowd(port).start()))
  })
  afterAll(async () => {
    for (const crowd of crowds) await crowd.stop()
    await fleet.stop()
    await redis.stop()
  })

  const placed = (server: TestServer) => metric(server, 'windrose_capacity_placed_classes{service="web"}')
  const sameShares = () => crowds[0]!.sent.join() === crowds[1]!.sent.join()

  test('send the same clients away from a full site, whoever of them is asked', async () => {
    await eventually(
      () => crowds.map((crowd) => crowd.share(FRA)),
      (shares) => shares.every((share) => share < 0.95),
      90_000,
    )
    await eventually(sameShares, (same) => same)
  })

  test('go on from there when the one that places is killed', async () => {
    const before = crowds.map((crowd) => crowd.share(FRA))
    const keeper = await eventually(
      async () => {
        const statuses = await Promise.all(fleet.servers.map(statusOf))
        return statuses.findIndex(({ store }) => store.keeper)
      },
      (index) => index >= 0,
    )
    const other = fleet.servers[1 - keeper]!
    await fleet.servers[keeper]!.halt('SIGKILL')
    await eventually(
      () => statusOf(other),
      ({ store }) => store.keeper,
    )
    await eventually(
      () => metric(other, 'windrose_capacity_room{site="fra"}'),
      (room) => room === 240,
    )
    expect(await placed(other)).toBeGreaterThan(0)
    // It may have gone a step further, or back as half of the load is gone; nobody was sent home at once.
    expect(crowds[1 - keeper]!.share(FRA)).toBeLessThan(before[1 - keeper]! + 0.25)
    await fleet.servers[keeper]!.start()
  })

  test('spread the clients of a site that dies by the room that others have, at once', async () => {
    await eventually(sameShares, (same) => same, 60_000)
    await fleet.origins.get(FRA)!.close()
    await fleet.untilVerdict(`web/fra/${FRA}`, 'down')
    // All of them next to iad would be more than three times what it takes.
    await eventually(
      () => crowds.map((crowd) => [crowd.share(FRA), crowd.share(IAD), crowd.share(SIN)] as const),
      (shares) => shares.every(([fra, iad, sin]) => fra === 0 && iad < 0.5 && sin > 0.5),
      5000,
    )
  })
})

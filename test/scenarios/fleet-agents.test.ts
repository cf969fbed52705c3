import { Verdict } from '@windrose/steering'
import { createRedisStore } from '@windrose/store'
import { RecordingFollower } from '../../packages/store/src/recording-follower.fixture.ts'
import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { TcpProxy } from '../../packages/store/src/tcp-proxy.fixture.ts'
import { accessTo, Fleet, FRA, fra, IAD, iad, redisAt, WEB } from '../support/fleet.ts'
import { eventually } from '../support/processes.ts'
import { metric, statusOf, transitionsOf } from '../support/status.ts'
import type { Network } from '../support/test-agent.ts'
import { UdpClient } from '../support/udp-client.ts'
import { LONDON } from '../support/zone.ts'

jest.setTimeout(300_000)

const VANTAGES = ['eu', 'us', 'ap']
/** What is always well, whatever becomes of the endpoints. */
const CONTROL = '127.0.8.10'
const HOUR_MS = 3_600_000

describe('three agents, of which two have clocks that are wrong by hours', () => {
  let redis: RedisServer
  /** Between the agents and their store. */
  let wire: TcpProxy
  let fleet: Fleet
  const addAgent = (vantage: string) =>
    fleet.addAgent(vantage, vantage, { clockAheadMs: { us: 5 * HOUR_MS, ap: -26 * HOUR_MS }[vantage] ?? 0 })
  const reach = (network: Network) => {
    for (const agent of fleet.agents.values()) agent.reach(network)
  }
  const seenFrom = async (vantage: string) =>
    (await statusOf(fleet.servers[0]!)).endpoints
      .find(({ id }) => id === fra)!
      .vantages.find((one) => one.vantage === vantage)!

  beforeAll(async () => {
    redis = await RedisServer.start()
    wire = await TcpProxy.to(redis.port)
    fleet = await Fleet.start(redisAt(redis.port), [FRA, IAD, CONTROL])
    await fleet.addServer(
      WEB,
      `
  vantages: { eu: {}, us: {}, ap: {} }
  damping: off
  control_targets: ["${CONTROL}:${fleet.originPort}"]
`,
    )
    fleet.store = redisAt(wire.port)
    await Promise.all(VANTAGES.map(addAgent))
    await fleet.untilVerdict(fra, 'up')
    await fleet.untilAgents(VANTAGES)
  })

  afterAll(async () => {
    await fleet.stop()
    await wire.close()
    await redis.stop()
  })

  test('agree on what dies and comes back, and since when is told by the clock of the server', async () => {
    const began = Date.now()
    await fleet.origins.get(FRA)!.close()
    await fleet.untilEach(({ endpoints }) => {
      const { verdict, vantages } = endpoints.find(({ id }) => id === fra)!
      return verdict === 'down' && vantages.every((one) => one.verdict === 'down')
    })
    const { endpoints, agents } = await statusOf(fleet.servers[0]!)
    const { since, vantages } = endpoints.find(({ id }) => id === fra)!
    for (const time of [since, ...vantages.map((one) => one.since)]) {
      expect(Date.parse(time!)).toBeGreaterThanOrEqual(began)
      expect(Date.parse(time!)).toBeLessThanOrEqual(Date.now())
    }
    expect(agents.map(({ state, ageSeconds }) => state === 'alive' && ageSeconds < 5)).toEqual([true, true, true])
    await fleet.origins.get(FRA)!.open()
    await fleet.untilVerdict(fra, 'up')
  })

  test('one that is killed has no vote when its lease ends, and nothing else changes; it comes back as another incarnation', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    const turned = await transitionsOf(fleet.servers[0]!)
    fleet.agents.get('ap')!.signal('SIGKILL')
    await fleet.untilAgents(['ap'], 'gone')
    expect(await transitionsOf(fleet.servers[0]!)).toEqual(turned)
    const { incarnation } = (await statusOf(fleet.servers[0]!)).agents.find(({ name }) => name === 'ap')!
    await addAgent('ap')
    await fleet.untilEach(({ agents }) =>
      agents.some(({ name, state, incarnation: now }) => name === 'ap' && state === 'alive' && now === incarnation + 1),
    )
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
  })

  test('of two with one name the later one speaks, and the earlier one ends with a sentence', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    const former = fleet.agents.get('ap')!
    await addAgent('ap')
    expect(await former.exited).toBe(1)
    expect(former.output).toContain('another agent that was started later runs under the name ap')
    await fleet.untilAgents(VANTAGES)
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
  })

  test('one that stands still while an endpoint comes back is not heard, and is right when it goes on', async () => {
    await fleet.origins.get(FRA)!.close()
    await fleet.untilVerdict(fra, 'down')
    await eventually(
      () => seenFrom('us'),
      ({ verdict }) => verdict === 'down',
    )
    fleet.agents.get('us')!.signal('SIGSTOP')
    await fleet.origins.get(FRA)!.open()
    await fleet.untilVerdict(fra, 'up')
    await fleet.untilAgents(['us'], 'gone')
    const steady = fleet.askSteadily(LONDON, FRA)
    const turned = await transitionsOf(fleet.servers[0]!)
    fleet.agents.get('us')!.signal('SIGCONT')
    await fleet.untilAgents(['us'])
    await eventually(
      () => seenFrom('us'),
      ({ verdict }) => verdict === 'up',
    )
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    expect(await transitionsOf(fleet.servers[0]!)).toEqual(turned)
  })

  test('one that is left alone and wrong takes nothing down', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    for (const name of ['us', 'ap']) fleet.agents.get(name)!.signal('SIGSTOP')
    await fleet.untilAgents(['us', 'ap'], 'gone')
    fleet.agents.get('eu')!.reach({ [FRA]: null })
    const observer = createRedisStore({ access: accessTo(redis), name: 'observer' })
    observer.follow(new RecordingFollower())
    await eventually(
      () => observer.book.agents.get('eu')?.table,
      (table) => [...(table?.keys() ?? [])].some((key) => table!.report(key, 'eu', 'eu', '')?.verdict === Verdict.down),
    )
    await observer.close()
    const status = await statusOf(fleet.servers[0]!)
    expect(status.endpoints.map(({ id, verdict, flags }) => [id, verdict, flags])).toEqual([
      [fra, 'up', ['stale']],
      [iad, 'up', ['stale']],
    ])
    fleet.agents.get('eu')!.reach({})
    for (const name of ['us', 'ap']) fleet.agents.get(name)!.signal('SIGCONT')
    await fleet.untilAgents(VANTAGES)
    await fleet.untilEach(({ endpoints }) => endpoints.every(({ flags }) => flags.length === 0))
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
  })

  test('all of them cut off from the network, and from the store as well, take nothing down, then or when it is back', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    const turned = await transitionsOf(fleet.servers[0]!)
    const nowhere = { [FRA]: null, [IAD]: null, [CONTROL]: null }
    reach(nowhere)
    await fleet.untilAgents(VANTAGES, 'isolated')
    expect(await metric(fleet.servers[0]!, 'windrose_agents{vantage="eu",state="isolated"}')).toBe(1)
    expect(fleet.agents.get('eu')!.output).toContain('cut off: most control targets cannot be reached')
    wire.cut()
    await fleet.untilAgents(VANTAGES, 'gone')
    expect((await statusOf(fleet.servers[0]!)).endpoints.map(({ flags }) => flags)).toEqual([['stale'], ['stale']])
    // The store is back before the network is.
    wire.mend()
    await fleet.untilAgents(VANTAGES, 'isolated')
    reach({})
    await fleet.untilAgents(VANTAGES)
    await fleet.untilEach(({ endpoints }) => endpoints.every(({ flags }) => flags.length === 0))
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    expect(await transitionsOf(fleet.servers[0]!)).toEqual(turned)
  })
})

describe('where each vantage has the view of its areas', () => {
  /** In the country database. */
  const GERMANY = '91.0.0.0/24'
  const FRANCE = '80.10.246.0/24'
  let redis: RedisServer
  let fleet: Fleet
  let client: UdpClient

  beforeAll(async () => {
    redis = await RedisServer.start()
    fleet = await Fleet.start(redisAt(redis.port), [FRA, IAD])
  })

  afterAll(async () => {
    client.close()
    await fleet.stop()
    await redis.stop()
  })

  test('a vantage that is parted from an endpoint moves the clients that look through it, and nobody else', async () => {
    const server = await fleet.addServer(
      WEB,
      `
  vantages: { eu: { areas: [GB] }, us: { areas: [US, DE] }, ap: {} }
  damping: off
`,
    )
    // Inside its vantage an agent needs a second one that agrees.
    const parted = await Promise.all(['eu-1', 'eu-2'].map((name) => fleet.addAgent(name, 'eu')))
    await Promise.all(['us', 'ap'].map((name) => fleet.addAgent(name, name)))
    client = new UdpClient('127.0.0.1', server.port)
    const untilLondonHas = (address: string) =>
      eventually(
        async () => (await client.ask({ name: 'www.gslb.example', subnet: LONDON }))?.addresses,
        (addresses) => addresses === address,
      )
    await fleet.untilVerdict(fra, 'up')
    await fleet.untilAgents(['eu-1', 'eu-2', 'us', 'ap'])
    await untilLondonHas(FRA)
    const turned = (await transitionsOf(server)).length

    // One looks through another vantage, one through none.
    const others = [GERMANY, FRANCE].map((subnet) => fleet.askSteadily(subnet, FRA))
    for (const agent of parted) agent.reach({ [FRA]: null })
    await untilLondonHas(IAD)
    const { output } = await server.verb('status')
    expect(output).toMatch(/eu +down .*unreachable/)
    const explained = await server.verb('explain', 'www.gslb.example', '--client', LONDON)
    expect(explained.output).toContain('the view of vantage eu applies')
    for (const agent of parted) agent.reach({})
    await untilLondonHas(FRA)
    for (const steady of others) expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    expect((await transitionsOf(server)).slice(turned)).toEqual([`${fra} up down at eu`, `${fra} down up at eu`])
  })
})

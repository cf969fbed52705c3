import { Fleet } from '../support/fleet.ts'
import { eventually, windrose } from '../support/processes.ts'
import { statusOf } from '../support/status.ts'
import { UdpClient } from '../support/udp-client.ts'
import { LONDON } from '../support/zone.ts'

jest.setTimeout(90_000)

const FRA = '127.0.6.10'
const IAD = '127.0.7.10'
/** In the country database. */
const GERMANY = '91.0.0.0/24'
const WEB = `
services:
  web:
    policy: nearest
    checks: [http]
    ttl: 2s
    pools: { fra: [${FRA}], iad: [${IAD}] }
`
const THREE = `
  vantages: { eu: {}, us: {}, ap: {} }
  damping: off
`
const fra = `web/fra/${FRA}`

describe('two servers and three agents that share a Redis', () => {
  let fleet: Fleet
  let clients: UdpClient[]
  const answers = () =>
    Promise.all(
      clients.map(async (client) => (await client.ask({ name: 'www.gslb.example', subnet: LONDON }))?.addresses),
    )
  const untilAnswers = (address: string, withinMs?: number) =>
    eventually(answers, (all) => all.every((one) => one === address), withinMs)

  beforeAll(async () => {
    fleet = await Fleet.start([FRA, IAD])
    for (let i = 0; i < 2; i++) await fleet.addServer(WEB, THREE)
    for (const vantage of ['eu', 'us', 'ap']) await fleet.addAgent(`agent-${vantage}`, vantage)
    clients = fleet.servers.map(({ port }) => new UdpClient('127.0.0.1', port))
    await fleet.untilVerdict(fra, 'up')
    await untilAnswers(FRA)
  })

  afterAll(async () => {
    for (const client of clients) client.close()
    await fleet.stop()
  })

  test('the agents take their checks from the store, and status shows them and what each vantage sees', async () => {
    for (const server of fleet.servers) {
      const { agents } = await eventually(
        () => statusOf(server),
        (status) => status.agents.every(({ targets }) => targets === 2),
      )
      expect(agents.map(({ name, vantage, state }) => [name, vantage, state])).toEqual([
        ['agent-ap', 'ap', 'alive'],
        ['agent-eu', 'eu', 'alive'],
        ['agent-us', 'us', 'alive'],
      ])
      const vantages = await eventually(
        async () => (await statusOf(server)).endpoints.find(({ id }) => id === fra)!.vantages,
        (all) => all.length === 3,
      )
      expect(vantages.map(({ vantage, verdict }) => [vantage, verdict])).toEqual([
        ['ap', 'up'],
        ['eu', 'up'],
        ['us', 'up'],
      ])
      expect(vantages.every(({ latencyMs }) => latencyMs! > 0 && latencyMs! < 1000)).toBe(true)
    }
    expect((await Promise.all(fleet.servers.map(statusOf))).filter(({ store }) => store.keeper)).toHaveLength(1)
    const { output } = await fleet.servers[0]!.verb('status')
    expect(output).toMatch(/store {4}redis, within reach/)
    expect(output).toMatch(/agent-eu +eu +alive/)
  })

  test('an origin that dies is left by both servers, and comes back', async () => {
    await fleet.origins.get(FRA)!.close()
    await untilAnswers(IAD, 6000)
    await fleet.origins.get(FRA)!.open()
    await untilAnswers(FRA, 8000)
  })

  test('a drain on one server is seen by the other within a second, with its reason, and in the audit', async () => {
    const [first, second] = fleet.servers
    expect(
      await first!.verb('drain', 'fra', '--for', '30m', '--reason', 'kernel upgrade', '--author', 'ada'),
    ).toMatchObject({
      code: 0,
    })
    await untilAnswers(IAD, 1000)
    expect((await statusOf(second!)).overrides).toMatchObject([{ target: 'site:fra', reason: 'kernel upgrade' }])
    expect(await second!.verb('override', 'clear', 'fra')).toMatchObject({ code: 0 })
    await untilAnswers(FRA, 1000)
    const { output } = await first!.verb('override', 'history')
    expect(output).toMatch(/drain +site:fra +ada/)
    expect(output).toMatch(/remove drain +site:fra/)
  })

  test('a drain ends by itself on both', async () => {
    await fleet.servers[0]!.verb('drain', 'fra', '--for', '2s', '--reason', 'short')
    await untilAnswers(IAD, 1500)
    await untilAnswers(FRA, 4000)
    expect((await statusOf(fleet.servers[1]!)).overrides).toEqual([])
  })

  test('a check that is added to the configuration is probed by the agents without their restart', async () => {
    for (const server of fleet.servers) {
      const text = server.read('windrose.yaml').replace(`[${FRA}]`, `[${FRA}, 127.0.6.11]`)
      server.write('windrose.yaml', text)
      expect(await server.verb('reload')).toMatchObject({ code: 0 })
    }
    await fleet.untilVerdict('web/fra/127.0.6.11', 'down')
    for (const server of fleet.servers) {
      const text = server.read('windrose.yaml').replace(`[${FRA}, 127.0.6.11]`, `[${FRA}]`)
      server.write('windrose.yaml', text)
      await server.verb('reload')
    }
    await eventually(
      async () => (await statusOf(fleet.servers[0]!)).agents,
      (agents) => agents.every(({ targets }) => targets === 2),
    )
  })

  test('an agent that is killed loses its vote with its lease, and nothing else changes', async () => {
    fleet.agents.get('agent-ap')!.signal('SIGKILL')
    await eventually(
      async () => (await statusOf(fleet.servers[0]!)).agents.find(({ name }) => name === 'agent-ap'),
      (agent) => agent?.state === 'gone',
    )
    expect(await answers()).toEqual([FRA, FRA])
    await fleet.origins.get(FRA)!.close()
    await untilAnswers(IAD, 6000)
    await fleet.origins.get(FRA)!.open()
    await untilAnswers(FRA, 8000)
    await fleet.addAgent('agent-ap', 'ap')
    await eventually(
      async () => (await statusOf(fleet.servers[0]!)).agents.find(({ name }) => name === 'agent-ap'),
      (agent) => agent?.state === 'alive' && agent.incarnation === 2,
    )
  })

  test('of two agents with one name the later one speaks, and the earlier one ends with a sentence', async () => {
    const former = fleet.agents.get('agent-ap')!
    await fleet.addAgent('agent-ap', 'ap')
    expect(await former.exited).toBe(1)
    expect(former.output).toContain('another agent that was started later runs under the name agent-ap')
    expect(await answers()).toEqual([FRA, FRA])
  })

  test('one vantage that is wrong takes nothing down', async () => {
    // Two of the agents stand still, so that the third alone speaks: it says down, and is not believed.
    for (const name of ['agent-us', 'agent-ap']) fleet.agents.get(name)!.signal('SIGSTOP')
    await fleet.origins.get(FRA)!.close()
    await new Promise((resolve) => setTimeout(resolve, 9000))
    expect(await answers()).toEqual([FRA, FRA])
    const status = await statusOf(fleet.servers[0]!)
    expect(status.endpoints.find(({ id }) => id === fra)!.flags).toContain('stale')
    await fleet.origins.get(FRA)!.open()
    for (const name of ['agent-us', 'agent-ap']) fleet.agents.get(name)!.signal('SIGCONT')
    await fleet.untilVerdict(fra, 'up')
    await eventually(
      async () => (await statusOf(fleet.servers[0]!)).agents,
      (agents) => agents.every(({ state }) => state === 'alive'),
    )
  })

  test('Redis that is killed and comes back empty changes no answer, and all is well again within five seconds', async () => {
    await fleet.servers[0]!.verb('drain', 'iad', '--reason', 'stays')
    await fleet.redis.kill()
    await eventually(
      async () => (await statusOf(fleet.servers[1]!)).store,
      ({ up }) => !up,
    )
    const deadline = Date.now() + 4000
    while (Date.now() < deadline) expect(await answers()).toEqual([FRA, FRA])
    await fleet.redis.restart()
    const since = Date.now()
    for (const server of fleet.servers) {
      await eventually(
        async () => {
          const { store, agents, overrides } = await statusOf(server)
          return (
            store.up && agents.every(({ state }) => state === 'alive') && agents.length === 3 && overrides.length === 1
          )
        },
        (isWell) => isWell,
      )
    }
    expect(Date.now() - since).toBeLessThan(5000)
    expect(await answers()).toEqual([FRA, FRA])
    await fleet.servers[1]!.verb('override', 'clear', 'iad')
  })

  test('Redis that stands still changes no answer', async () => {
    fleet.redis.signal('SIGSTOP')
    await eventually(
      async () => (await statusOf(fleet.servers[0]!)).store,
      ({ up }) => !up,
    )
    const deadline = Date.now() + 6000
    while (Date.now() < deadline) expect(await answers()).toEqual([FRA, FRA])
    fleet.redis.signal('SIGCONT')
    await eventually(
      async () => (await statusOf(fleet.servers[0]!)).store,
      ({ up }) => up,
      5000,
    )
    const after = Date.now() + 3000
    while (Date.now() < after) expect(await answers()).toEqual([FRA, FRA])
  })

  test('a server that is restarted while Redis is away answers as its peer does, and says what it starts with', async () => {
    await fleet.origins.get(FRA)!.close()
    await untilAnswers(IAD, 6000)
    // It is on disk some seconds after it changed.
    await new Promise((resolve) => setTimeout(resolve, 6000))
    await fleet.redis.kill()
    await fleet.servers[0]!.halt()
    await fleet.servers[0]!.start()
    clients[0]!.close()
    clients[0] = new UdpClient('127.0.0.1', fleet.servers[0]!.port)
    expect(await answers()).toEqual([IAD, IAD])
    expect(fleet.servers[0]!.running.output).toMatch(/starts with the verdicts of \d+ s ago/)
    const status = await statusOf(fleet.servers[0]!)
    expect(status.store.up).toBe(false)
    expect(status.endpoints.map(({ flags }) => flags)).toEqual([['stale'], ['stale']])
    await fleet.redis.restart()
    await fleet.origins.get(FRA)!.open()
    await untilAnswers(FRA, 15_000)
  })

  test('the keeper that is killed is followed by the other server, and verdicts go on', async () => {
    const keepers = await Promise.all(fleet.servers.map(statusOf))
    const keeper = keepers.findIndex(({ store }) => store.keeper)
    const other = fleet.servers[1 - keeper]!
    fleet.servers[keeper]!.running.signal('SIGKILL')
    await eventually(
      async () => (await statusOf(other)).store.keeper,
      (isKeeper) => isKeeper,
    )
    await fleet.servers[keeper]!.start()
    await fleet.untilVerdict(fra, 'up')
    expect((await statusOf(fleet.servers[keeper]!)).store.keeper).toBe(false)
  })
})

describe('where each vantage has the view of its areas', () => {
  let fleet: Fleet
  afterAll(() => fleet.stop())

  test('a vantage that is parted from an endpoint moves the clients that look through it, and nobody else', async () => {
    fleet = await Fleet.start([FRA, IAD])
    const server = await fleet.addServer(
      WEB,
      `
  vantages: { eu: { areas: [GB] }, us: { areas: [US, DE] }, ap: {} }
  damping: off
`,
    )
    // Inside its vantage an agent needs a second one that agrees.
    for (const name of ['eu-1', 'eu-2']) await fleet.addAgent(name, 'eu', { cutOff: FRA })
    for (const name of ['us', 'ap']) await fleet.addAgent(name, name)
    const client = new UdpClient('127.0.0.1', server.port)
    const answerTo = async (subnet: string) => (await client.ask({ name: 'www.gslb.example', subnet }))?.addresses
    await fleet.untilVerdict(fra, 'up')
    await eventually(
      () => answerTo(LONDON),
      (address) => address === IAD,
    )
    expect(await answerTo(GERMANY)).toBe(FRA)
    const { output } = await server.verb('status')
    expect(output).toMatch(/eu +down .*unreachable/)
    const explained = await server.verb('explain', 'www.gslb.example', '--client', LONDON)
    expect(explained.output).toMatch(/the view of vantage/)
    client.close()
  })
})

test('an agent that cannot find its store says so and goes on trying', async () => {
  const fleet = await Fleet.start([FRA])
  await fleet.redis.kill()
  const { code, output } = await windrose('agent', '--vantage', 'eu', '--store', 'http://nowhere')
  expect(code).toBe(1)
  expect(output).toContain('"http://nowhere" is no redis:// or rediss:// URL')
  await fleet.stop()
})

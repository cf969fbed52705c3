import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { PRIMARY_ARGS } from '../../packages/store/src/redis-sentinel.fixture.ts'
import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { TcpProxy } from '../../packages/store/src/tcp-proxy.fixture.ts'
import { addresses, dig } from '../support/dig.ts'
import { Fleet, FRA, fra, IAD, redisAt } from '../support/fleet.ts'
import { seededRandom } from '../support/mutations.ts'
import { eventually } from '../support/processes.ts'
import type { TestServer } from '../support/server.ts'
import { metric, statusOf, verdictOf } from '../support/status.ts'
import { SteadyQueries } from '../support/steady-queries.ts'
import { UdpClient } from '../support/udp-client.ts'
import { AMERICA, LONDON } from '../support/zone.ts'

jest.setTimeout(300_000)

const SIN = '127.0.9.10'
const GERMANY = '91.0.0.0/24'
const WEB = `
services:
  web:
    policy: nearest
    checks: [http]
    ttl: 2s
    pools: { fra: [${FRA}], iad: [${IAD}], sin: [${SIN}] }
`
/** How soon servers agree once they share a store again. */
const AGREED_MS = 5000

/** Two sides, of which each has a server, an agent at both vantages, and its own way to its own Redis. */
describe('two servers', () => {
  let primary: RedisServer
  let replica: RedisServer
  let wire: TcpProxy
  let fleet: Fleet
  let here: TestServer
  let there: TestServer
  const ofThere = ['eu-there', 'us-there']
  const answerOf = async (server: TestServer, subnet: string) =>
    addresses(await dig('127.0.0.1', server.port, 'www.gslb.example', `+subnet=${subnet}`)).join()
  const untilAnswer = (server: TestServer, address: string) =>
    eventually(
      () => answerOf(server, LONDON),
      (answer) => answer === address,
    )
  const stateOf = async (server: TestServer, name: string) =>
    (await statusOf(server)).agents.find((agent) => agent.name === name)?.state

  beforeAll(async () => {
    primary = await RedisServer.start(PRIMARY_ARGS)
    replica = await RedisServer.start(['--replicaof', '127.0.0.1', String(primary.port)])
    wire = await TcpProxy.to(primary.port)
    fleet = await Fleet.start(redisAt(primary.port), [FRA, IAD, SIN])
    const health = `
  vantages: { eu: {}, us: {} }
  hold_down: 5s
`
    here = await fleet.addServer(WEB, health)
    await Promise.all(['eu', 'us'].map((vantage) => fleet.addAgent(`${vantage}-here`, vantage)))
    fleet.store = redisAt(wire.port)
    there = await fleet.addServer(WEB, health)
    await Promise.all(['eu', 'us'].map((vantage) => fleet.addAgent(`${vantage}-there`, vantage)))
    await fleet.untilVerdict(fra, 'up')
    await fleet.untilAgents(['eu-here', 'us-here', ...ofThere])
  })

  afterAll(async () => {
    await fleet.stop()
    await wire.close()
    await replica.stop()
    await primary.stop()
  })

  test('whose stores part: each serves by what it hears, shows whom it hears no more, and both agree when they share a store again', async () => {
    await here.verb('drain', 'iad', '--reason', 'before')
    await fleet.untilEach(({ overrides }) => overrides.length === 1)
    const steady = new SteadyQueries([here.port], { name: 'www.gslb.example', subnet: LONDON }, FRA)

    // First nothing can be reached from there, then a Redis of its own: the replica, which knows all that was.
    wire.cut()
    await eventually(
      async () => (await statusOf(there)).store,
      ({ up, ageSeconds }) => !up && ageSeconds > 1,
    )
    expect(await metric(there, 'windrose_store_up{store="redis"}')).toBe(0)
    expect(await answerOf(there, LONDON)).toBe(FRA)
    const client = replica.client()
    await client.replicaof('NO', 'ONE')
    client.disconnect()
    wire.leadTo(replica.port)
    for (const name of ofThere) fleet.agents.get(name)!.reach({ [FRA]: null })

    // There they come to see another world, and operators do other things. Nothing of it is seen here.
    await untilAnswer(there, SIN)
    await there.verb('override', 'clear', 'iad')
    await untilAnswer(there, IAD)
    await there.verb('drain', 'sin', '--reason', 'there')
    expect(await here.verb('override', 'set', 'web/sin', 'down', '--reason', 'here')).toMatchObject({ code: 0 })
    await eventually(
      () => Promise.all([stateOf(here, 'eu-there'), stateOf(there, 'eu-here')]),
      (states) => states.every((state) => state === 'gone'),
    )
    expect(await metric(here, 'windrose_agents{vantage="eu",state="gone"}')).toBe(1)
    expect(await metric(there, 'windrose_agents{vantage="eu",state="gone"}')).toBe(1)
    expect((await there.verb('status')).output).toMatch(/eu-here +eu +gone/)

    expect((await statusOf(there)).endpoints.find(({ id }) => id === fra)).toMatchObject({ verdict: 'down', flags: [] })
    wire.leadTo(primary.port)
    const seenBy = async (server: TestServer) => {
      const { endpoints, overrides, agents, store } = await statusOf(server)
      const answers = []
      for (const subnet of [LONDON, GERMANY, AMERICA]) answers.push(await answerOf(server, subnet))
      return {
        answers,
        up: store.up,
        verdicts: endpoints.map(({ id, verdict, flags }) => [id, verdict, ...flags].join(' ')),
        overrides: overrides.map(({ target, reason }) => `${target} ${reason}`).sort(),
        agents: agents.map(({ name, state }) => `${name} ${state}`),
      }
    }
    const both = await eventually(
      () => Promise.all([seenBy(here), seenBy(there)]),
      ([one, other]) =>
        JSON.stringify(one) === JSON.stringify(other) &&
        one.up &&
        one.agents.every((agent) => agent.endsWith(' alive')) &&
        one.answers[0] === FRA &&
        one.overrides.length === 3,
      AGREED_MS,
    )
    // What was drained on either side is drained on both, and so is what was cleared on the side that was given up.
    expect(both[0].overrides).toEqual(['site:iad before', 'site:sin there', 'web/sin here'])

    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })

    // What the agents of either side say from now on is heard by both: down needs all of a vantage's two.
    for (const name of ofThere) fleet.agents.get(name)!.reach({})
    for (const server of [here, there]) {
      for (const override of (await statusOf(server)).overrides) await server.verb('override', 'clear', override.id)
    }
    await fleet.untilEach(({ endpoints }) => {
      const { vantages } = endpoints.find(({ id }) => id === fra)!
      return vantages.every(({ reason }) => reason === '2 of 2 agents: status 200')
    })
    await fleet.origins.get(FRA)!.close()
    await fleet.untilVerdict(fra, 'down')
    await fleet.origins.get(FRA)!.open()
    await fleet.untilVerdict(fra, 'up')
  })

  test('of which one is killed and started at random moments give equal answers, also where reports alone do not say which', async () => {
    const clients = [here, there].map(({ port }) => new UdpClient('127.0.0.1', port))
    const seen = new Set<string>()
    let longestMs = 0
    let isOver = false
    const compare = async () => {
      let since: number | undefined
      while (!isOver) {
        const asked = clients.map((client) => client.ask({ name: 'www.gslb.example', subnet: LONDON }, 500))
        const [one, other] = (await Promise.all(asked)).map((answer) => answer?.addresses)
        if (one === other || one === undefined || other === undefined) since = undefined
        else {
          since ??= performance.now()
          longestMs = Math.max(longestMs, performance.now() - since)
        }
        if (other !== undefined) seen.add(other)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
    const untilHere = (verdict: string) =>
      eventually(
        () => verdictOf(here, fra),
        (now) => now === verdict,
      )
    // Most of the time it is well by all reports, and held down for its last failure.
    const flap = async () => {
      while (!isOver) {
        await fleet.origins.get(FRA)!.close()
        await untilHere('down')
        await fleet.origins.get(FRA)!.open()
        await untilHere('up')
      }
    }
    const running = [compare(), flap()]
    const random = seededRandom(Date.now())
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, random() * 2500))
      await there.halt('SIGKILL')
      await there.start()
    }
    isOver = true
    await Promise.all(running)
    for (const client of clients) client.close()
    expect([...seen].sort()).toEqual([FRA, IAD])
    // What one hears a moment before the other; without the record it would be seconds.
    expect(longestMs).toBeLessThan(2000)
  })

  test('of which one starts anew take the word of the record, where too few speak to make another', async () => {
    for (const name of ['us-here', 'us-there']) await fleet.agents.get(name)!.stop()
    await fleet.untilAgents(['us-here', 'us-there'], 'gone')
    await fleet.origins.get(FRA)!.close()
    await fleet.untilEach(({ endpoints }) =>
      endpoints
        .find(({ id }) => id === fra)!
        .vantages.some(({ vantage, verdict }) => vantage === 'eu' && verdict === 'down'),
    )
    await there.halt('SIGKILL')
    rmSync(join(there.folder, 'state/health.json'))
    await there.start()
    for (const server of [here, there]) {
      expect(await answerOf(server, LONDON)).toBe(FRA)
      expect((await statusOf(server)).endpoints.find(({ id }) => id === fra)).toMatchObject({
        verdict: 'up',
        flags: ['stale'],
      })
    }
  })
})

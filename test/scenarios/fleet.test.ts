import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { Fleet, FRA, fra, IAD, redisAt, WEB } from '../support/fleet.ts'
import { eventually, windrose } from '../support/processes.ts'
import { statusOf } from '../support/status.ts'
import { NAMESPACE, TestAgent } from '../support/test-agent.ts'
import { UdpClient } from '../support/udp-client.ts'
import { LONDON } from '../support/zone.ts'

jest.setTimeout(300_000)

const THREE = `
  vantages: { eu: {}, us: {}, ap: {} }
  damping: off
`

describe('two servers and three agents that share a Redis', () => {
  let redis: RedisServer
  let fleet: Fleet
  let clients: UdpClient[]
  const answers = () =>
    Promise.all(
      clients.map(async (client) => (await client.ask({ name: 'www.gslb.example', subnet: LONDON }))?.addresses),
    )
  const untilAnswers = (address: string, withinMs?: number) =>
    eventually(answers, (all) => all.every((one) => one === address), withinMs)

  beforeAll(async () => {
    redis = await RedisServer.start()
    fleet = await Fleet.start(redisAt(redis.port), [FRA, IAD])
    await Promise.all([fleet.addServer(WEB, THREE), fleet.addServer(WEB, THREE)])
    await Promise.all(['eu', 'us', 'ap'].map((vantage) => fleet.addAgent(`agent-${vantage}`, vantage)))
    clients = fleet.servers.map(({ port }) => new UdpClient('127.0.0.1', port))
    await fleet.untilVerdict(fra, 'up')
    await untilAnswers(FRA)
  })

  afterAll(async () => {
    for (const client of clients) client.close()
    await fleet.stop()
    await redis.stop()
  })

  test('the agents take their checks from the store, and status shows them and what each vantage sees', async () => {
    for (const server of fleet.servers) {
      const { agents } = await eventually(
        () => statusOf(server),
        (status) => status.agents.length === 3 && status.agents.every(({ targets }) => targets === 2),
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

test('an agent whose store is away says so, and goes on trying', async () => {
  const redis = await RedisServer.start()
  await redis.kill()
  const agent = new TestAgent('eu', 'eu', redis.url)
  const untilSaid = (text: string) =>
    eventually(
      () => agent.output,
      (output) => output.includes(text),
    )
  await untilSaid('the store is out of reach, what is known is probed on')
  await redis.restart()
  await untilSaid('the store is within reach')
  expect(await agent.stop()).toBe(0)
  await redis.stop()
})

test('an agent whose user may not write under its name says so, and what to do; and again when it may', async () => {
  const redis = await RedisServer.start()
  const admin = redis.client()
  const { output: rules } = await windrose('store', 'acl', '--namespace', NAMESPACE, '--agent', 'other')
  const setUser = (text: string) => {
    const words = text.match(/ACL SETUSER .*/)![0].match(/"[^"]*"|\S+/g)!
    return admin.call(...(words.map((word) => word.replaceAll('"', '').replace('>PASSWORD', '>secret')) as [string]))
  }
  await setUser(rules)
  const { host } = new URL(redis.url)
  const agent = new TestAgent('eu', 'eu', `redis://windrose-agent-other:secret@${host}`)
  const untilSaid = (pattern: RegExp) => eventually(() => agent.output, pattern.test.bind(pattern))
  await untilSaid(/no server of namespace .* has said yet what to probe/)
  await untilSaid(/the store refuses what this agent asks for, .*NOPERM.*windrose store acl/)
  expect(agent.output).not.toContain('out of reach')
  await setUser(rules.replaceAll(':a:other:', ':a:eu:'))
  await untilSaid(/the store does again what it is asked for/)
  expect(await agent.stop()).toBe(0)
  admin.disconnect()
  await redis.stop()
})

test.each<[readonly string[], number, RegExp]>([
  [['agent', '--vantage', 'eu', '--store', 'redis://h', '--namespace', 'a b'], 1, /"a b" is no name/],
  [['agent', '--vantage', 'eu', '--store', 'redis://h', '--max-running', '0'], 2, /a whole number above 0/],
  [['store', 'acl', '--agent', '*'], 2, /"\*" is no name/],
  [['keys', 'agent', 'eu 1', '--out', 'eu-1.pem'], 2, /"eu 1" is no name/],
  [['keys', 'agent', 'eu-1', '--out', '/nowhere/eu-1.pem'], 1, /the key cannot be written: ENOENT/],
])('windrose %j ends with %i and a sentence', async (words, exit, sentence) => {
  const { code, output } = await windrose(...words)
  expect([code, output]).toEqual([exit, expect.stringMatching(sentence)])
})

test('an agent is not started with a store that is none', async () => {
  const { code, output } = await windrose('agent', '--vantage', 'eu', '--store', 'http://nowhere')
  expect(code).toBe(1)
  expect(output).toContain('"http://nowhere" is no redis:// or rediss:// URL')
})

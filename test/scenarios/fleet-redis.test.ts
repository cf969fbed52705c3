import { join } from 'node:path'
import { Verdict } from '@windrose/steering'
import { readWarmState } from '../../packages/server/src/health/warm-state.ts'
import { PRIMARY_ARGS, RedisSentinel } from '../../packages/store/src/redis-sentinel.fixture.ts'
import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { TcpProxy } from '../../packages/store/src/tcp-proxy.fixture.ts'
import { Fleet, FRA, fra, IAD, redisAt, redisBehind, WEB } from '../support/fleet.ts'
import { eventually } from '../support/processes.ts'
import { metric, statusOf } from '../support/status.ts'
import { LONDON } from '../support/zone.ts'

jest.setTimeout(300_000)

/** How soon all must be well again once Redis is. */
const RECOVERY_MS = 5000
const HEALTH = `
  vantages: { eu: {}, us: {}, ap: {} }
  damping: off
`

let nextStatus = 201

/**
 * Everything works: the store, the agents' leases, an override, and reports, which are seen to be new because the origin
 * answers otherwise from the call on. Gives what waits for it.
 */
function whenWell(fleet: Fleet, overrides: number): (withinMs?: number) => Promise<void> {
  const status = nextStatus++
  fleet.origins.get(FRA)!.status = status
  return (withinMs) =>
    fleet.untilEach(
      ({ store, agents, endpoints, overrides: inForce }) =>
        store.up &&
        store.ageSeconds === 0 &&
        agents.length === fleet.agents.size &&
        agents.every(({ state, ageSeconds }) => state === 'alive' && ageSeconds < 3) &&
        endpoints.find(({ id }) => id === fra)!.vantages.every(({ reason }) => reason.includes(`status ${status}`)) &&
        inForce.length === overrides,
      withinMs,
    )
}

describe('two servers and three agents whose Redis fails', () => {
  let redis: RedisServer
  let wire: TcpProxy
  let fleet: Fleet

  beforeAll(async () => {
    redis = await RedisServer.start()
    wire = await TcpProxy.to(redis.port)
    fleet = await Fleet.start(redisAt(wire.port), [FRA, IAD])
    await Promise.all([fleet.addServer(WEB, HEALTH), fleet.addServer(WEB, HEALTH)])
    await Promise.all(['eu', 'us', 'ap'].map((vantage) => fleet.addAgent(vantage, vantage)))
    await fleet.untilVerdict(fra, 'up')
    await fleet.servers[0]!.verb('drain', 'iad', '--reason', 'stays')
    await whenWell(fleet, 1)()
  })

  afterAll(async () => {
    await fleet.stop()
    await wire.close()
    await redis.stop()
  })

  test.each<[string, () => unknown, () => unknown]>([
    ['is killed, and comes back empty', () => redis.kill(), () => redis.restart()],
    ['stands still, and goes on', () => redis.signal('SIGSTOP'), () => redis.signal('SIGCONT')],
  ])(
    'that %s: no query is lost or changed, its age is told, and all is well five seconds after it',
    async (_, fail, mend) => {
      const steady = fleet.askSteadily(LONDON, FRA)
      await fail()
      await fleet.untilEach(({ store }) => !store.up && store.ageSeconds > 1)
      for (const server of fleet.servers) {
        expect(await metric(server, 'windrose_store_up{store="redis"}')).toBe(0)
        expect(await metric(server, 'windrose_store_age_seconds')).toBeGreaterThan(1)
        expect((await server.verb('status')).output).toMatch(
          /redis, out of reach for \d+ s, the last verdicts stand: \w+/,
        )
        expect(await server.verb('drain', 'sin', '--reason', 'too late')).toMatchObject({
          code: 3,
          output: expect.stringMatching(/the store of the overrides cannot be asked, those in force stand: .+/),
        })
        expect(await server.verb('override', 'list')).toMatchObject({
          code: 0,
          output: expect.stringMatching(/site:iad .* stays/),
        })
      }
      const untilWell = whenWell(fleet, 1)
      await mend()
      await untilWell(RECOVERY_MS)
      expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    },
  )

  test('that is 200 ms away: no query is lost or changed, and everything passes', async () => {
    const said = fleet.servers.map(({ running }) => running.output.length)
    const steady = fleet.askSteadily(LONDON, FRA)
    wire.delayMs = 100
    await fleet.servers[1]!.verb('drain', 'sin', '--reason', 'slowly')
    await whenWell(fleet, 2)()
    await fleet.servers[0]!.verb('override', 'clear', 'sin')
    await whenWell(fleet, 1)()
    const untilWell = whenWell(fleet, 1)
    wire.delayMs = 0
    await untilWell(RECOVERY_MS)
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    fleet.servers.forEach(({ running }, i) => {
      expect(running.output.slice(said[i])).not.toContain('out of reach')
    })
  })

  test('whose connections are cut in the middle of replies: no query is lost or changed, and nothing is misread', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    for (const octets of [1, 9, 40, 150, 300, 600, 1000]) {
      wire.cutAfter = octets
      wire.leadTo(redis.port)
      // As long as a reconnection and what is read after it take, and be it for nothing.
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
    const untilWell = whenWell(fleet, 1)
    wire.cutAfter = Number.POSITIVE_INFINITY
    await untilWell(RECOVERY_MS)
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    for (const server of fleet.servers) expect((await statusOf(server)).store.refused).toEqual({})
  })

  test('a server that is killed and starts while Redis is away answers as its peer does, and says that it is stale', async () => {
    const [first, second] = fleet.servers
    await fleet.origins.get(FRA)!.close()
    await fleet.untilVerdict(fra, 'down')
    await eventually(
      () => readWarmState(join(first!.folder, 'state/health.json')),
      (warm) =>
        warm !== undefined &&
        'state' in warm &&
        [...warm.state.targets.values()].some(({ global }) => global.verdict === Verdict.down),
    )
    await redis.kill()
    await first!.halt('SIGKILL')
    await first!.start()
    const again = fleet.askSteadily(LONDON, IAD)
    expect(first!.running.output).toMatch(/starts with the verdicts of \d+ s ago/)
    const status = await statusOf(first!)
    expect(status.store.up).toBe(false)
    expect(status.endpoints.map(({ flags }) => flags.includes('stale'))).toEqual([true, true])
    expect(status.overrides).toMatchObject([{ target: 'site:iad', reason: 'stays' }])
    expect((await statusOf(second!)).endpoints.find(({ id }) => id === fra)!.verdict).toBe('down')
    await redis.restart()
    await fleet.untilAgents(['eu', 'us', 'ap'])
    expect(await again.stop()).toMatchObject({ lost: 0, wrong: [] })
    await fleet.origins.get(FRA)!.open()
    await fleet.untilVerdict(fra, 'up')
    await fleet.untilEach(({ endpoints }) => endpoints.every(({ flags }) => !flags.includes('stale')))
  })
})

describe('a primary behind a Sentinel', () => {
  let primary: RedisServer
  let replica: RedisServer
  let sentinel: RedisSentinel
  let fleet: Fleet

  beforeAll(async () => {
    primary = await RedisServer.start(PRIMARY_ARGS)
    replica = await RedisServer.start(['--replicaof', '127.0.0.1', String(primary.port)])
    sentinel = await RedisSentinel.start(primary)
    fleet = await Fleet.start(redisBehind(sentinel), [FRA, IAD])
    await fleet.addServer(WEB, '  vantages: { eu: {}, us: {} }')
    await Promise.all(['eu', 'us'].map((vantage) => fleet.addAgent(vantage, vantage)))
    await fleet.untilVerdict(fra, 'up')
    await fleet.servers[0]!.verb('drain', 'iad', '--reason', 'stays')
    await whenWell(fleet, 1)()
  })

  afterAll(async () => {
    await fleet.stop()
    await sentinel.stop()
    await replica.stop()
    await primary.stop()
  })

  test('that hangs is followed by its replica, and is no primary when it goes on: no query is lost or changed', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    primary.signal('SIGSTOP')
    await fleet.untilEach(({ store }) => !store.up)
    const untilWell = whenWell(fleet, 1)
    await eventually(
      () => sentinel.primaryPort(),
      (port) => port === replica.port,
    )
    await untilWell(RECOVERY_MS)
    primary.signal('SIGCONT')
    await whenWell(fleet, 1)()
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
  })
})

import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { Fleet, FRA, fra, IAD, iad, redisAt, WEB } from '../support/fleet.ts'
import { statusOf, transitionsOf } from '../support/status.ts'
import type { Network } from '../support/test-agent.ts'
import { LONDON } from '../support/zone.ts'

jest.setTimeout(300_000)

const VANTAGES = ['a', 'b', 'c', 'd', 'e']
/** Down needs three of five. */
const WRONG = ['d', 'e']
const CONTROL = '127.0.8.10'
/**
 * With two that are wrong, a third one that says down decides. On a machine that has no time for it a probe comes too late,
 * but not so many in a row: each has almost two seconds.
 */
const FALL = 5

describe('five vantages, of which two are wrong', () => {
  let redis: RedisServer
  let fleet: Fleet
  /** What has turned, as seen from everywhere together. */
  let turned: string[]
  const reachWrongly = (network: Network) => {
    for (const name of WRONG) fleet.agents.get(name)!.reach(network)
  }
  /** Waits until both of the wrong ones say this of the endpoint: their paths to it are really such. */
  const untilTheySay = (endpoint: string, verdict: string) =>
    fleet.untilEach(({ endpoints }) =>
      endpoints
        .find(({ id }) => id === endpoint)!
        .vantages.every((one) => !WRONG.includes(one.vantage) || one.verdict === verdict),
    )
  const turn = async (verdict: 'up' | 'down') => {
    const origin = fleet.origins.get(FRA)!
    await (verdict === 'up' ? origin.open() : origin.close())
    await fleet.untilVerdict(fra, verdict)
    turned.push(verdict === 'up' ? `${fra} down up` : `${fra} up down`)
  }
  const expectNothingElseTurned = async () => {
    for (const server of fleet.servers) expect(await transitionsOf(server)).toEqual(turned)
  }

  beforeAll(async () => {
    redis = await RedisServer.start()
    fleet = await Fleet.start(redisAt(redis.port), [FRA, IAD, CONTROL])
    fleet.fall = FALL
    await fleet.addServer(
      WEB,
      `
  vantages: { ${VANTAGES.map((name) => `${name}: {}`).join(', ')} }
  damping: off
  control_targets: ["${CONTROL}:${fleet.originPort}"]
`,
    )
    await Promise.all(VANTAGES.map((name) => fleet.addAgent(name, name)))
    await fleet.untilAgents(VANTAGES)
    await fleet.untilEach(({ endpoints }) =>
      endpoints.every(
        ({ verdict, vantages, flags }) => verdict === 'up' && vantages.length === 5 && flags.length === 0,
      ),
    )
    turned = [...(await transitionsOf(fleet.servers[0]!))]
  })

  afterAll(async () => {
    await fleet.stop()
    await redis.stop()
  })

  test('because they reach nothing but their control targets: what they say is down stays up', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    reachWrongly({ [FRA]: null, [IAD]: null })
    await untilTheySay(fra, 'down')
    await untilTheySay(iad, 'down')
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    await expectNothingElseTurned()
  })

  test('because their paths lead elsewhere: what they say is up goes down, what they say is down stays up', async () => {
    reachWrongly({ [FRA]: CONTROL, [IAD]: null })
    await untilTheySay(fra, 'up')
    await turn('down')
    const steady = fleet.askSteadily(LONDON, IAD)
    await untilTheySay(fra, 'up')
    await untilTheySay(iad, 'down')
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    reachWrongly({ [FRA]: null, [IAD]: null })
    await untilTheySay(fra, 'down')
    await turn('up')
    await untilTheySay(fra, 'down')
    await expectNothingElseTurned()
  })

  test('because they are cut off: they have no vote, and the others decide', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    reachWrongly({ [FRA]: null, [IAD]: null, [CONTROL]: null })
    await fleet.untilAgents(WRONG, 'isolated')
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    await turn('down')
    await turn('up')
    expect((await statusOf(fleet.servers[0]!)).endpoints.map(({ flags }) => flags)).toEqual([[], []])
    await expectNothingElseTurned()
  })
})

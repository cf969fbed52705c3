import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeProbeTarget } from '@windrose/health'
import { Verdict } from '@windrose/steering'
import { createRedisStore, printPublicKey, signWith } from '@windrose/store'
import { RecordingFollower } from '../../packages/store/src/recording-follower.fixture.ts'
import { printCheckSet } from '../../packages/store/src/records/check-set-record.ts'
import { printLease } from '../../packages/store/src/records/lease-record.ts'
import { encodeReports } from '../../packages/store/src/records/report-record.ts'
import { encodeStates } from '../../packages/store/src/records/state-record.ts'
import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { accessTo, Fleet, FRA, fra, IAD, iad, redisAt, WEB } from '../support/fleet.ts'
import { eventually } from '../support/processes.ts'
import { metric, statusOf } from '../support/status.ts'
import { LONDON } from '../support/zone.ts'

jest.setTimeout(300_000)

const VANTAGES = ['eu', 'us', 'ap']
const BASE = '{windrose:fleet}'

let redis: RedisServer
let raw: ReturnType<RedisServer['client']>
let fleet: Fleet
/** Of the agents, and of those that tests write for. */
let keys: string
const secrets = new Map(
  [...VANTAGES, 'other', 'newer', 'forger'].map((name) => [name, generateKeyPairSync('ed25519').privateKey] as const),
)

beforeAll(async () => {
  redis = await RedisServer.start()
  raw = redis.client()
  keys = mkdtempSync(join(tmpdir(), 'windrose-keys-'))
  const trusted: string[] = []
  for (const [name, key] of secrets) {
    writeFileSync(join(keys, name), key.export({ format: 'pem', type: 'pkcs8' }))
    if (name !== 'forger') trusted.push(`${name}: "${printPublicKey(key)}"`)
  }
  fleet = await Fleet.start(redisAt(redis.port), [FRA, IAD])
  await fleet.addServer(
    WEB,
    `
  vantages: { ${VANTAGES.map((name) => `${name}: {}`).join(', ')} }
  damping: off
  require_signed: on
  trusted_keys: { ${trusted.join(', ')} }
`,
  )
  await Promise.all(VANTAGES.map((name) => fleet.addAgent(name, name, { signingKey: join(keys, name) })))
  await fleet.untilVerdict(fra, 'up')
  await fleet.untilAgents(VANTAGES)
})

afterAll(async () => {
  await fleet.stop()
  raw.disconnect()
  await redis.stop()
  rmSync(keys, { recursive: true })
})

/** What the server has said once, or more often, of something that it refused. */
const timesTold = (problem: string): number =>
  fleet.servers[0]!.running.output.split('\n').filter((line) => line.includes('"refused ') && line.includes(problem))
    .length

/** Writes what is not to be taken; it is refused, counted, told once, and nothing else changes by it. */
async function expectRefused(agent: string, problem: string, write: () => Promise<unknown>): Promise<void> {
  const counter = `windrose_store_refused_total{agent="${agent}"}`
  const before = (await metric(fleet.servers[0]!, counter)) ?? 0
  await write()
  await eventually(
    () => timesTold(problem),
    (times) => times === 1,
  )
  expect(await metric(fleet.servers[0]!, counter)).toBeGreaterThan(before)
}

const content = { incarnation: 1_000_000, sequence: 1, at: 1, reports: [] }
const logOf = (agent: string): string => `${BASE}:a:${agent}:log`

function ofFormat(format: number, record: Uint8Array): Buffer {
  const octets = Buffer.from(record)
  octets[0] = format
  return octets
}

describe('what is not to be in the store', () => {
  test('garbage, truncated, oversized, unsigned and replayed reports are refused and told once; the rest works', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    const add = (record: Uint8Array) => () => raw.xadd(logOf('eu'), '*', 'd', Buffer.from(record))
    await expectRefused('eu', 'octets are no record', add(Buffer.from('garbage')))
    await expectRefused('eu', 'a text is cut off', add(encodeReports({ ...content, dropped: ['ff'] }).subarray(0, 22)))
    await expectRefused('eu', 'octets, more than', add(Buffer.alloc(5 * 2 ** 20, 1)))
    await expectRefused('eu', 'a change without a signature', add(encodeReports(content)))
    await raw.sadd(`${BASE}:agents`, 'other')
    await expectRefused('other', 'a lease that is not JSON', () =>
      raw.set(`${BASE}:a:other:lease`, '\nlease', 'PX', 20_000),
    )

    const [[, said] = []] = await raw.xrevrangeBuffer(logOf('us'), '+', '-', 'COUNT', 1)
    const saidWhole = await raw.getBuffer(`${BASE}:a:us:table`)
    const forger = createRedisStore({ access: accessTo(redis), name: 'forger', sign: signWith(secrets.get('forger')!) })
    const agents = (await statusOf(fleet.servers[0]!)).agents
    const { incarnation } = agents.find(({ name }) => name === 'ap')!
    await expectRefused('ap', 'a change with a wrong signature', () =>
      forger.publish({ ...content, agent: 'ap', incarnation, sequence: 1000, dropped: [] }),
    )
    await expectRefused('forger', 'no key is trusted for forger', () => forger.enroll('forger', 0))
    await forger.close()
    // All three are heard, and on what is new.
    fleet.origins.get(FRA)!.status = 203
    await fleet.untilEach(({ endpoints, agents }) => {
      const { vantages } = endpoints.find(({ id }) => id === fra)!
      const areHeard = VANTAGES.every((name) => agents.some((one) => one.name === name && one.state === 'alive'))
      return areHeard && vantages.every(({ verdict, reason }) => verdict === 'up' && reason.includes('status 203'))
    })
    // Played again: what was said with the others is passed over, all that was said once is refused.
    for (let i = 0; i < 20; i++) await raw.xadd(logOf('us'), '*', ...(said as Buffer[]))
    await expectRefused('us', 'a table that is older than what is known', async () => {
      // With the changes that follow it in the log it would say nothing but what is known.
      await raw.del(logOf('us'))
      await raw.set(`${BASE}:a:us:table`, saidWhole as Buffer)
      await raw.xadd(logOf('us'), '*', 'w', '99')
    })
    fleet.origins.get(FRA)!.status = 200
    await fleet.untilEach(({ endpoints }) =>
      endpoints.find(({ id }) => id === fra)!.vantages.every(({ reason }) => reason.includes('status 200')),
    )
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    // The changes that were in its log are lost to whoever comes now; after a start it writes all anew.
    await fleet.agents.get('us')!.stop()
    await fleet.addAgent('us', 'us', { signingKey: join(keys, 'us') })
    await fleet.untilAgents(VANTAGES)
  })
})

describe('what another version writes', () => {
  test('agents of the versions before and after: their reports and leases are refused with a sentence, the others are heard', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    await raw.sadd(`${BASE}:agents`, 'newer')
    await expectRefused('newer', 'format 2, not 1: written by another version', () =>
      raw.xadd(logOf('newer'), '*', 'd', ofFormat(2, encodeReports(content))),
    )
    await expectRefused('newer', 'format 0, not 1: written by another version', async () => {
      const table = Buffer.concat([Buffer.from('\u00039-0\u0000', 'latin1'), ofFormat(0, encodeReports(content))])
      await raw.set(`${BASE}:a:newer:table`, table)
      await raw.xadd(logOf('newer'), '*', 'w', '2')
    })
    const newer = { agent: 'newer', vantage: 'eu', incarnation: 1, sequence: 1, beat: 1, ttlMs: 5000, isolated: false }
    const lease = JSON.parse(printLease({ ...newer, targets: 2, version: '9.0.0' }))
    await expectRefused('newer', 'a lease of format 2, not 1', () =>
      raw.set(`${BASE}:a:newer:lease`, `\n${JSON.stringify({ ...lease, format: 2 })}`, 'PX', 20_000),
    )
    await fleet.untilAgents(VANTAGES)
    expect((await statusOf(fleet.servers[0]!)).agents.map(({ name }) => name)).not.toContain('newer')
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
  })

  test('a server of another version that keeps the verdicts: its states are refused with a sentence, and this one judges by itself', async () => {
    const steady = fleet.askSteadily(LONDON, FRA)
    await raw.set(`${BASE}:keeper`, 'newer 1000000')
    await fleet.untilEach(({ store }) => !store.keeper)
    const states = ofFormat(
      2,
      encodeStates({ fence: 1_000_000, sequence: 1, states: new Map([['00'.repeat(16), Buffer.from('state')]]) }),
    )
    await expectRefused('', 'states of format 2, not 1: written by another version', async () => {
      const id = await raw.xadd(`${BASE}:states:log`, '*', 'w', '1')
      const head = Buffer.from(`${String.fromCharCode(id!.length)}${id}\u0000`, 'latin1')
      await raw.set(`${BASE}:states`, Buffer.concat([head, states]))
      for (let i = 0; i < 5; i++) await raw.xadd(`${BASE}:states:log`, '*', 'd', states, 's', '')
    })
    expect(await steady.stop()).toMatchObject({ lost: 0, wrong: [] })
    await fleet.origins.get(FRA)!.close()
    await fleet.untilVerdict(fra, 'down')
    await fleet.origins.get(FRA)!.open()
    await fleet.untilVerdict(fra, 'up')
    // It was read a few times, not over and over.
    expect(await metric(fleet.servers[0]!, 'windrose_store_refused_total{agent=""}')).toBeLessThan(50)
    await raw.del(`${BASE}:keeper`)
    await fleet.untilEach(({ store }) => store.keeper)
  })

  test('a server of another version that wants probes: agents say that they cannot read that, and probe for the others', async () => {
    const check = {
      name: 'later',
      type: 'quic',
      port: 443,
      intervalMs: 500,
      timeoutMs: 400,
      rise: 1,
      fall: 1,
      jitter: 0,
    }
    const target = makeProbeTarget('127.0.6.10', 'ipv4', check as never)
    const readable = printCheckSet({ revision: 'later', targets: [target], controlTargets: [] })
    const put = async (server: string, text: string) => {
      const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
      await raw.set(`${BASE}:checks:${digest}`, text, 'PX', 60_000)
      await raw.sadd(`${BASE}:servers`, server)
      await raw.set(`${BASE}:s:${server}`, digest, 'PX', 60_000)
    }
    const tellsOf = (problem: string) =>
      [...fleet.agents.values()].map(({ output }) => output.split(problem).length - 1)
    await put('ams-2', readable.replace('"format":1', '"format":2'))
    const problem = 'the checks of server ams-2: a set of checks of format 2, not 1'
    await eventually(
      () => tellsOf(problem),
      (times) => times.every((count) => count > 0),
    )
    // The same in the format that they know, with a check that they do not.
    await put('ams-3', readable)
    await fleet.untilEach(({ agents }) => agents.filter(({ targets }) => targets === 3).length === 3)
    const observer = createRedisStore({ access: accessTo(redis), name: 'observer' })
    observer.follow(new RecordingFollower())
    await eventually(
      () => observer.book.reports(target.id).map(({ verdict, reason }) => [verdict, reason]),
      (reports) => reports.length === 3,
    )
    for (const { verdict, reason } of observer.book.reports(target.id)) {
      expect([verdict, reason]).toEqual([Verdict.unknown, "this agent's version knows no checks of type quic"])
    }
    await observer.close()
    expect(tellsOf(problem)).toEqual([1, 1, 1])
    expect((await statusOf(fleet.servers[0]!)).endpoints.map(({ verdict }) => verdict)).toEqual(['up', 'up'])
    for (const server of ['ams-2', 'ams-3']) await raw.del(`${BASE}:s:${server}`)
  })

  test('overrides of another version: those with an action that is not known are refused, what they say more is passed over', async () => {
    const override = {
      target: { kind: 'site', site: 'iad' },
      reason: 'later',
      author: 'ada',
      createdAt: 1,
      colour: 'red',
    }
    const put = (id: string, action: string) => async () => {
      await raw.hset(`${BASE}:overrides`, id, JSON.stringify({ id, action, ...override }))
      await raw.xadd(`${BASE}:audit`, '*', 'action', 'put', 'by', 'ada', 'override', '{}')
    }
    await expectRefused('', 'override o1: \\"action\\" is none of drain, down, up', put('o1', 'throttle'))
    await put('o2', 'drain')()
    await fleet.untilEach(({ overrides }) => overrides.map(({ id }) => id).join() === 'o2')
    await raw.del(`${BASE}:overrides`)
  })

  test('a state on disk of another version: the server says so and starts from the store', async () => {
    const server = fleet.servers[0]!
    await server.halt()
    const file = join(server.folder, 'state/health.json')
    const body = readFileSync(file, 'utf8').split('\n')[1]!.replace('"format":1', '"format":2')
    writeFileSync(file, `${createHash('sha256').update(body).digest('hex')}\n${body}\n`)
    await server.start()
    expect(server.running.output).toContain('health.json cannot be used, starting without it: it is of format 2, not 1')
    await fleet.untilEach(({ endpoints }) => endpoints.every(({ verdict }) => verdict === 'up'))
    expect((await statusOf(server)).endpoints.map(({ id }) => id)).toEqual([fra, iad])
  })
})

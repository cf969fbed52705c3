import { Redis } from 'ioredis'
import type { RecordingFollower } from '../recording-follower.fixture.ts'
import { encodeReports } from '../records/report-record.ts'
import { RedisServer } from '../redis-server.fixture.ts'
import { batch, lease, override, said, T1, T2, until } from '../store.laws.ts'
import type { Store } from '../store.ts'
import { TcpProxy } from '../tcp-proxy.fixture.ts'
import type { RedisStoreOptions } from './redis-store.ts'
import { follow, TestStores } from './test-stores.fixture.ts'

jest.setTimeout(40_000)

/** What an issue of trust must not take longer than, once Redis is well again. */
const RECOVERY_MS = 5000

let redis: RedisServer
const stores = new TestStores()
beforeEach(async () => {
  redis = await RedisServer.start()
})
afterEach(async () => {
  await stores.close()
  await redis.stop()
})

function open(name: string, change: Partial<RedisStoreOptions> = {}, port = redis.port): Store {
  return stores.open(name, port, change)
}

/** An agent that holds its lease and says one thing, and goes on as agents do when Redis comes back. */
class TestAgent {
  readonly #store: Store
  readonly #timer: NodeJS.Timeout
  incarnation = 0
  #sequence = 0
  #beat = 0
  #busy = false

  constructor(store: Store) {
    this.#store = store
    this.#timer = setInterval(() => void this.#live(), 100)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #live(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      const { incarnation } = this
      const held = lease({ incarnation, sequence: this.#sequence, beat: ++this.#beat, ttlMs: 1500 })
      const outcome = incarnation === 0 ? 'unknown' : await this.#store.renew(held)
      if (outcome === 'unknown') {
        this.incarnation = await this.#store.enroll('a', incarnation)
        this.#sequence = 1
        await this.#store.publishWhole(batch({ incarnation: this.incarnation, reports: [said()] }))
      }
    } catch {
      // Away; again in a moment.
    }
    this.#busy = false
  }
}

describe('a server that follows Redis', () => {
  test('keeps all it knows while Redis is dead, and is in step again when it comes back empty', async () => {
    const server = open('server')
    const seen = await follow(server)
    const agent = new TestAgent(open('agent'))
    await until(() => server.book.agents.get('a')?.alive === true && server.book.reports(T1).length === 1)
    await server.putOverride(override())
    await until(() => seen.overrides.length === 1)
    const { incarnation } = agent

    await redis.kill()
    await until(() => seen.links.at(-1)?.up === false)
    expect(seen.links.at(-1)!.reason).toMatch(/ECONN|closed|reach/i)
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expect(server.book.agents.get('a')?.alive).toBe(true)
    expect(server.book.reports(T1)).toHaveLength(1)
    expect(seen.overrides).toHaveLength(1)
    await expect(server.putOverride(override({ id: 'o2' }))).rejects.toThrow()

    await redis.restart()
    await until(() => server.link.up, RECOVERY_MS)
    await until(() => server.book.reports(T1)[0]?.incarnation === incarnation + 1, RECOVERY_MS)
    expect(server.book.agents.get('a')?.alive).toBe(true)
    expect(await server.overrides()).toEqual([override()])
    expect((await server.audit(5))[0]).toMatchObject({ action: 'put', by: 'server, which still knew it' })
    agent.stop()
  })

  test('keeps all it knows while Redis hangs, and goes on when it goes on', async () => {
    const server = open('server')
    const seen = await follow(server)
    const agent = new TestAgent(open('agent'))
    await until(() => server.book.agents.get('a')?.alive === true)
    redis.signal('SIGSTOP')
    await until(() => seen.links.at(-1)?.up === false)
    await new Promise((resolve) => setTimeout(resolve, 3000))
    expect(server.book.agents.get('a')?.alive).toBe(true)
    redis.signal('SIGCONT')
    await until(() => server.link.up, RECOVERY_MS)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(server.book.agents.get('a')?.alive).toBe(true)
    agent.stop()
  })

  test('puts overrides back when Redis is emptied behind its back, but not what others removed since', async () => {
    const raw = new Redis(redis.url)
    const server = open('server')
    const seen = await follow(server)
    await server.putOverride(override())
    await server.putOverride(override({ id: 'o2', createdAt: 2000 }))
    await until(() => seen.overrides.length === 2)
    await raw.flushall()
    await until(() => seen.all.length >= 2)
    await until(() => seen.overrides.length === 2)
    expect((await server.overrides()).map(({ id }) => id)).toEqual(['o1', 'o2'])

    // It knows both; of the emptied Redis it learns that one was removed there.
    const remembered = seen.overrides
    await server.removeOverride('o1', 'ada')
    const other = open('other', { remembered })
    const heard = await follow(other)
    expect(heard.overrides.map(({ id }) => id)).toEqual(['o2'])
    raw.disconnect()
  })

  test('puts overrides back also where somebody else has written into the emptied Redis before it noticed', async () => {
    const raw = new Redis(redis.url)
    const server = open('server')
    const seen = await follow(server)
    await server.putOverride(override())
    await until(() => seen.overrides.length === 1)
    const action = ['action', 'put', 'by', 'other', 'override', '{}'] as const
    await raw
      .multi()
      .flushall()
      .xadd('{windrose:prod}:audit', '*', ...action)
      .exec()
    await until(() => seen.all.length >= 2)
    expect(seen.overrides).toEqual([override()])
    expect(await server.overrides()).toEqual([override()])
    raw.disconnect()
  })

  test('that starts anew puts back what it remembers of a Redis that was another one', async () => {
    const server = open('server', { remembered: [override()] })
    const seen = await follow(server)
    expect(seen.overrides).toEqual([override()])
  })

  test('whose clock is ahead does not end an override in Redis', async () => {
    const server = open('server')
    const running = override({ expiresAt: Date.now() + 3_600_000 })
    await server.putOverride(running)
    expect(await server.endOverride(running)).toEqual({ changed: false })
    expect(await server.overrides()).toHaveLength(1)
  })

  test('hears of everything from a Redis that is 200 ms away', async () => {
    const proxy = await TcpProxy.to(redis.port)
    proxy.delayMs = 100
    const server = open('server', {}, proxy.port)
    const seen = await follow(server)
    const agent = open('agent')
    const incarnation = await agent.enroll('a', 0)
    await agent.publishWhole(batch({ incarnation, reports: [] }))
    await agent.publish(batch({ incarnation, sequence: 2, reports: [said({ verdict: 2 })] }))
    await until(() => server.book.reports(T1)[0]?.verdict === 2)
    expect(seen.links.every(({ up }) => up)).toBe(true)
    await proxy.close()
  })

  test('loses nothing when its connections are cut in the middle of answers', async () => {
    const proxy = await TcpProxy.to(redis.port)
    const server = open('server', {}, proxy.port)
    const seen = await follow(server)
    const agent = open('agent')
    const incarnation = await agent.enroll('a', 0)
    await agent.publishWhole(batch({ incarnation, reports: [] }))
    for (let round = 0; round < 5; round++) {
      proxy.cutAfter = 300 + round * 37
      proxy.cut()
      proxy.mend()
      for (let i = 0; i < 3; i++) {
        const sequence = 2 + round * 3 + i
        await agent.publish(batch({ incarnation, sequence, reports: [said({ reason: `status ${sequence}` })] }))
      }
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
    proxy.cutAfter = Number.POSITIVE_INFINITY
    await until(() => server.book.reports(T1)[0]?.reason === 'status 16', RECOVERY_MS)
    expect(seen.refusals).toEqual([])
    await proxy.close()
  })

  test('reads an agent again whose log was cut short behind its back', async () => {
    const server = open('server')
    await follow(server)
    const agent = open('agent')
    const incarnation = await agent.enroll('a', 0)
    await agent.publishWhole(batch({ incarnation, reports: [said()] }))
    await until(() => server.book.reports(T1).length === 1)
    // Batches that never reach this server: written and trimmed within one command of another client.
    const raw = new Redis(redis.url)
    const whole = encodeReports({ incarnation, sequence: 9, at: 1, reports: [said(), said({ target: T2 })] })
    await raw.set('{windrose:prod}:a:a:table', Buffer.concat([Buffer.from('\u00039-0\u0000', 'latin1'), whole]))
    await raw.set('{windrose:prod}:a:a:sequence', 9)
    await agent.renew(lease({ incarnation, sequence: 9 }))
    await until(() => server.book.reports(T2).length === 1, 3000)
    raw.disconnect()
  })
})

describe('what does not belong into the store', () => {
  let raw: Redis
  let server: Store
  let seen: RecordingFollower
  let incarnation: number
  beforeEach(async () => {
    raw = new Redis(redis.url)
    server = open('server')
    seen = await follow(server)
    const agent = open('agent')
    incarnation = await agent.enroll('a', 0)
    await agent.publishWhole(batch({ incarnation, reports: [said()] }))
    await until(() => server.book.reports(T1).length === 1)
  })
  afterEach(() => {
    raw.disconnect()
  })

  const log = '{windrose:prod}:a:a:log'
  const stillWorks = async () => {
    const agent = open('agent two')
    const second = await agent.enroll('b', 0)
    await agent.publishWhole(batch({ agent: 'b', incarnation: second, reports: [said()] }))
    await until(() => server.book.reports(T1).length === 2)
  }

  test.each<[string, () => Promise<unknown>, string | RegExp]>([
    [
      'garbage in a log',
      () => raw.xadd(log, '*', 'd', Buffer.from('\u0007garbage garbage gar')),
      /octets are no record/,
    ],
    ['an entry without a record', () => raw.xadd(log, '*', 'x', 'y'), 'a change without a record'],
    [
      'a record that is cut off',
      () => raw.xadd(log, '*', 'd', Buffer.from(encodeReports(batch({ reports: [said()] }))).subarray(0, 30)),
      /cut off|cells/,
    ],
    ['a record that is too large', () => raw.xadd(log, '*', 'd', Buffer.alloc(5 * 2 ** 20, 1)), /more than/],
    ['a record of another version', () => raw.xadd(log, '*', 'd', Buffer.alloc(40, 9)), /written by another version/],
    [
      'reports of an earlier incarnation',
      () =>
        raw.xadd(log, '*', 'd', Buffer.from(encodeReports(batch({ incarnation: 0, reports: [said({ verdict: 2 })] })))),
      'reports of an earlier incarnation',
    ],
    ['a lease that is none', () => raw.set('{windrose:prod}:a:a:lease', '\n{"format":1}'), /a lease/],
    ['a lease of somebody else', () => raw.set('{windrose:prod}:a:a:lease', leaseOf('b')), 'a lease of b'],
    [
      'an agent with an odd name',
      async () => {
        // With nothing behind it the name would be swept away.
        await raw.set('{windrose:prod}:a:no name:incarnation', '1')
        await raw.sadd('{windrose:prod}:agents', 'no name')
      },
      /without a proper name/,
    ],
  ])('%s is refused and told, and the rest works', async (_, write, problem) => {
    await write()
    await until(() => seen.refusals.length > 0)
    expect(seen.refusals[0]!.problem).toEqual(problem instanceof RegExp ? expect.stringMatching(problem) : problem)
    expect(server.book.reports(T1)).toMatchObject([{ agent: 'a', verdict: 1 }])
    await stillWorks()
  })

  test('a batch that is played again changes nothing', async () => {
    const agent = open('agent')
    const old = Buffer.from(encodeReports(batch({ incarnation, sequence: 2, reports: [said({ verdict: 2 })] })))
    await raw.xadd(log, '*', 'd', old)
    await until(() => server.book.reports(T1)[0]?.verdict === 2)
    await agent.publish(batch({ incarnation, sequence: 3, reports: [said({ verdict: 1 })] }))
    await until(() => server.book.reports(T1)[0]?.verdict === 1)
    await raw.xadd(log, '*', 'd', old)
    await stillWorks()
    expect(server.book.reports(T1)[0]?.verdict).toBe(1)
  })
})

function leaseOf(agent: string): string {
  return `\n${JSON.stringify({ format: 1, ...lease({ agent }) })}`
}

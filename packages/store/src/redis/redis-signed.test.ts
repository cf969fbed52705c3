import { generateKeyPairSync } from 'node:crypto'
import { Redis } from 'ioredis'
import { RedisServer } from '../redis-server.fixture.ts'
import { printPublicKey, signWith, type Trust } from '../signing.ts'
import { batch, lease, said, T1, until } from '../store.laws.ts'
import type { Store } from '../store.ts'
import type { RedisStoreOptions } from './redis-store.ts'
import { follow, TestStores } from './test-stores.fixture.ts'

let redis: RedisServer
const stores = new TestStores()
beforeEach(async () => {
  redis = await RedisServer.start()
})
afterEach(async () => {
  await stores.close()
  await redis.stop()
})

function open(name: string, change: Partial<RedisStoreOptions> = {}): Store {
  return stores.open(name, redis.port, change)
}

describe('a server that asks for signatures', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const trust: Trust = { keys: new Map([['a', publicKey]]), required: true }

  test('takes what the agent signed, and nothing else', async () => {
    const server = open('server', { trust })
    const seen = await follow(server)
    const agent = open('agent', { sign: signWith(privateKey) })
    const incarnation = await agent.enroll('a', 0)
    await agent.publishWhole(batch({ incarnation, reports: [said()] }))
    await agent.renew(lease({ incarnation }))
    await until(() => server.book.reports(T1).length === 1 && server.book.agents.get('a')?.alive === true)

    const forger = open('forger')
    await forger.publish(batch({ incarnation, sequence: 2, reports: [said({ verdict: 2 })] }))
    await until(() => seen.refusals.length > 0)
    const other = await forger.enroll('b', 0)
    await forger.publishWhole(batch({ agent: 'b', incarnation: other, reports: [said({ verdict: 2 })] }))
    await forger.renew(lease({ agent: 'b', incarnation: other }))
    await until(() => seen.refusals.some(({ agent: name }) => name === 'b'))
    expect(server.book.reports(T1)).toMatchObject([{ agent: 'a', verdict: 1 }])
    expect(server.book.agents.get('b')?.alive ?? false).toBe(false)
    expect(seen.refusals.map(({ problem }) => problem)).toContain('a change without a signature')
  })

  test('takes no table that is older than what it has seen, and no lease that is not renewed', async () => {
    const raw = new Redis(redis.url)
    const server = open('server', { trust })
    const seen = await follow(server)
    const agent = open('agent', { sign: signWith(privateKey) })
    const incarnation = await agent.enroll('a', 0)
    await agent.publishWhole(batch({ incarnation, reports: [said({ verdict: 2 })] }))
    const old = (await raw.getBuffer('{windrose:prod}:a:a:table'))!
    await agent.publishWhole(batch({ incarnation, sequence: 2, reports: [said()] }))
    await agent.renew(lease({ incarnation, sequence: 2, ttlMs: 1000 }))
    await until(() => server.book.reports(T1)[0]?.verdict === 1 && server.book.agents.get('a')?.alive === true)

    const written = (await raw.get('{windrose:prod}:a:a:lease'))!
    const again = setInterval(() => void raw.set('{windrose:prod}:a:a:lease', written), 100)
    await raw.set('{windrose:prod}:a:a:table', old)
    await raw.xadd('{windrose:prod}:a:a:log', '*', 'w', '99')
    await until(() => seen.refusals.some(({ problem }) => problem === 'a table that is older than what is known'))
    expect(server.book.reports(T1)).toMatchObject([{ verdict: 1 }])
    await until(() => server.book.agents.get('a')?.alive === false)
    clearInterval(again)
    raw.disconnect()
  })
})

describe('a server that is started again', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const trust: Trust = { keys: new Map([['a', publicKey]]), required: true }
  let raw: Redis
  beforeEach(() => {
    raw = new Redis(redis.url)
  })
  afterEach(() => raw.disconnect())

  const TABLE = '{windrose:prod}:a:a:table'
  const LEASE = '{windrose:prod}:a:a:lease'

  /** An agent says down, and then up; then somebody puts into Redis what it said first. Gives what the server knew. */
  async function replay(): Promise<Store['signed']> {
    const server = open('server', { trust })
    await follow(server)
    const agent = open('agent', { sign: signWith(privateKey) })
    const incarnation = await agent.enroll('a', 0)
    await agent.publishWhole(batch({ incarnation, reports: [said({ verdict: 2 })] }))
    await agent.renew(lease({ incarnation, beat: 1 }))
    const [table, first] = [(await raw.getBuffer(TABLE))!, (await raw.get(LEASE))!]
    await agent.publish(batch({ incarnation, sequence: 2, reports: [said()] }))
    await agent.renew(lease({ incarnation, sequence: 2, beat: 2 }))
    await until(() => server.book.reports(T1)[0]?.verdict === 1)
    await until(() => server.signed.get('a')?.beat === 2)
    expect(server.signed.get('a')).toMatchObject({ incarnation, sequence: 2 })
    const known = new Map(server.signed)
    await server.close()
    await raw.del('{windrose:prod}:a:a:log')
    await raw.set(TABLE, table)
    await raw.set(LEASE, first)
    return known
  }

  test('refuses what is played again, table and lease, if it remembers what it has seen', async () => {
    const server = open('server', { trust, signed: await replay() })
    const seen = await follow(server)
    expect(seen.refusals.map(({ problem }) => problem)).toEqual(
      expect.arrayContaining(['a table that is older than what is known', 'a lease that is older than what is known']),
    )
    expect(server.book.reports(T1)).toEqual([])
    expect(server.book.agents.get('a')?.alive ?? false).toBe(false)
    // The agent itself goes on.
    const agent = open('agent', { sign: signWith(privateKey) })
    const incarnation = await agent.enroll('a', 1)
    await agent.publishWhole(batch({ incarnation, reports: [said()] }))
    await agent.renew(lease({ incarnation }))
    await until(() => server.book.reports(T1)[0]?.verdict === 1 && server.book.agents.get('a')?.alive === true)
  })

  test('would believe it if it remembered nothing, or only of another key', async () => {
    const known = await replay()
    const another = printPublicKey(generateKeyPairSync('ed25519').publicKey)
    for (const signed of [undefined, new Map([['a', { ...known.get('a')!, key: another }]])]) {
      const server = open('server', { trust, signed })
      await follow(server)
      expect(server.book.reports(T1)).toMatchObject([{ verdict: 2 }])
      await server.close()
    }
  })

  test('takes a table with the changes since, up to what it remembers and beyond: that is no replay', async () => {
    const first = open('server', { trust })
    await follow(first)
    const agent = open('agent', { sign: signWith(privateKey) })
    const incarnation = await agent.enroll('a', 0)
    await agent.publishWhole(batch({ incarnation, reports: [said({ verdict: 2 })] }))
    await agent.publish(batch({ incarnation, sequence: 2, reports: [said()] }))
    await agent.renew(lease({ incarnation, sequence: 2, beat: 1 }))
    await until(() => first.signed.get('a')?.sequence === 2 && first.signed.get('a')?.beat === 1)
    const signed = new Map(first.signed)
    await first.close()
    await agent.publish(batch({ incarnation, sequence: 3, reports: [said({ reason: 'while nobody looked' })] }))
    const second = open('server', { trust, signed })
    const seen = await follow(second)
    expect(second.book.reports(T1)).toMatchObject([{ verdict: 1, reason: 'while nobody looked' }])
    await agent.publish(batch({ incarnation, sequence: 4, reports: [said({ verdict: 2 })] }))
    await until(() => second.book.reports(T1)[0]?.verdict === 2)
    expect(seen.refusals).toEqual([])
  })

  test('takes the last lease as it stands: that is no replay', async () => {
    const known = await replay()
    const { incarnation } = known.get('a')!
    await open('agent', { sign: signWith(privateKey) }).renew(lease({ incarnation, sequence: 2, beat: 2 }))
    const server = open('server', { trust, signed: known })
    await follow(server)
    expect(server.book.agents.get('a')?.alive).toBe(true)
  })
})

import { Redis } from 'ioredis'
import type { RecordingFollower } from '../recording-follower.fixture.ts'
import { RedisServer } from '../redis-server.fixture.ts'
import { load, pool, until } from '../store.laws.ts'
import type { Store } from '../store.ts'
import { follow, TestStores } from './test-stores.fixture.ts'

jest.setTimeout(40_000)

let redis: RedisServer
let raw: Redis
const stores = new TestStores()
beforeEach(async () => {
  redis = await RedisServer.start()
  raw = new Redis(redis.url)
  raw.on('error', () => undefined)
})
afterEach(async () => {
  raw.disconnect()
  await stores.close()
  await redis.stop()
})

async function open(name: string): Promise<{ store: Store; seen: RecordingFollower }> {
  const store = stores.open(name, redis.port)
  return { store, seen: await follow(store) }
}

test('a load is there before anything else is told, for a server that starts', async () => {
  const { store: one } = await open('one')
  await one.publishLoad(load({ incarnation: await one.enrollServer('one', 0) }), 60_000)
  const { store: two } = await open('two')
  expect(two.loads.byPool()).toEqual([{ service: 'web', site: 'fra', perSecond: 5, smoothed: 4 }])
})

test('a record that cannot be taken is refused with a sentence that does not change, and what was known counts no more', async () => {
  const { store: writer } = await open('writer')
  const { store, seen } = await open('reader')
  const records = {
    one: '{"format":2,"server":"one"}',
    two: 'garbled',
    three: '{"format":1,"server":"one","incarnation":1,"sequence":2,"upMs":1,"pools":[]}',
  }
  for (const server of Object.keys(records)) {
    await writer.publishLoad(load({ server, incarnation: await writer.enrollServer(server, 0) }), 60_000)
  }
  await until(() => store.loads.servers.size === 3)
  for (const [server, text] of Object.entries(records)) await raw.set(`{windrose:prod}:load:${server}`, text)
  await until(() => store.loads.servers.size === 0, 15_000)
  expect(new Set(seen.refusals.map(({ agent, problem }) => agent + problem))).toEqual(
    new Set([
      'server one: a load of format 2, not 1: written by another version',
      'server two: a load that is not JSON',
      'server three: a load of one',
    ]),
  )
})

test('while Redis is away the loads stand and grow old, and when it is back empty they are said again', async () => {
  const { store: one } = await open('one')
  const { store: two, seen } = await open('two')
  const incarnation = await one.enrollServer('one', 0)
  await one.publishLoad(load({ incarnation }), 10_000)
  await until(() => two.loads.servers.size === 1)
  await redis.kill()
  await until(() => seen.links.at(-1)?.up === false)
  await expect(one.publishLoad(load({ incarnation, sequence: 2 }), 10_000)).rejects.toThrow()
  // Of itself a server knows.
  two.loads.note(load({ server: 'two', pools: [pool({ perSecond: 7 })] }))
  expect(two.loads.bySite().get('fra')?.perSecond).toBe(12)
  expect(two.loads.age()).toBeGreaterThan(0)
  await redis.restart()
  await until(() => two.link.up)
  // Nobody has had the time to say it again.
  expect(two.loads.servers.size).toBe(2)
  expect(await one.publishLoad(load({ incarnation, sequence: 3 }), 60_000)).toBe('unknown')
  const again = await one.enrollServer('one', incarnation)
  expect(again).toBe(incarnation + 1)
  await one.publishLoad(load({ incarnation: again, pools: [pool({ perSecond: 1 })] }), 60_000)
  await until(() => two.loads.bySite().get('fra')?.perSecond === 8)
})

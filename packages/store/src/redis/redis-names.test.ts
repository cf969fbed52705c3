import { Redis } from 'ioredis'
import { RedisServer } from '../redis-server.fixture.ts'
import { load, until } from '../store.laws.ts'
import type { Store } from '../store.ts'
import { REMOVE_NAME, runScript } from './redis-scripts.ts'
import { follow, TestStores } from './test-stores.fixture.ts'

let redis: RedisServer
let raw: Redis
const stores = new TestStores()
beforeAll(async () => {
  redis = await RedisServer.start()
  raw = new Redis(redis.url)
})
beforeEach(() => raw.flushall())
afterEach(() => stores.close())
afterAll(async () => {
  raw.disconnect()
  await redis.stop()
})

const SERVERS = '{windrose:prod}:servers'
const AGENTS = '{windrose:prod}:agents'
const checks = { revision: 'r1', targets: [], controlTargets: [] }

const open = (): Store => stores.open('test', redis.port)

async function membersOf(set: string): Promise<string[]> {
  return (await raw.smembers(set)).sort()
}

/** Waits until the names are these. */
async function untilNames(set: string, names: readonly string[]): Promise<void> {
  for (const deadline = Date.now() + 5000; Date.now() < deadline; ) {
    if ((await membersOf(set)).join() === names.join()) return
  }
  expect(await membersOf(set)).toEqual(names)
}

test('servers and agents that nothing is there of are forgotten by whoever follows, and nobody else is', async () => {
  const store = open()
  await store.publishChecks('lives', checks, 60_000)
  await store.publishLoad(load({ server: 'answers', incarnation: await store.enrollServer('answers', 0) }), 60_000)
  await store.enroll('quiet', 0)
  await raw.sadd(SERVERS, 'gone', 'long-gone')
  await raw.sadd(AGENTS, 'gone', 'no name at all')
  await follow(store)
  await untilNames(SERVERS, ['answers', 'lives'])
  await untilNames(AGENTS, ['quiet'])
})

test('a name that somebody holds cannot be removed, whatever was seen before', async () => {
  const store = open()
  await store.publishChecks('one', checks, 60_000)
  const remove = () =>
    runScript(raw, REMOVE_NAME, [SERVERS, '{windrose:prod}:s:one', '{windrose:prod}:load:one'], ['one'])
  expect(await remove()).toBe(0)
  await raw.del('{windrose:prod}:s:one')
  await raw.set('{windrose:prod}:load:one', 'x')
  expect(await remove()).toBe(0)
  await raw.del('{windrose:prod}:load:one')
  expect(await remove()).toBe(1)
  await store.publishChecks('one', checks, 60_000)
  expect(await membersOf(SERVERS)).toEqual(['one'])
})

test('names are removed and published at the same time, again and again, and those that live are all there', async () => {
  const store = open()
  await until(() => store.link.up)
  const names = Array.from({ length: 20 }, (_, i) => `server-${i}`)
  const removals: Promise<unknown>[] = []
  for (let round = 0; round < 20; round++) {
    const published = Promise.all(names.map((name) => store.publishChecks(name, checks, 60_000)))
    for (const name of names) {
      const held = [`{windrose:prod}:s:${name}`, `{windrose:prod}:load:${name}`]
      removals.push(raw.unlink(held[0]!).then(() => runScript(raw, REMOVE_NAME, [SERVERS, ...held], [name])))
    }
    await published
  }
  await Promise.all(removals)
  for (const name of names) {
    const isHeld = (await raw.exists(`{windrose:prod}:s:${name}`)) === 1
    expect([name, await raw.sismember(SERVERS, name)]).toEqual([name, isHeld ? 1 : 0])
  }
})

test('a server that stops takes its name and its load along where another one wants the same probed', async () => {
  const store = open()
  for (const server of ['one', 'two']) {
    await store.publishChecks(server, checks, 60_000)
    await store.publishLoad(load({ server, incarnation: await store.enrollServer(server, 0) }), 60_000)
  }
  await store.withdraw('one', 1000)
  expect(await membersOf(SERVERS)).toEqual(['two'])
  await until(() => store.link.up)
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await raw.exists('{windrose:prod}:load:one')).toBe(0)
  // The last one leaves what it wants to the agents, for as long as it said.
  await store.withdraw('two', 1000)
  expect(await membersOf(SERVERS)).toEqual(['two'])
  expect(await store.checkSets()).toHaveLength(1)
})

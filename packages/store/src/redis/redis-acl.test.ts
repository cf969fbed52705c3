import { Redis } from 'ioredis'
import { RecordingFollower } from '../recording-follower.fixture.ts'
import { RedisServer } from '../redis-server.fixture.ts'
import { batch, lease, load, override, said, until } from '../store.laws.ts'
import type { Store } from '../store.ts'
import { agentAcl, serverAcl } from './redis-acl.ts'
import { createRedisStore } from './redis-store.ts'

let redis: RedisServer
let admin: Redis
const stores: Store[] = []
const denials: (string | undefined)[] = []
beforeAll(async () => {
  redis = await RedisServer.start()
  admin = new Redis(redis.url)
  await setUser('server', serverAcl('windrose', 'prod'))
  await setUser('agent-a', agentAcl('windrose', 'prod', 'a'))
})
afterEach(() => Promise.all(stores.splice(0).map((store) => store.close())))
afterAll(async () => {
  admin.disconnect()
  await redis.stop()
})

/** Selectors are one argument each. */
async function setUser(name: string, rules: string): Promise<void> {
  const parts = rules.match(/\([^)]*\)|\S+/g)!
  await admin.call('ACL', 'SETUSER', name, '>secret', ...parts)
}

async function open(username: string): Promise<Store> {
  const access = { at: { kind: 'url', url: redis.url }, username, password: 'secret', prefix: 'windrose' } as const
  const onDenied = (reason: string | undefined) => denials.push(reason)
  const store = createRedisStore({ access: { ...access, namespace: 'prod' }, name: username, onDenied })
  stores.push(store)
  await until(() => store.link.up)
  return store
}

describe('with the rules of the ACL', () => {
  test('a server and an agent can do all that they do', async () => {
    const server = await open('server')
    const agent = await open('agent-a')
    const other = await open('server')
    const seen = new RecordingFollower()
    server.follow(seen)
    other.follow(new RecordingFollower())
    await server.publishChecks('one', { revision: 'r1', targets: [], controlTargets: [] }, 60_000)
    expect(await agent.checkSets()).toHaveLength(1)
    const incarnation = await agent.enroll('a', 0)
    expect(await agent.publishWhole(batch({ incarnation, reports: [] }))).toBe('taken')
    expect(await agent.publish(batch({ incarnation, sequence: 2, reports: [said()] }))).toBe('taken')
    expect(await agent.renew(lease({ incarnation }))).toBe('taken')
    await until(() => seen.keys.size === 1 && server.book.agents.get('a')?.alive === true)
    await agent.leave('a', incarnation)
    const fence = (await server.keep('one', 1000))!
    expect(await server.putStates({ server: 'one', fence }, { sequence: 1, states: new Map(), whole: true })).toBe(true)
    await server.putOverride(override())
    expect(await server.overrides()).toHaveLength(1)
    await server.removeOverride('o1')
    expect(await server.audit(5)).toHaveLength(2)
    const start = await server.enrollServer('one', 0)
    expect(await server.publishLoad(load({ incarnation: start }), 60_000)).toBe('taken')
    await until(() => other.loads.servers.size === 1)
    await other.publishChecks('two', { revision: 'r1', targets: [], controlTargets: [] }, 60_000)
    await server.withdraw('one', 0)
    expect(await admin.smembers('{windrose:prod}:servers')).toEqual(['two'])
    expect(seen.links).toMatchObject([{ up: true }])
    expect(seen.refusals).toEqual([])
    expect(denials).toEqual([])
  })

  test('whoever lacks a right is told so once, with what to do, and told when it has it', async () => {
    await setUser('agent-c', 'on -@all +info +hello +client|setname')
    const agent = await open('agent-c')
    for (let attempt = 0; attempt < 3; attempt++) await expect(agent.enroll('c', 0)).rejects.toThrow(/NOPERM/)
    expect(denials.splice(0)).toEqual([expect.stringMatching(/^NOPERM .*"windrose store acl"/)])
    await setUser('agent-c', agentAcl('windrose', 'prod', 'c'))
    expect(await agent.enroll('c', 0)).toBe(1)
    expect(denials.splice(0)).toEqual([undefined])
  })

  test('an agent cannot speak for another, nor change what servers wrote', async () => {
    const agent = await open('agent-a')
    const denied = /NOPERM|permission/i
    await expect(agent.enroll('b', 0)).rejects.toThrow(denied)
    await expect(agent.renew(lease({ agent: 'b' }))).rejects.toThrow(denied)
    await expect(agent.publish(batch({ agent: 'b' }))).rejects.toThrow(denied)
    await expect(agent.putOverride(override())).rejects.toThrow(denied)
    await expect(agent.keep('one', 1000)).rejects.toThrow(denied)
    await expect(agent.publishChecks('one', { revision: 'r', targets: [], controlTargets: [] }, 1000)).rejects.toThrow(
      denied,
    )
    await expect(agent.withdraw('one', 0)).rejects.toThrow(denied)
    await expect(agent.enrollServer('one', 0)).rejects.toThrow(denied)
    await expect(agent.publishLoad(load(), 1000)).rejects.toThrow(denied)
    const raw = new Redis(redis.url, { username: 'agent-a', password: 'secret' })
    await expect(raw.set('{windrose:prod}:agents', 'x')).rejects.toThrow(denied)
    await expect(raw.del('{windrose:prod}:agents')).rejects.toThrow(denied)
    await expect(raw.get('{windrose:prod}:overrides')).rejects.toThrow(denied)
    await expect(raw.get('{windrose:prod}:load:one')).rejects.toThrow(denied)
    await expect(raw.keys('*')).rejects.toThrow(denied)
    await expect(raw.flushall()).rejects.toThrow(denied)
    raw.disconnect()
    denials.length = 0
  })
})

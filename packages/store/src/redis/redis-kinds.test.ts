import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { Redis } from 'ioredis'
import { freePort } from '../free-port.fixture.ts'
import { RecordingFollower } from '../recording-follower.fixture.ts'
import { PRIMARY_ARGS, RedisSentinel, type SentinelUser } from '../redis-sentinel.fixture.ts'
import { RedisServer } from '../redis-server.fixture.ts'
import { batch, lease, override, said, T1, until } from '../store.laws.ts'
import type { Store } from '../store.ts'
import { connectRedis, disconnectRedis } from './connect-redis.ts'
import type { RedisAccess, RedisPlace, RedisTls } from './redis-access.ts'
import { createRedisStore } from './redis-store.ts'

jest.setTimeout(60_000)

const stores: Store[] = []
const redises: RedisServer[] = []
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-kinds-'))
})
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()))
  await Promise.all(redises.splice(0).map((redis) => redis.stop()))
  rmSync(folder, { recursive: true, force: true })
})

function open(name: string, at: RedisPlace, tls?: RedisTls): Store {
  const access: RedisAccess = { at, prefix: 'windrose', namespace: 'prod', tls }
  const store = createRedisStore({ access, name })
  stores.push(store)
  return store
}

async function start(...args: string[]): Promise<RedisServer> {
  const redis = await RedisServer.start(args)
  redises.push(redis)
  return redis
}

/** One report and one override go through the store. */
async function passOnce(agent: Store, server: Store, seen: RecordingFollower): Promise<number> {
  const incarnation = await agent.enroll('a', 0)
  expect(await agent.publishWhole(batch({ incarnation, reports: [said()] }))).toBe('taken')
  await agent.renew(lease({ incarnation }))
  await until(() => server.book.reports(T1).length === 1 && server.book.agents.get('a')?.alive === true)
  await agent.putOverride(override())
  await until(() => seen.overrides.length === 1)
  return incarnation
}

function follow(server: Store): RecordingFollower {
  const seen = new RecordingFollower()
  server.follow(seen)
  return seen
}

const sentinels: RedisSentinel[] = []
afterEach(async () => {
  for (const sentinel of sentinels.splice(0)) await sentinel.stop()
})

/** A user `watch` that may do what clients of a Sentinel do, and nobody else. */
const WATCH_ONLY = [
  'user default off',
  'user watch on >watchword allchannels -@all +auth +hello +ping +info +subscribe +client|setname +sentinel',
]

/** Starts a Sentinel; gives the place that it stands for. */
async function watch(...args: Parameters<typeof RedisSentinel.start>): Promise<RedisPlace> {
  const sentinel = await RedisSentinel.start(...args)
  sentinels.push(sentinel)
  const { port, master } = sentinel
  return { kind: 'sentinel', sentinels: [{ host: '127.0.0.1', port }], master }
}

describe('behind Sentinels', () => {
  test.each<['SIGKILL' | 'SIGSTOP', string, readonly string[], SentinelUser]>([
    ['SIGKILL', 'anybody', [], {}],
    ['SIGSTOP', 'anybody', [], {}],
    ['SIGKILL', 'who has its password', ['requirepass watchword'], { password: 'watchword' }],
    ['SIGSTOP', 'a user of its own', WATCH_ONLY, { username: 'watch', password: 'watchword' }],
  ])(
    'the primary that is given %s is followed by its replica, where the Sentinel answers %s: nothing that was known changes, and all goes on',
    async (signal, _, access, user) => {
      const primary = await start(...PRIMARY_ARGS)
      await start('--replicaof', '127.0.0.1', String(primary.port))
      const at = { ...(await watch(primary, { access, user })), ...user }
      const [agent, server] = [open('agent', at), open('server', at)]
      const seen = follow(server)
      await until(() => seen.all.length > 0)
      const incarnation = await passOnce(agent, server, seen)
      await new Promise((resolve) => setTimeout(resolve, 500))

      primary.signal(signal)
      let sequence = 1
      const isBack = async (): Promise<boolean> => {
        const more = batch({ incarnation, sequence: ++sequence, reports: [said({ reason: 'after' })] })
        return agent.publishWhole(more).then(
          (outcome) => outcome === 'taken',
          () => false,
        )
      }
      const deadline = Date.now() + 20_000
      while (!(await isBack())) {
        if (Date.now() > deadline) throw new Error('the agent never got through again')
        expect(server.book.reports(T1)).toHaveLength(1)
        expect(seen.overrides).toHaveLength(1)
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      await until(() => server.book.reports(T1)[0]?.reason === 'after', 5000)
      expect(await server.overrides()).toHaveLength(1)
      primary.signal('SIGCONT')
    },
  )
})

test('a failover that is announced while the primary is being looked for ends nothing', async () => {
  const at = await watch(await start(), { isAlone: true })
  const client = connectRedis({ at, prefix: 'windrose', namespace: 'prod' }, 'test')
  client.on('error', () => undefined)
  await until(() => client.status === 'ready')
  const ends: string[] = []
  client.on('end', () => ends.push('end'))
  // What the failover detector of ioredis does when it hears of one.
  client.once('connecting', () => (client as unknown as { connector: { disconnect(): void } }).connector.disconnect())
  client.disconnect(true)
  await until(() => ends.length > 0)
  await until(() => client.status === 'ready')
  disconnectRedis(client)
  await until(() => client.status === 'end')
})

describe('behind a Sentinel that asks for a password', () => {
  let place: RedisPlace
  beforeEach(async () => {
    const access = ['requirepass watchword', 'sentinel auth-pass mymaster inner-secret']
    const primary = await start('--requirepass', 'inner-secret')
    place = await watch(primary, { access, user: { password: 'watchword' }, isAlone: true })
  })

  const openWith = (user: SentinelUser, password: string): Store => {
    const at = { ...place, ...user }
    const store = createRedisStore({ access: { at, password, prefix: 'windrose', namespace: 'prod' }, name: 'test' })
    stores.push(store)
    return store
  }

  test('each of the two is given its own', async () => {
    const [agent, server] = [1, 2].map(() => openWith({ password: 'watchword' }, 'inner-secret'))
    const seen = follow(server!)
    await until(() => seen.all.length > 0)
    await passOnce(agent!, server!, seen)
  })

  test.each<[string, SentinelUser, string, RegExp]>([
    ['no password for the Sentinel', {}, 'inner-secret', /NOAUTH/],
    ['a wrong one', { password: 'not-the-watchword' }, 'inner-secret', /WRONGPASS|NOAUTH/],
    ['a wrong one for Redis', { password: 'watchword' }, 'not-the-inner-secret', /WRONGPASS|NOAUTH/],
  ])('%s is said as the reason, and no secret with it', async (_, user, password, reason) => {
    const store = openWith(user, password)
    const seen = follow(store)
    await until(() => seen.links.some((link) => reason.test(link.reason)), 10_000)
    const problem = await store.checkSets().then(String, (error: Error) => inspect(error, { depth: 10 }))
    expect(problem).toMatch(reason)
    for (const text of [problem, JSON.stringify(seen.links)]) expect(text).not.toMatch(/watchword|secret/)
  })
})

describe('in a Cluster', () => {
  test('everything lies in one slot, and passes', async () => {
    const redis = await start(
      ...['--cluster-enabled', 'yes', '--cluster-config-file', join(folder, 'nodes.conf')],
      ...['--cluster-announce-ip', '127.0.0.1'],
    )
    const client = new Redis(redis.port)
    await client.cluster('ADDSLOTSRANGE', 0, 16_383)
    for (let i = 0; i < 100; i++) {
      if (((await client.cluster('INFO')) as string).includes('cluster_state:ok')) break
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const at: RedisPlace = { kind: 'cluster', nodes: [{ host: '127.0.0.1', port: redis.port }] }
    const [agent, server] = [open('agent', at), open('server', at)]
    const seen = follow(server)
    await until(() => seen.all.length > 0)
    await passOnce(agent, server, seen)
    const keys = await client.keys('*')
    const slots = await Promise.all(keys.map((key) => client.cluster('KEYSLOT', key)))
    expect(keys.length).toBeGreaterThan(4)
    expect(new Set(slots).size).toBe(1)
    client.disconnect()
  })
})

describe('over TLS', () => {
  test('with an authority of its own and a certificate of the client; without them nothing passes', async () => {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
    openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=ca',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
    )
    for (const name of ['server', 'client']) {
      openssl(
        'req',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-subj',
        `/CN=${name}`,
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.csr`,
      )
      writeFileSync(join(folder, 'ext'), 'subjectAltName=DNS:redis.test')
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '2',
        '-extfile',
        'ext',
        '-out',
        `${name}.pem`,
      )
    }
    const tlsPort = await freePort()
    await start(
      ...['--tls-port', String(tlsPort), '--tls-cert-file', join(folder, 'server.pem')],
      ...['--tls-key-file', join(folder, 'server.key'), '--tls-ca-cert-file', join(folder, 'ca.pem')],
    )
    const read = (file: string) => readFileSync(join(folder, file), 'utf8')
    const at: RedisPlace = { kind: 'url', url: `rediss://127.0.0.1:${tlsPort}` }
    const tls = { ca: read('ca.pem'), cert: read('client.pem'), key: read('client.key'), serverName: 'redis.test' }
    const [agent, server] = [open('agent', at, tls), open('server', at, tls)]
    const seen = follow(server)
    await until(() => seen.all.length > 0)
    await passOnce(agent, server, seen)

    await expect(open('no authority', at, { ...tls, ca: undefined }).enroll('x', 0)).rejects.toThrow(/--ca-file/)
    await expect(open('other name', at, { ...tls, serverName: 'other' }).enroll('x', 0)).rejects.toThrow(
      /--server-name/,
    )
    const bare = open('no certificate', at, { ca: tls.ca, serverName: 'redis.test' })
    await expect(bare.enroll('x', 0)).rejects.toThrow()
  })
})

test('a database that is not there is no reason to use another one', async () => {
  const redis = await start()
  const admin = new Redis(redis.url)
  const url = `${redis.url}/99`
  const problem = `${url}: ERR DB index is out of range`
  await expect(open('lost', { kind: 'url', url }).enroll('x', 0)).rejects.toThrow(problem)
  expect(await admin.dbsize()).toBe(0)
  admin.disconnect()
})

import { RedisSentinel } from '../../packages/store/src/redis-sentinel.fixture.ts'
import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { eventually, Running, WINDROSE } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { statusOf } from '../support/status.ts'
import { ZONE } from '../support/zone.ts'

jest.setTimeout(60_000)

const PASSWORDS = { redis: 'inner-secret', sentinel: 'outer-secret' }

describe('a Redis behind a Sentinel, each with a password', () => {
  let redis: RedisServer
  let sentinel: RedisSentinel
  let server: TestServer
  let agent: Running | undefined
  afterAll(async () => {
    await agent?.stop()
    await server?.stop()
    await sentinel?.stop()
    await redis?.stop()
  })

  test('is found by servers and agents, and no secret is shown anywhere', async () => {
    redis = await RedisServer.start(['--requirepass', PASSWORDS.redis])
    const access = ['user default off', `user watch on >${PASSWORDS.sentinel} allchannels +@all`]
    sentinel = await RedisSentinel.start(redis, {
      access: [...access, `sentinel auth-pass mymaster ${PASSWORDS.redis}`],
      user: { username: 'watch', password: PASSWORDS.sentinel },
      isAlone: true,
    })
    server = await startServer({
      'windrose.yaml': `
sites:
  fra: { at: [50.11, 8.68], country: DE }
health:
  store: redis
  sentinels: ["127.0.0.1:${sentinel.port}"]
  master: mymaster
  sentinel_username: watch
  sentinel_password_file: outer
  password_file: inner
services:
  web: { policy: nearest, pools: { fra: [192.0.2.10] } }
zones:
  gslb.example: { records: gslb.example.zone, steer: { www: web } }
`,
      'gslb.example.zone': ZONE,
      inner: PASSWORDS.redis,
      outer: `${PASSWORDS.sentinel}\n`,
    })
    await eventually(
      async () => (await statusOf(server)).store,
      ({ up }) => up,
    )
    agent = new Running(process.execPath, [
      ...[WINDROSE, 'agent', '--name', 'eu-1', '--vantage', 'eu'],
      ...['--store', `redis+sentinel://127.0.0.1:${sentinel.port}/mymaster`],
      ...['--password-file', `${server.folder}/inner`],
      ...['--sentinel-username', 'watch', '--sentinel-password-file', `${server.folder}/outer`],
    ])
    await eventually(
      async () => (await statusOf(server)).agents,
      (agents) => agents.some(({ name, state }) => name === 'eu-1' && state === 'alive'),
    )
    const shown = [
      server.running.output,
      agent.output,
      await (await fetch(`${server.api}/api/v1/status`)).text(),
      await (await fetch(`${server.api}/metrics`)).text(),
      (await server.verb('status')).output,
    ]
    for (const text of shown) {
      for (const password of Object.values(PASSWORDS)) expect(text).not.toContain(password)
    }
  })

  test('whose Sentinel takes another password is out of reach for that reason, and no secret is shown', async () => {
    server.write('outer', 'not-that-secret')
    await server.halt()
    await server.start()
    const { store } = await eventually(
      async () => await statusOf(server),
      ({ store: { reason } }) => /WRONGPASS/.test(reason),
    )
    expect(store.reason).not.toMatch(/secret/)
    expect(server.running.output).not.toMatch(/secret/)
  })
})

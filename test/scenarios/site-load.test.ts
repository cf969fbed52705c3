import { RedisServer } from '../../packages/store/src/redis-server.fixture.ts'
import { dig } from '../support/dig.ts'
import { Fleet, redisAt } from '../support/fleet.ts'
import { eventually, Running } from '../support/processes.ts'
import type { TestServer } from '../support/server.ts'
import { metric } from '../support/status.ts'
import { UdpClient } from '../support/udp-client.ts'
import { LONDON } from '../support/zone.ts'

jest.setTimeout(60_000)

const WEB = `
services:
  web:
    policy: nearest
    pools: { fra: [192.0.2.10], iad: [198.51.100.10] }
`
const FRA = 'windrose_steered_answers_total{service="web",site="fra"}'

describe('two servers that share a Redis', () => {
  let fleet: Fleet
  let redis: RedisServer
  let first: TestServer
  let second: TestServer
  let client: UdpClient

  beforeAll(async () => {
    redis = await RedisServer.start()
    fleet = await Fleet.start(redisAt(redis.port), [])
    first = await fleet.addServer(WEB)
    second = await fleet.addServer(WEB)
    client = new UdpClient('127.0.0.1', first.port)
  })
  afterAll(async () => {
    client.close()
    await fleet.stop()
    await redis.stop()
  })

  const ask = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await client.ask({ name: 'www.gslb.example', subnet: LONDON })
  }

  test('count their answers by service and site, over UDP and TCP, remembered or not, and go on over a reload', async () => {
    await ask(7)
    await dig('127.0.0.1', first.port, 'www.gslb.example', 'A', '+tcp', `+subnet=${LONDON}`)
    // There is no IPv6 endpoint: this leads nowhere.
    await dig('127.0.0.1', first.port, 'www.gslb.example', 'AAAA', `+subnet=${LONDON}`)
    expect(await metric(first, FRA)).toBe(8)
    first.write('windrose.yaml', first.read('windrose.yaml').replace('iad: [198', 'iad: [198.51.100.11, 198'))
    expect(await first.verb('reload')).toMatchObject({ code: 0 })
    await ask(3)
    expect(await metric(first, FRA)).toBe(11)
    expect(await metric(first, FRA.replace('fra', 'iad'))).toBe(0)
    expect(await metric(second, FRA)).toBe(0)
  })

  test('know how much all of them answer, and how old that is', async () => {
    const load = 'windrose_load_answers_per_second{service="web",site="fra"}'
    for (const server of fleet.servers) {
      await eventually(
        async () => {
          await ask(5)
          return [await metric(server, 'windrose_load_servers'), await metric(server, load)] as const
        },
        ([servers, perSecond]) => servers === 2 && perSecond! > 0,
        15_000,
      )
      expect(await metric(server, 'windrose_load_age_seconds')).toBeLessThan(10)
    }
  })

  test('that stop are forgotten, but for the last one: what it wants probed is kept for it', async () => {
    const names = async (): Promise<string[]> => {
      const cli = new Running('redis-cli', ['-p', String(redis.port), 'smembers', '{windrose:fleet}:servers'])
      await cli.exited
      return cli.output.split('\n').filter((name) => name !== '')
    }
    second.write('windrose.yaml', second.read('windrose.yaml').replace('iad: [198', 'iad: [198.51.100.11, 198'))
    expect(await second.verb('reload')).toMatchObject({ code: 0 })
    const both = await names()
    expect(both).toHaveLength(2)
    expect(await second.halt()).toBe(0)
    const left = await names()
    expect(left).toHaveLength(1)
    await eventually(
      () => metric(first, 'windrose_load_servers'),
      (servers) => servers === 1,
      20_000,
    )
    expect(await first.halt()).toBe(0)
    expect(await names()).toEqual(left)
  })
})

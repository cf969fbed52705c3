import { readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { addresses, dig } from '../support/dig.ts'
import { eventually } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { metric, statusOf } from '../support/status.ts'
import { UdpClient } from '../support/udp-client.ts'
import { ASHBURN, FRANKFURT, LONDON } from '../support/zone.ts'

jest.setTimeout(60_000)

const CONFIGURATION = `
sites:
  fra: { at: [50.11, 8.68], country: DE, capacity: 4000 }
  iad: { at: [38.95, -77.45], country: US, capacity: 1000 }
services:
  web:
    policy: nearest
    ttl: 2s
    pools: { fra: [${FRANKFURT}], iad: [${ASHBURN}] }
zones:
  gslb.example: { records: gslb.example.zone, steer: { www: web } }
`

const zoneWith = (address: string): string => `$TTL 1h
@ IN SOA ns1 hostmaster 1 1h 15m 1w 30s
  IN NS ns1
ns1 IN A 127.0.0.1
static IN A ${address}
`

const FILES = { 'windrose.yaml': CONFIGURATION, 'gslb.example.zone': zoneWith('192.0.2.100') }

describe('the life of a server', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(FILES)
  })

  afterAll(async () => {
    expect(await server.stop()).toBe(0)
  })

  const askStatic = async (): Promise<string> =>
    addresses(await dig('127.0.0.1', server.port, 'static.gslb.example')).join()
  const askLondon = async (): Promise<string> =>
    addresses(await dig('127.0.0.1', server.port, 'www.gslb.example', `+subnet=${LONDON}`)).join()

  test('ten reloads by SIGHUP take effect one after the other, and no query is lost', async () => {
    const client = new UdpClient('127.0.0.1', server.port)
    let isOver = false
    let asked = 0
    let answered = 0
    const wrong: string[] = []
    const ask = async (): Promise<void> => {
      while (!isOver) {
        asked++
        const answer = await client.ask({ name: 'static.gslb.example' })
        if (answer === undefined) continue
        answered++
        if (!/^192\.0\.2\.1\d\d$/.test(answer.addresses)) wrong.push(answer.addresses)
      }
    }
    const asking = Array.from({ length: 4 }, ask)
    for (let i = 1; i <= 10; i++) {
      server.write('gslb.example.zone', zoneWith(`192.0.2.${100 + i}`))
      server.running.signal('SIGHUP')
      await eventually(
        async () => (await client.ask({ name: 'static.gslb.example' }))?.addresses,
        (got) => got === `192.0.2.${100 + i}`,
      )
    }
    isOver = true
    await Promise.all(asking)
    client.close()
    expect(wrong).toEqual([])
    expect(answered).toBe(asked)
    expect(asked).toBeGreaterThan(100)
    expect(await metric(server, 'windrose_config_reloads_total{result="success"}')).toBe(10)
  })

  test('a broken file is refused with its place and the old answers stay, until it is repaired', async () => {
    const before = await askStatic()
    server.write('gslb.example.zone', `${zoneWith('192.0.2.99')}bad IN A 192.0.2.256\n`)
    server.running.signal('SIGHUP')
    await eventually(
      () => metric(server, 'windrose_config_last_reload_successful'),
      (value) => value === 0,
    )
    expect(await askStatic()).toBe(before)
    const status = await server.verb('status')
    expect(status.output).toMatch(/reload {3}refused \d+ s ago: the configuration has 1 error/)
    expect(status.output).toMatch(/gslb\.example\.zone:6:10: /)
    expect((await statusOf(server)).config.lastError?.problems).toMatchObject([{ line: 6, column: 10 }])
    const asked = await server.verb('reload')
    expect(asked).toMatchObject({ code: 1, output: expect.stringContaining('goes on serving') })

    server.write('gslb.example.zone', zoneWith('192.0.2.99'))
    expect(await server.verb('reload')).toMatchObject({ code: 0 })
    expect(await askStatic()).toBe('192.0.2.99')
    expect(await metric(server, 'windrose_config_last_reload_successful')).toBe(1)
    expect((await statusOf(server)).config.lastError).toBeUndefined()
  })

  test('a drain warns when what remains has too little capacity, and --wait returns when its TTL is over', async () => {
    const startedAt = performance.now()
    const drained = await server.verb('drain', 'fra', '--reason', 'kernel update', '--author', 'alice', '--wait')
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(2000)
    expect(drained.code).toBe(0)
    expect(drained.output).toContain('warning: web: what remains has capacity 1000, less than the 4000 that leave')
    expect(drained.output).toContain('waiting 2 s')
    expect(await askLondon()).toBe(ASHBURN)
  })

  test('a drain of the smaller site is not warned of', async () => {
    const { code, output } = await server.verb('drain', 'iad', '--reason', 'x', '--dry-run', '--json')
    expect(code).toBe(0)
    // With Frankfurt drained already, Ashburn is the last.
    expect((JSON.parse(output.slice(output.indexOf('{'))) as { warnings: string[] }).warnings).toEqual([
      'web: nothing else is up for IPv4',
    ])
    await server.verb('override', 'clear', 'fra')
    const alone = await server.verb('drain', 'iad', '--reason', 'x', '--dry-run')
    expect(alone).toMatchObject({ code: 0, output: expect.not.stringContaining('warning') })
  })

  test('SIGTERM ends with 0, and the next start has the overrides and the token of the last', async () => {
    await server.verb('drain', 'fra', '--reason', 'kernel update', '--author', 'alice')
    expect(await askLondon()).toBe(ASHBURN)
    const { tokenFile } = await statusOf(server)
    const token = readFileSync(tokenFile, 'utf8')
    expect(await server.halt()).toBe(0)
    await server.start()
    expect(readFileSync(tokenFile, 'utf8')).toBe(token)
    expect(await askLondon()).toBe(ASHBURN)
    expect((await server.verb('override', 'list')).output).toMatch(/fra.*kernel update|kernel update.*fra/)
    expect((await server.verb('override', 'clear', 'fra')).code).toBe(0)
    expect(await askLondon()).toBe(FRANKFURT)
    expect(await server.halt()).toBe(0)
    await server.start()
    expect(await askLondon()).toBe(FRANKFURT)
  })

  test('the token and the folder that it is in are for their owner alone', async () => {
    const { tokenFile } = await statusOf(server)
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600)
    expect(statSync(`${server.folder}/state`).mode & 0o077).toBe(0)
  })

  test.each([
    ['a change without the token', 'POST', {}, 401],
    ['a change with another token', 'POST', { authorization: 'Bearer 0123456789abcdef' }, 401],
    ['a look under a foreign name', 'GET', { host: 'attacker.example' }, 403],
    ['a look from a page of another origin', 'GET', { origin: 'http://attacker.example' }, 403],
    ['a look without more', 'GET', {}, 200],
  ])('%s: %s %j gives %i', async (_, method, headers, wanted) => {
    const path = method === 'POST' ? '/api/v1/reload' : '/api/v1/status'
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${server.api}${path}`, { method, headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('error', reject).end()
    })
    expect(status).toBe(wanted)
  })

  test('the log is JSON lines, each with time, level, component and message', () => {
    const lines = server.running.output.trim().split('\n')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        level: expect.stringMatching(/^(debug|info|warn|error)$/),
        component: expect.any(String),
        msg: expect.any(String),
      })
    }
  })
})

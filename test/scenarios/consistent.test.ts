import { startServer, type TestServer } from '../support/server.ts'
import { UdpClient } from '../support/udp-client.ts'
import { ZONE } from '../support/zone.ts'

jest.setTimeout(60_000)

const CONFIGURATION = `
sites: { fra: {}, iad: {} }
services:
  web:
    policy: [{ failover: [[fra, iad]] }, consistent]
    pools:
      fra: [{ address: 192.0.2.10, weight: 3 }, { address: 192.0.2.11, weight: 2 }]
      iad: [{ address: 198.51.100.10, weight: 3 }]
zones:
  gslb.example: { records: gslb.example.zone, steer: { www: web } }
`
const FILES = { 'windrose.yaml': CONFIGURATION, 'gslb.example.zone': ZONE }
const CLIENTS = Array.from({ length: 800 }, (_, i) => `81.${i >> 8}.${i & 255}.0/24`)

describe('a consistent service', () => {
  let servers: TestServer[]
  let clients: UdpClient[]

  beforeAll(async () => {
    servers = [await startServer(FILES, { transport: 'mmsg' }), await startServer(FILES, { transport: 'dgram' })]
    clients = servers.map(({ port }) => new UdpClient('127.0.0.1', port))
  })

  afterAll(async () => {
    for (const client of clients) client.close()
    for (const server of servers) expect(await server.stop()).toBe(0)
  })

  const askAll = async (which: number): Promise<string[]> => {
    const questions = CLIENTS.map((subnet) => ({ name: 'www.gslb.example', subnet }))
    return (await clients[which]!.askAll(questions)).map((answer) => answer?.addresses ?? 'no answer')
  }

  test('gives a client network the same address each time, from either server, with its own scope', async () => {
    const first = await askAll(0)
    expect(new Set(first)).toEqual(new Set(['192.0.2.10', '192.0.2.11', '198.51.100.10']))
    expect(await askAll(0)).toEqual(first)
    expect(await askAll(1)).toEqual(first)
    const host = await clients[0]!.ask({ name: 'www.gslb.example', subnet: '81.0.7.99/32' })
    expect([host?.addresses, host?.scope]).toEqual([first[7], 24])
    // Three eighths of 800 are 300, and five deviations 70; the buckets' own shares have a tenth more.
    expect(Math.abs(first.filter((address) => address === '192.0.2.10').length - 300)).toBeLessThan(100)
  })

  test('moves the clients of a drained endpoint, no others, and moves them back', async () => {
    const before = await askAll(0)
    expect(await servers[0]!.verb('drain', 'web/fra/192.0.2.10', '--reason', 'a new disk')).toMatchObject({ code: 0 })
    const after = await askAll(0)
    expect(after).not.toContain('192.0.2.10')
    expect(before.filter((address, i) => address !== '192.0.2.10' && address !== after[i])).toEqual([])
    expect((await servers[0]!.verb('override', 'clear', 'web/fra/192.0.2.10')).code).toBe(0)
    expect(await askAll(0)).toEqual(before)
  })

  test('is explained by the bucket of the client, from the server and from the file', async () => {
    const [address] = await askAll(0)
    const verb = ['explain', 'www.gslb.example', '--client', CLIENTS[0]!]
    const told = await servers[0]!.verb(...verb)
    const line = /^ {2}pick {7}by client (\S+): bucket \d+ of 4,096 -> (\S+)$/m.exec(told.output)
    expect(line?.slice(1)).toEqual([CLIENTS[0], address])
    const json = JSON.parse((await servers[0]!.verb(...verb, '--json')).output) as { names: object[] }
    expect(json.names).toMatchObject([{ scope: 24, decision: { pick: 'client' }, picked: { buckets: 4096 } }])
    const file = await servers[0]!.verb(...verb, '-c', `${servers[0]!.folder}/windrose.yaml`)
    expect(file.output).toContain(line![0])
  })
})

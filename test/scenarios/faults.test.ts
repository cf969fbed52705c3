import { createSocket } from 'node:dgram'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../source-files.ts'
import { addresses, dig } from '../support/dig.ts'
import { eventually } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { metric, statusOf } from '../support/status.ts'
import { composeQuery, UdpClient } from '../support/udp-client.ts'
import { FILES, FRANKFURT, LONDON, THREE_SITES } from '../support/zone.ts'

jest.setTimeout(60_000)

const preload = (name: string): string[] => ['--import', pathToFileURL(join(ROOT, 'test/support', name)).href]

describe('where koffi does not load', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(FILES, { node: preload('without-koffi.mjs') })
  })

  afterAll(async () => {
    expect(await server.stop()).toBe(0)
  })

  test('the server answers on node:dgram, and says so and why', async () => {
    const steered = await dig('127.0.0.1', server.port, 'www.gslb.example', `+subnet=${LONDON}`)
    expect(addresses(steered)).toEqual([FRANKFURT])
    const reason = 'koffi does not load: Cannot find the native Koffi module'
    expect((await statusOf(server)).transport).toEqual({ name: 'dgram', reason })
    expect(await metric(server, `windrose_udp_transport_info{transport="dgram",reason="${reason}"}`)).toBe(1)
  })
})

describe('a UDP worker that throws', () => {
  let server: TestServer
  const clients: UdpClient[] = []

  beforeAll(async () => {
    const two = 'server: { udp_threads: 2 }\n'
    server = await startServer({ ...FILES, 'windrose.yaml': THREE_SITES + two }, { node: preload('fatal-name.mjs') })
  })

  afterAll(async () => {
    for (const client of clients) client.close()
    expect(await server.stop()).toBe(0)
  })

  test('is replaced on the same sockets: what waits there is answered, the other worker goes on, and it is told', async () => {
    const fatal = composeQuery({ name: 'fatal.gslb.example', id: 0x4711 })
    const socket = createSocket('udp4')
    socket.send(fatal, server.port, '127.0.0.1', () => socket.close())
    // From so many ports that both workers have their share; nothing is asked twice.
    for (let i = 0; i < 24; i++) clients.push(new UdpClient('127.0.0.1', server.port))
    const answers = await Promise.all(clients.map((client) => client.ask({ name: 'www.gslb.example', subnet: LONDON })))
    const lost = answers.filter((answer) => answer === undefined).length
    expect(answers.filter((answer) => answer !== undefined && answer.addresses !== FRANKFURT)).toEqual([])

    const threads = await eventually(
      async () => (await statusOf(server)).threads,
      (all) => all.some(({ restarts }) => restarts > 0),
    )
    expect(threads.map(({ restarts }) => restarts).sort()).toEqual([0, 0, 1])
    const replaced = threads.find(({ restarts }) => restarts === 1)!
    expect(await metric(server, `windrose_thread_restarts_total{thread="${replaced.name}"}`)).toBe(1)
    await eventually(
      () => server.running.output,
      (output) => output.includes('it answers again'),
    )
    expect(server.running.output).toContain('a packet too strange')
    expect(server.running.output).toContain(`was answering ${Buffer.from(fatal).toString('hex')}`)
    // Lost is only what came in the same batch as the fatal query.
    const held = Number(/it held (\d+) packets/.exec(server.running.output)![1])
    expect(lost).toBe(held - 1)
  })

  test('again and again does not take the server down', async () => {
    const client = new UdpClient('127.0.0.1', server.port)
    clients.push(client)
    for (let i = 0; i < 3; i++) {
      const socket = createSocket('udp4')
      socket.send(composeQuery({ name: 'fatal.gslb.example', id: i }), server.port, '127.0.0.1', () => socket.close())
      await eventually(
        () => client.ask({ name: 'static.gslb.example' }),
        (answer) => answer?.addresses === '192.0.2.80',
      )
    }
    expect(addresses(await dig('127.0.0.1', server.port, 'static.gslb.example', '+tcp'))).toEqual(['192.0.2.80'])
  })
})

describe.each(['mmsg', 'dgram'] as const)('moved by %s, datagrams that are no messages', (transport) => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(FILES, { transport })
  })

  afterAll(async () => {
    expect(await server.stop()).toBe(0)
  })

  test('empty ones, runts and ones longer than any query harm nobody', async () => {
    const noise = createSocket('udp4')
    const heard: number[] = []
    noise.on('message', (packet) => heard.push(packet.length))
    const long = new Uint8Array(20_000)
    long.set(composeQuery({ name: 'static.gslb.example', id: 7 }))
    // It claims more records than it has room for: what was cut off may have been one of them.
    long[7] = 1
    for (const packet of [new Uint8Array(0), new Uint8Array(1), new Uint8Array(11), long]) {
      for (let i = 0; i < 70; i++) noise.send(packet, server.port, '127.0.0.1')
    }
    const client = new UdpClient('127.0.0.1', server.port)
    try {
      expect((await client.ask({ name: 'static.gslb.example' }))?.addresses).toBe('192.0.2.80')
      expect((await statusOf(server)).threads.map(({ restarts }) => restarts)).toEqual([0, 0])
      // Only the long ones deserve a word, and that is a header and a question: a format error.
      expect(heard.every((length) => length < 60)).toBe(true)
    } finally {
      noise.close()
      client.close()
    }
  })
})

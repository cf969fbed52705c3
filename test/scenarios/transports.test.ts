import { networkInterfaces } from 'node:os'
import { addresses, dig } from '../support/dig.ts'
import { hostilePacket, seededRandom } from '../support/mutations.ts'
import { eventually } from '../support/processes.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { statusOf } from '../support/status.ts'
import { TcpClient } from '../support/tcp-client.ts'
import { composeQuery, readResponse, UdpClient } from '../support/udp-client.ts'
import { AMERICA, ASHBURN, FILES, FRANKFURT, LONDON, THREE_SITES } from '../support/zone.ts'

jest.setTimeout(60_000)

describe.each(['mmsg', 'dgram'] as const)('UDP by %s', (transport) => {
  let server: TestServer
  let isHere = true
  const closers: { close(): void }[] = []

  beforeAll(async () => {
    if (transport === 'mmsg' && process.platform !== 'linux') isHere = false
    else server = await startServer(FILES, { transport })
  })

  afterAll(async () => {
    for (const closer of closers) closer.close()
    if (isHere) expect(await server.stop()).toBe(0)
  })

  const ask = (...question: string[]) => dig('127.0.0.1', server.port, ...question)

  test('is what moves the packets', async () => {
    expect((await statusOf(server)).transport.name).toBe(transport)
  })

  test.each(['127.0.0.1', '::1'])('answers steered and static names and denials at %s', async (host) => {
    const askHost = (...question: string[]) => dig(host, server.port, ...question)
    const steered = await askHost('www.gslb.example', `+subnet=${LONDON}`)
    expect(addresses(steered)).toEqual([FRANKFURT])
    expect(steered.subnet).toMatch(/^81\.2\.69\.0\/24\/(?:[1-9]|1\d|2[0-4])$/)
    expect(addresses(await askHost('www.gslb.example', `+subnet=${AMERICA}`))).toEqual([ASHBURN])
    expect(await askHost('static.gslb.example')).toMatchObject({
      status: 'NOERROR',
      flags: ['qr', 'aa', 'rd'],
      answer: ['static.gslb.example. 3600 A 192.0.2.80'],
    })
    expect(await askHost('nothing.gslb.example')).toMatchObject({ status: 'NXDOMAIN', answer: [] })
  })

  test('what is too long for UDP is cut, and whole over TCP', async () => {
    const cut = await ask('big.gslb.example', 'TXT', '+ignore')
    expect(cut).toMatchObject({ flags: ['qr', 'aa', 'tc', 'rd'], answer: [] })
    const whole = await ask('big.gslb.example', 'TXT')
    expect(whole.text).toContain('(TCP)')
    expect(whole.answer).toHaveLength(1)
  })

  test('2,000 noisy and damaged packets over UDP and 200 over TCP leave every thread alive and answering', async () => {
    const random = seededRandom(4711)
    const good = composeQuery({ name: 'www.gslb.example', subnet: LONDON, id: 7 })
    const [noise, asker] = [new UdpClient('127.0.0.1', server.port), new UdpClient('127.0.0.1', server.port)]
    closers.push(noise, asker)
    for (let i = 0; i < 2000; i++) {
      noise.send(hostilePacket(good, random))
      // Every now and then an answer is waited for, so that the receive buffer is not what saves the server.
      if (i % 100 === 99) expect((await asker.ask({ name: 'static.gslb.example' }))?.addresses).toBe('192.0.2.80')
    }
    for (let i = 0; i < 200; i++) {
      const client = await TcpClient.open('127.0.0.1', server.port)
      closers.push(client)
      if (i % 2 === 0) client.send(hostilePacket(good, random))
      else client.socket.write(hostilePacket(good, random))
      client.socket.end()
      if (i % 20 === 19) await client.untilClosed()
      client.close()
    }
    expect(addresses(await ask('www.gslb.example', `+subnet=${LONDON}`))).toEqual([FRANKFURT])
    expect(addresses(await ask('www.gslb.example', `+subnet=${LONDON}`, '+tcp'))).toEqual([FRANKFURT])
    const { threads } = await statusOf(server)
    expect(threads.length).toBeGreaterThanOrEqual(2)
    expect(threads.map(({ restarts }) => restarts)).toEqual(threads.map(() => 0))
  })
})

describe('TCP', () => {
  let server: TestServer
  const clients: TcpClient[] = []

  beforeAll(async () => {
    const limits = 'server: { tcp: { max_connections: 8, idle_timeout: 1500ms } }\n'
    server = await startServer({ ...FILES, 'windrose.yaml': THREE_SITES + limits })
  })

  afterEach(() => {
    for (const client of clients.splice(0)) client.close()
  })

  afterAll(async () => {
    expect(await server.stop()).toBe(0)
  })

  const open = async (): Promise<TcpClient> => {
    const client = await TcpClient.open('127.0.0.1', server.port)
    clients.push(client)
    return client
  }
  const query = (id: number, name = 'static.gslb.example') =>
    composeQuery({ name, id, type: name.startsWith('big') ? 'TXT' : 'A' })
  const idsOf = (packets: readonly Uint8Array[]): number[] => packets.map((packet) => readResponse(packet).message.id)

  test('six queries in one segment are answered in their order', async () => {
    const client = await open()
    client.send(...[1, 2, 3, 4, 5, 6].map((id) => query(id, id % 2 === 0 ? 'www.gslb.example' : 'big.gslb.example')))
    expect(idsOf(await client.received(6))).toEqual([1, 2, 3, 4, 5, 6])
  })

  test('a query that comes octet by octet is answered', async () => {
    const client = await open()
    client.socket.setNoDelay(true)
    const packet = query(9)
    for (const octet of [0, packet.length, ...packet]) {
      await new Promise<void>((resolve) => client.socket.write(Uint8Array.of(octet), () => resolve()))
    }
    expect(idsOf(await client.received(1))).toEqual([9])
  })

  test('a client that ends its half is answered first and closed then', async () => {
    const client = await open()
    client.send(query(1), query(2))
    client.socket.end()
    await client.untilClosed(1400)
    expect(idsOf(client.responses)).toEqual([1, 2])
  })

  test('a connection stays open for further queries until it has been idle for the timeout', async () => {
    const client = await open()
    client.send(query(1))
    await client.received(1)
    const startedAt = performance.now()
    client.send(query(2))
    await client.received(2)
    expect(client.closed).toBe(false)
    await client.untilClosed()
    expect(performance.now() - startedAt).toBeGreaterThan(1400)
    expect(client.responses).toHaveLength(2)
  })

  test.each([
    ['of length 0', [0, 0]],
    ['shorter than a header', [0, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ])('a message %s ends the connection without a word', async (_, octets) => {
    const client = await open()
    client.socket.write(Uint8Array.from(octets))
    await client.untilClosed(1400)
    expect(client.responses).toEqual([])
  })

  test('beyond the limit of connections the one that has been quiet longest gives way', async () => {
    const kept = []
    for (let i = 0; i < 8; i++) kept.push(await open())
    // The first has asked since; so the second is the quietest.
    kept[0]!.send(query(1))
    expect(idsOf(await kept[0]!.received(1))).toEqual([1])
    const newcomer = await open()
    newcomer.send(query(2))
    expect(idsOf(await newcomer.received(1))).toEqual([2])
    await kept[1]!.untilClosed(1000)
    expect(kept[0]!.closed).toBe(false)
  })

  test('a client that never reads is ended, and holds up nobody', async () => {
    const deaf = await open()
    deaf.socket.pause()
    const many = Array.from({ length: 2000 }, (_, i) => query(i & 0xffff, 'big.gslb.example'))
    let sent = 0
    while (!deaf.socket.destroyed && sent < 20) {
      deaf.send(...many)
      sent++
      const client = await open()
      client.send(query(sent))
      expect(idsOf(await client.received(1))).toEqual([sent])
      client.close()
    }
    // A socket that is not read from learns of its end when it is written to.
    await eventually(
      () => {
        if (!deaf.socket.destroyed) deaf.send(query(0))
        return deaf.socket.destroyed
      },
      (ended) => ended,
    )
  })
})

describe('a listener on all addresses', () => {
  let server: TestServer

  beforeAll(async () => {
    server = await startServer(FILES, { listen: (port) => [`0.0.0.0:${port}`, `[::]:${port}`] })
  })

  afterAll(async () => {
    expect(await server.stop()).toBe(0)
  })

  const own = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ address, internal }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address)

  // dig takes no response from another address than the one it asked.
  test.each(['127.0.0.1', '127.0.0.9', '::1', ...own])('%s answers from itself', async (address) => {
    const dug = await dig(address, server.port, 'static.gslb.example')
    expect(addresses(dug)).toEqual(['192.0.2.80'])
    expect(dug.text).not.toContain('unexpected source')
    expect(addresses(await dig(address, server.port, 'static.gslb.example', '+tcp'))).toEqual(['192.0.2.80'])
  })
})

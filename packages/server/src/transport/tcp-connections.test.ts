import { connect, createServer, type Server, type Socket } from 'node:net'
import { composeMessage, queryMessage, readName } from '@windrose/dns'
import { ambientFrom, composeBodies, Runtime, type Snapshot, UDP_PAYLOAD } from '@windrose/nameserver'
import { compileZones } from '@windrose/zone'
import { TcpConnections } from './tcp-connections.ts'

/** A name server without zones refuses everything: enough to see what a connection does. */
function emptySnapshot(): Snapshot {
  const zones = compileZones([])
  const nothing = new Uint8Array(0)
  return {
    zones,
    bodies: composeBodies(zones),
    services: [],
    maps: [],
    health: {
      cells: new Uint32Array(0),
      endpoints: 0,
      changesAt: new Float64Array(0),
      held: new Uint8Array(0),
      roundTrips: new Uint32Array(0),
      vantages: [],
    },
    epochs: new Int32Array(0),
    aliases: new Map(),
    placements: [],
    settings: {
      udpPayload: UDP_PAYLOAD,
      clientSubnet: true,
      nsid: nothing,
      version: nothing,
      hostname: nothing,
      tcpKeepalive: 0,
    },
  }
}

const qname = readName('example.net.') as Uint8Array

/** A query behind its length. */
function framed(id: number): Buffer {
  const query = composeMessage(queryMessage({ qname, qtype: 1, id }))
  return Buffer.concat([Buffer.from([query.length >>> 8, query.length & 0xff]), query])
}

describe('TCP connections', () => {
  let server: Server
  let connections: TcpConnections
  let port: number

  async function open(limits: { maxConnections: number; idleTimeoutMs: number }): Promise<void> {
    connections = new TcpConnections(
      new Runtime(
        ambientFrom(() => 0),
        emptySnapshot(),
      ),
      limits,
      () => undefined,
    )
    server = createServer({ allowHalfOpen: true }, (socket) => connections.add(socket))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as { port: number }).port
  }

  afterEach(async () => {
    connections.close()
    await new Promise((resolve) => server.close(resolve))
  })

  /** All that comes until the connection is closed. */
  function conversation(talk: (socket: Socket) => void): Promise<Buffer> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = []
      const socket = connect(port, '127.0.0.1', () => talk(socket))
      socket.on('data', (chunk) => chunks.push(chunk))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(Buffer.concat(chunks)))
    })
  }

  function idsOf(octets: Buffer): number[] {
    const ids: number[] = []
    for (let at = 0; at < octets.length; at += 2 + octets.readUInt16BE(at)) ids.push(octets.readUInt16BE(at + 2))
    return ids
  }

  test('six queries in one segment get six responses in their order, and a half-closed client gets them all', async () => {
    await open({ maxConnections: 10, idleTimeoutMs: 5000 })
    const ids = [1, 2, 3, 4, 5, 6]
    expect(idsOf(await conversation((socket) => socket.end(Buffer.concat(ids.map(framed)))))).toEqual(ids)
  })

  test('a query that comes octet by octet is answered when it is whole', async () => {
    await open({ maxConnections: 10, idleTimeoutMs: 5000 })
    const octets = framed(9)
    const got = await conversation((socket) => {
      socket.setNoDelay(true)
      let at = 0
      const timer = setInterval(() => {
        if (at < octets.length) socket.write(octets.subarray(at, ++at))
        else {
          clearInterval(timer)
          socket.end()
        }
      }, 1)
    })
    expect(idsOf(got)).toEqual([9])
  })

  test.each([
    ['of length 0', Buffer.from([0, 0])],
    ['shorter than a header', Buffer.from([0, 11, ...new Array<number>(11).fill(0)])],
    ['that is a response', Buffer.from([0, 12, 0, 1, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
  ])('a message %s ends the connection without a word', async (_, octets) => {
    await open({ maxConnections: 10, idleTimeoutMs: 60_000 })
    expect(await conversation((socket) => socket.write(octets))).toHaveLength(0)
  })

  test('a connection without a whole query is closed when its time is up', async () => {
    await open({ maxConnections: 10, idleTimeoutMs: 200 })
    expect(await conversation((socket) => socket.write(framed(1).subarray(0, 5)))).toHaveLength(0)
  })

  test('one connection too many costs the one that has been quiet the longest', async () => {
    await open({ maxConnections: 2, idleTimeoutMs: 60_000 })
    const closed: string[] = []
    const sockets: Socket[] = []
    for (const name of ['first', 'second', 'third']) {
      const socket = connect(port, '127.0.0.1')
      socket.on('close', () => closed.push(name))
      sockets.push(socket)
      // A whole query makes a connection the last to go.
      await new Promise<void>((resolve) => {
        socket.once('data', () => resolve())
        socket.write(framed(1))
      })
      if (name === 'second') {
        await new Promise<void>((resolve) => {
          sockets[0]!.once('data', () => resolve())
          sockets[0]!.write(framed(2))
        })
      }
    }
    await new Promise<void>((resolve) => {
      if (closed.length > 0) resolve()
      else sockets[1]!.once('close', () => resolve())
    })
    expect(closed).toEqual(['second'])
    expect(connections.size).toBe(2)
    for (const socket of sockets) socket.destroy()
  })
})

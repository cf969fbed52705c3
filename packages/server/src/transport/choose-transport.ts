import { Arena, arenaOctets, IOV_LEN, MSG_CONTROLLEN, packetRoom } from './arena.ts'
import { type Libc, loadLibc } from './libc.ts'
import * as linux from './linux.ts'
import { composeSockaddr, SOCKADDR_OCTETS } from './socket-address.ts'
import { openUdpSocket, type UdpSocket } from './udp-socket.ts'

/** How UDP is read and written, and why so. */
export type Transport =
  | { readonly name: 'mmsg'; readonly reason: string; readonly libc: Libc }
  | { readonly name: 'dgram'; readonly reason: string }

/** What may be asked for when the server is started. */
export type TransportWish = 'auto' | 'mmsg' | 'dgram'

/**
 * Chooses the batched transport where a datagram really makes its way through it here, else node:dgram. Throws when
 * `mmsg` is asked for by name and does not work.
 */
export async function chooseTransport(wish: TransportWish): Promise<Transport> {
  if (wish === 'dgram') return { name: 'dgram', reason: 'asked for by --transport' }
  const libc = await loadLibc()
  const problem = 'problem' in libc ? libc.problem : selfTest(libc)
  if (problem === undefined && !('problem' in libc)) {
    const reason = wish === 'mmsg' ? 'asked for by --transport' : 'self-test passed'
    return { name: 'mmsg', reason, libc }
  }
  if (wish === 'mmsg') throw new Error(`batched UDP was asked for and does not work here: ${problem}`)
  return { name: 'dgram', reason: problem ?? 'no batched UDP here' }
}

/** Sends one datagram from a socket to itself, by batched calls. Undefined when it arrives whole, else what went wrong. */
function selfTest(libc: Libc): string | undefined {
  let socket: UdpSocket | undefined
  try {
    socket = openUdpSocket(libc, Uint8Array.from([127, 0, 0, 1]), 0)
    const room = packetRoom(0)
    const arena = new Arena(new SharedArrayBuffer(arenaOctets(room)), room, libc.addressOf)
    const own = arena.octets.subarray(arena.name(0), arena.name(0) + SOCKADDR_OCTETS)
    composeSockaddr(Uint8Array.from([127, 0, 0, 1]), ownPort(libc, socket), own)
    arena.packet(0).set(PROBE)
    arena.view.setUint32(arena.iovec(0) + IOV_LEN, PROBE.length, true)
    arena.view.setUint32(arena.header(0) + MSG_CONTROLLEN, 0, true)
    const sent = libc.sendmmsg(socket.fd, arena.address(arena.header(0)), 1, linux.MSG_DONTWAIT)
    arena.packet(0).fill(0)
    arena.makeRoom(1)
    if (sent !== 1) return `sendmmsg failed with errno ${libc.errno()}`
    const received = libc.recvmmsg(socket.fd, arena.address(arena.header(0)), 1, linux.MSG_DONTWAIT, 0n)
    if (received !== 1) return `recvmmsg failed with errno ${libc.errno()}`
    const arrived = arena.packet(0)
    return PROBE.every((octet, i) => arrived[i] === octet) ? undefined : 'a datagram came back changed'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    if (socket !== undefined) libc.close(socket.fd)
  }
}

const PROBE: Uint8Array = Uint8Array.from([0x77, 0x69, 0x6e, 0x64, 0x72, 0x6f, 0x73, 0x65])

function ownPort(libc: Libc, socket: UdpSocket): number {
  const octets = new Uint8Array(new SharedArrayBuffer(SOCKADDR_OCTETS + 4))
  new DataView(octets.buffer).setUint32(SOCKADDR_OCTETS, SOCKADDR_OCTETS, true)
  const address = libc.addressOf(octets)
  libc.getsockname(socket.fd, address, address + BigInt(SOCKADDR_OCTETS))
  return (octets[2]! << 8) | octets[3]!
}

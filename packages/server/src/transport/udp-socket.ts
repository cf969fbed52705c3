import type { Libc } from './libc.ts'
import * as linux from './linux.ts'
import { composeSockaddr, SOCKADDR_OCTETS } from './socket-address.ts'

/** A UDP socket that the main thread made: a number that any thread of the process may use. */
export interface UdpSocket {
  readonly fd: number
  readonly family: 4 | 6
  /** Bound to all addresses: replies must leave from the address that was asked (IP_PKTINFO). */
  readonly wildcard: boolean
}

/** What a call of libc failed with, for people. */
export class SocketError extends Error {
  readonly errno: number

  constructor(call: string, errno: number) {
    super(`${call} failed with errno ${errno}`)
    this.errno = errno
  }
}

/** What the server asks the kernel for, and is told when it gets less. */
export const BUFFER_OCTETS: number = 4 << 20

/**
 * Opens and binds a UDP socket that shares its port with the sockets of the other workers (SO_REUSEPORT): the kernel
 * spreads flows over them. Throws a SocketError.
 */
export function openUdpSocket(libc: Libc, address: Uint8Array, port: number): UdpSocket {
  const isIpv4 = address.length === 4
  const fd = libc.socket(isIpv4 ? linux.AF_INET : linux.AF_INET6, linux.SOCK_DGRAM, 0)
  if (fd < 0) throw new SocketError('socket', libc.errno())
  const wildcard = address.every((octet) => octet === 0)
  try {
    const set = (level: number, name: number, value: number) => setOption(libc, fd, { level, name, value })
    set(linux.SOL_SOCKET, linux.SO_REUSEPORT, 1)
    trySet(() => set(linux.SOL_SOCKET, linux.SO_RCVBUF, BUFFER_OCTETS))
    trySet(() => set(linux.SOL_SOCKET, linux.SO_SNDBUF, BUFFER_OCTETS))
    if (isIpv4) {
      // Never fragment by a path MTU that somebody spoofed (draft-ietf-dnsop-avoid-fragmentation, RFC 9715).
      trySet(() => set(linux.IPPROTO_IP, linux.IP_MTU_DISCOVER, linux.PMTUDISC_OMIT))
      if (wildcard) set(linux.IPPROTO_IP, linux.IP_PKTINFO, 1)
    } else {
      set(linux.IPPROTO_IPV6, linux.IPV6_V6ONLY, 1)
      trySet(() => set(linux.IPPROTO_IPV6, linux.IPV6_MTU_DISCOVER, linux.PMTUDISC_OMIT))
      trySet(() => set(linux.IPPROTO_IPV6, linux.IPV6_MTU, IPV6_MTU_LEAST))
      if (wildcard) set(linux.IPPROTO_IPV6, linux.IPV6_RECVPKTINFO, 1)
    }
    setReceiveTimeout(libc, fd)
    const sockaddr = sharedOctets(SOCKADDR_OCTETS)
    const length = composeSockaddr(address, port, sockaddr)
    if (libc.bind(fd, libc.addressOf(sockaddr), length) < 0) throw new SocketError('bind', libc.errno())
  } catch (error) {
    libc.close(fd)
    throw error
  }
  return { fd, family: isIpv4 ? 4 : 6, wildcard }
}

/** Octets of the socket's receive buffer; the kernel doubles what was asked, for its own book-keeping. */
export function receiveBuffer(libc: Libc, socket: UdpSocket): number {
  const octets = sharedOctets(8)
  const view = new DataView(octets.buffer)
  view.setUint32(4, 4, true)
  const address = libc.addressOf(octets)
  libc.getsockopt(socket.fd, linux.SOL_SOCKET, linux.SO_RCVBUF, address, address + 4n)
  return view.getInt32(0, true) / 2
}

/**
 * Datagrams that the kernel dropped because the socket's receive buffer was full, since it was opened; 0 where the kernel
 * does not say. Asked when somebody wants to know: having it said with every datagram (SO_RXQ_OVFL) costs each of them.
 */
export function kernelDrops(libc: Libc, socket: UdpSocket): number {
  const octets = sharedOctets(4 * linux.SK_MEMINFO_VARS + 4)
  const view = new DataView(octets.buffer)
  const length = octets.length - 4
  view.setUint32(length, length, true)
  const address = libc.addressOf(octets)
  const isTold = libc.getsockopt(socket.fd, linux.SOL_SOCKET, linux.SO_MEMINFO, address, address + BigInt(length)) === 0
  return isTold ? view.getUint32(4 * linux.SK_MEMINFO_DROPS, true) : 0
}

/** How long a worker waits for a packet before it looks for news: a snapshot, an order to stop. */
export const RECEIVE_TIMEOUT_MS = 100

const IPV6_MTU_LEAST = 1280

function setReceiveTimeout(libc: Libc, fd: number): void {
  const timeval = sharedOctets(16)
  new DataView(timeval.buffer).setBigInt64(8, BigInt(RECEIVE_TIMEOUT_MS * 1000), true)
  const failed = libc.setsockopt(fd, linux.SOL_SOCKET, linux.SO_RCVTIMEO, libc.addressOf(timeval), 16) < 0
  if (failed) throw new SocketError('setsockopt SO_RCVTIMEO', libc.errno())
}

function setOption(libc: Libc, fd: number, option: { level: number; name: number; value: number }): void {
  const octets = sharedOctets(4)
  new DataView(octets.buffer).setInt32(0, option.value, true)
  if (libc.setsockopt(fd, option.level, option.name, libc.addressOf(octets), 4) < 0) {
    throw new SocketError(`setsockopt ${option.level}/${option.name}`, libc.errno())
  }
}

/** For options that older kernels and sandboxes may lack and that the server can do without. */
function trySet(set: () => void): void {
  try {
    set()
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
  }
}

/** Octets whose address does not move while a call reads them. */
function sharedOctets(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length))
}

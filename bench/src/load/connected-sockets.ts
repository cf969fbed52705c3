import { readAddress } from '@windrose/ip'
import type { Libc } from '@windrose/server/transport/libc'
import * as linux from '@windrose/server/transport/linux'
import { composeSockaddr, SOCKADDR_OCTETS } from '@windrose/server/transport/socket-address'
import { openUdpSocket } from '@windrose/server/transport/udp-socket'
import koffi from 'koffi'

/** Where a server listens. */
export interface Target {
  readonly address: string
  readonly port: number
}

/** Sockets that talk to one server only, each from a port of its own. Throws when one cannot be opened. */
export class ConnectedSockets {
  readonly descriptors: readonly number[]
  readonly #libc: Libc

  constructor(libc: Libc, target: Target, count: number) {
    this.#libc = libc
    const address = readAddress(target.address)
    if (address === undefined) throw new Error(`${target.address} is no address`)
    const connect = koffi.load(null).func('int connect(int, void *, uint32_t)')
    const octets = new Uint8Array(new SharedArrayBuffer(SOCKADDR_OCTETS))
    const length = composeSockaddr(address, target.port, octets)
    this.descriptors = Array.from({ length: count }, () => {
      // Bound to the server's own address: on loopback both ends have it.
      const { fd } = openUdpSocket(libc, address, 0)
      if (connect(fd, libc.addressOf(octets), length) < 0) throw new Error(`connect: errno ${libc.errno()}`)
      return fd
    })
  }

  /** Has the kernel cut what is sent into datagrams of `octets` (UDP_SEGMENT, udp(7)). Throws when it does not. */
  cutMessages(octets: number): void {
    const value = new Uint8Array(new SharedArrayBuffer(4))
    new DataView(value.buffer).setInt32(0, octets, true)
    for (const fd of this.descriptors) {
      if (this.#libc.setsockopt(fd, SOL_UDP, UDP_SEGMENT, this.#libc.addressOf(value), 4) < 0) {
        throw new Error(`setsockopt UDP_SEGMENT: errno ${this.#libc.errno()}`)
      }
    }
  }

  close(): void {
    for (const fd of this.descriptors) this.#libc.close(fd)
  }
}

const SOL_UDP = 17
const UDP_SEGMENT = 103

/** Flags of a receive that never waits. */
export const NO_WAIT: number = linux.MSG_DONTWAIT

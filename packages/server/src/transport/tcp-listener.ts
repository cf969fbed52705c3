import { createServer, type Server } from 'node:net'
import type { ListenAddress } from '../threads/thread-data.ts'
import type { TcpConnections } from './tcp-connections.ts'

/** One listening TCP socket; what it accepts goes to the connections of the thread. */
export class TcpListener {
  readonly wanted: ListenAddress
  readonly #server: Server

  constructor(wanted: ListenAddress, connections: TcpConnections) {
    this.wanted = wanted
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => connections.add(socket))
  }

  listen(): Promise<ListenAddress> {
    const { address, family, port } = this.wanted
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host: address, port, ipv6Only: family === 6, exclusive: true, backlog: BACKLOG }, () => {
        this.#server.off('error', reject)
        const bound = this.#server.address()
        resolve({ address, family, port: bound !== null && typeof bound === 'object' ? bound.port : port })
      })
    })
  }

  close(): void {
    this.#server.close()
  }
}

/** Connections that wait to be accepted; the kernel cuts it to net.core.somaxconn. */
const BACKLOG = 4096

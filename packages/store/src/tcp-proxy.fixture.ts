import { connect, createServer, type Server, type Socket } from 'node:net'

/** A wire between a test's client and server that can be slow, cut, or cut in the middle of an answer. */
export class TcpProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Milliseconds that every piece takes, each way. */
  delayMs = 0
  /** Octets of answers after which the connection ends; Infinity for never. */
  cutAfter = Number.POSITIVE_INFINITY
  #closed = false

  private constructor(server: Server) {
    this.#server = server
  }

  static async to(port: number): Promise<TcpProxy> {
    const server = createServer()
    const proxy = new TcpProxy(server)
    server.on('connection', (client) => proxy.#join(client, connect(port, '127.0.0.1')))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port
  }

  /** Cuts what is there; new connections are refused until `mend`. */
  cut(): void {
    this.#closed = true
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.#closed = false
  }

  async close(): Promise<void> {
    this.cut()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #join(client: Socket, server: Socket): void {
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    if (this.#closed) client.destroy()
    let answered = 0
    client.on('data', (octets) => this.#pass(server, octets))
    server.on('data', (octets) => {
      const left = this.cutAfter - answered
      answered += octets.length
      if (octets.length > left) client.end(octets.subarray(0, Math.max(0, left)))
      else this.#pass(client, octets)
    })
  }

  #pass(to: Socket, octets: Buffer): void {
    if (this.delayMs === 0) to.write(octets)
    else setTimeout(() => to.writable && to.write(octets), this.delayMs)
  }
}

import { connect, createServer, type Server, type Socket } from 'node:net'

/** A wire between a test's client and server that can be slow, cut, cut in the middle of an answer, or lead elsewhere. */
export class TcpProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #target: number
  /** Milliseconds that every piece takes, each way. */
  delayMs = 0
  /** Octets of answers after which the connection ends; Infinity for never. */
  cutAfter = Number.POSITIVE_INFINITY
  #closed = false

  private constructor(server: Server, target: number) {
    this.#server = server
    this.#target = target
  }

  static async to(port: number): Promise<TcpProxy> {
    const server = createServer()
    const proxy = new TcpProxy(server, port)
    server.on('connection', (client) => proxy.#join(client, connect(proxy.#target, '127.0.0.1')))
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

  /** Cuts what is there; new connections go to this port. */
  leadTo(port: number): void {
    this.cut()
    this.#target = port
    this.mend()
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
    const [toServer, toClient] = [this.#wayTo(server), this.#wayTo(client)]
    let answered = 0
    client.on('data', toServer)
    server.on('data', (octets) => {
      const left = this.cutAfter - answered
      answered += octets.length
      if (octets.length > left) client.end(octets.subarray(0, Math.max(0, left)))
      else toClient(octets)
    })
  }

  /** Pieces arrive in their order, also those of a time when the wire was slower. */
  #wayTo(socket: Socket): (octets: Buffer) => void {
    const waiting: { readonly octets: Buffer; readonly dueAt: number }[] = []
    const pass = (): void => {
      while (waiting.length > 0 && waiting[0]!.dueAt <= performance.now()) socket.write(waiting.shift()!.octets)
      if (waiting.length > 0) setTimeout(pass, waiting[0]!.dueAt - performance.now())
    }
    return (octets) => {
      waiting.push({ octets, dueAt: performance.now() + this.delayMs })
      if (waiting.length === 1) pass()
    }
  }
}

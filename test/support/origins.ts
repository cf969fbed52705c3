import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer as createTcpServer } from 'node:net'

/** A server that health checks ask, at one address. Closing it really closes it: connections are refused. */
export class Origin {
  readonly address: string
  readonly port: number
  readonly #make: () => Server
  #server: Server | undefined
  /** What it answers over HTTP. */
  status = 200

  private constructor(make: () => Server, address: string, port: number) {
    this.#make = make
    this.address = address
    this.port = port
  }

  static http(address: string, port: number, answer?: RequestListener): Origin {
    const origin: Origin = new Origin(() => createServer(answer ?? origin.#sayOk), address, port)
    return origin
  }

  static https(address: string, port: number, certificate: { key: string; cert: string }): Origin {
    const origin: Origin = new Origin(() => createHttpsServer(certificate, origin.#sayOk), address, port)
    return origin
  }

  /** Says a line to everyone who connects. */
  static tcp(address: string, port: number, line: string): Origin {
    return new Origin(
      () => createTcpServer((socket) => socket.on('error', () => {}).end(line)) as Server,
      address,
      port,
    )
  }

  open(): Promise<void> {
    const server = this.#make()
    this.#server = server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.port, this.address, resolve)
    })
  }

  close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return Promise.resolve()
    return new Promise((resolve) => {
      server.close(() => resolve())
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  }

  readonly #sayOk: RequestListener = (_, response) => {
    response.statusCode = this.status
    response.end('ok\n')
  }
}

import { connect, type Socket } from 'node:net'
import { eventually } from './processes.ts'

/** One TCP connection to a name server: what it sent, cut into messages, and whether it has closed. */
export class TcpClient {
  readonly socket: Socket
  /** Response packets, without their lengths. */
  readonly responses: Uint8Array[] = []
  closed = false
  #rest: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (octets) => this.#take(octets))
    socket.on('error', () => undefined)
    socket.on('end', () => {
      this.closed = true
    })
    socket.on('close', () => {
      this.closed = true
    })
  }

  static open(address: string, port: number): Promise<TcpClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: address, port, allowHalfOpen: true }, () => resolve(new TcpClient(socket)))
      socket.once('error', reject)
    })
  }

  /** Sends queries, each behind its length, in one segment. */
  send(...queries: Uint8Array[]): void {
    this.socket.write(Buffer.concat(queries.flatMap((query) => [lengthOf(query), query])))
  }

  /** Waits for so many responses in all. */
  async received(count: number): Promise<readonly Uint8Array[]> {
    await eventually(
      () => this.responses.length,
      (got) => got >= count || this.closed,
    )
    return this.responses
  }

  async untilClosed(withinMs = 10_000): Promise<void> {
    await eventually(
      () => this.closed,
      (closed) => closed,
      withinMs,
    )
  }

  close(): void {
    this.socket.destroy()
  }

  #take(octets: Uint8Array): void {
    this.#rest = Buffer.concat([this.#rest, octets])
    while (this.#rest.length >= 2 && this.#rest.length >= 2 + this.#rest.readUInt16BE(0)) {
      const end = 2 + this.#rest.readUInt16BE(0)
      this.responses.push(this.#rest.subarray(2, end))
      this.#rest = this.#rest.subarray(end)
    }
  }
}

function lengthOf(packet: Uint8Array): Uint8Array {
  return Uint8Array.of(packet.length >>> 8, packet.length & 0xff)
}

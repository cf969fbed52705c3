import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { readAddress } from '@windrose/ip'
import { Exchange, type Runtime, respond, SILENCE } from '@windrose/nameserver'
import type { ListenAddress } from '../threads/thread-data.ts'
import { BUFFER_OCTETS } from './udp-socket.ts'
import { WorkerCell } from './worker-cells.ts'

/** UDP on node:dgram: the same engine, one datagram a call. */
export class DgramListener {
  readonly wanted: ListenAddress
  readonly #socket: Socket
  readonly #runtime: Runtime
  readonly #cells: Int32Array
  readonly #takeNews: () => void
  readonly #exchange = new Exchange(new Uint8Array(0), new Uint8Array(RESPONSE_OCTETS))

  /** `takeNews` is called before each answer, so that what was published before a query came is what answers it. */
  constructor(wanted: ListenAddress, parts: { runtime: Runtime; cells: Int32Array; takeNews: () => void }) {
    this.wanted = wanted
    this.#runtime = parts.runtime
    this.#cells = parts.cells
    this.#takeNews = parts.takeNews
    this.#exchange.family = wanted.family
    this.#socket = createSocket({ type: wanted.family === 4 ? 'udp4' : 'udp6', ipv6Only: wanted.family === 6 })
  }

  listen(): Promise<ListenAddress> {
    const { address, family, port } = this.wanted
    return new Promise((resolve, reject) => {
      this.#socket.once('error', reject)
      this.#socket.bind({ address, port, exclusive: true }, () => {
        this.#socket.off('error', reject)
        this.#socket.on('error', () => this.#cells[WorkerCell.sendFailures]!++)
        this.#socket.on('message', (packet, from) => this.#answer(packet, from))
        this.#enlargeBuffers()
        resolve({ address, family, port: this.#socket.address().port })
      })
    })
  }

  close(): void {
    try {
      this.#socket.close()
    } catch {
      // It was never bound.
    }
  }

  #answer(packet: Uint8Array, from: RemoteInfo): void {
    const exchange = this.#exchange
    exchange.take(packet)
    // A link-local source carries its interface behind a percent sign.
    exchange.source.set(readAddress(from.address.split('%', 1)[0]!) ?? NO_ADDRESS)
    this.#takeNews()
    const length = respond(exchange, this.#runtime)
    if (length === SILENCE) return
    // dgram sends later: the response is copied out of the buffer that the next one will use.
    this.#socket.send(exchange.out.slice(0, length), from.port, from.address, (error) => {
      if (error) this.#cells[WorkerCell.sendFailures]!++
    })
  }

  #enlargeBuffers(): void {
    try {
      this.#socket.setRecvBufferSize(BUFFER_OCTETS)
      this.#socket.setSendBufferSize(BUFFER_OCTETS)
    } catch {
      // The kernel allows less: it works, with less room for bursts.
    }
  }
}

/** No UDP response is longer: configurations bound `server.edns_payload` to it. */
const RESPONSE_OCTETS = 4096
const NO_ADDRESS = new Uint8Array(4)

import type { Socket } from 'node:net'
import { readAddress } from '@windrose/ip'
import { Exchange, type Runtime, respond, SILENCE } from '@windrose/nameserver'

/** What a connection tells its keeper. */
export interface ConnectionEvents {
  /** Octets came; nothing of them is answered yet. */
  readonly heard: () => void
  /** A whole query came. */
  readonly active: (connection: TcpConnection) => void
  readonly closed: (connection: TcpConnection) => void
}

/**
 * One TCP connection: messages behind their length (RFC 1035 4.2.2), many at once if the client likes (RFC 7766 6.2.1.1),
 * answered in their order. What cannot be a query ends the connection without a word.
 */
export class TcpConnection {
  /** When the last whole query came, by `performance.now()`. */
  activeAt: number = performance.now()
  readonly #socket: Socket
  readonly #runtime: Runtime
  readonly #events: ConnectionEvents
  readonly #exchange: Exchange
  /** The part of a message that has come so far, with its length octets. */
  #rest: Uint8Array = NOTHING

  constructor(socket: Socket, runtime: Runtime, events: ConnectionEvents) {
    this.#socket = socket
    this.#runtime = runtime
    this.#events = events
    this.#exchange = new Exchange(NOTHING, SHARED_OUT)
    this.#exchange.tcp = true
    this.#exchange.family = socket.remoteFamily === 'IPv6' ? 6 : 4
    this.#exchange.source.set(readAddress(socket.remoteAddress?.split('%', 1)[0] ?? '') ?? NOTHING)
    socket.on('data', (octets) => this.#take(octets))
    socket.on('end', () => this.finish())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => events.closed(this))
  }

  /** Sends what is under way, then closes. */
  finish(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #take(octets: Uint8Array): void {
    this.#events.heard()
    const input = this.#rest.length === 0 ? octets : Buffer.concat([this.#rest, octets])
    const responses: Uint8Array[] = []
    let at = 0
    while (input.length - at >= LENGTH_OCTETS) {
      const length = (input[at]! << 8) | input[at + 1]!
      if (length < QUERY_OCTETS_LEAST) {
        this.destroy()
        return
      }
      if (input.length - at - LENGTH_OCTETS < length) break
      const response = this.#answer(input.subarray(at + LENGTH_OCTETS, at + LENGTH_OCTETS + length))
      if (response === undefined) {
        this.destroy()
        return
      }
      responses.push(response)
      at += LENGTH_OCTETS + length
    }
    this.#rest = at === input.length ? NOTHING : input.slice(at)
    if (responses.length === 0) return
    this.activeAt = performance.now()
    this.#events.active(this)
    this.#socket.write(responses.length === 1 ? responses[0]! : Buffer.concat(responses))
    // A client that asks and never reads is not waited for.
    if (this.#socket.writableLength > UNREAD_OCTETS_MAX) this.destroy()
  }

  /** The response behind its length, or undefined for what deserves none. */
  #answer(packet: Uint8Array): Uint8Array | undefined {
    const exchange = this.#exchange
    exchange.take(packet)
    const length = respond(exchange, this.#runtime)
    if (length === SILENCE) return undefined
    const response = new Uint8Array(LENGTH_OCTETS + length)
    response[0] = length >>> 8
    response[1] = length
    response.set(exchange.out.subarray(0, length), LENGTH_OCTETS)
    return response
  }
}

const NOTHING: Uint8Array = new Uint8Array(0)
const LENGTH_OCTETS = 2
/** A header. */
const QUERY_OCTETS_LEAST = 12
/** More than the kernel's buffers take is kept for a client only up to here. */
const UNREAD_OCTETS_MAX = 1 << 20
/** One query is answered at a time, so all connections of a thread share the place where responses are made. */
const SHARED_OUT: Uint8Array = new Uint8Array(65535)

import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { composeMessage, type Message, type Name, parseMessage, queryMessage } from '@windrose/dns'
import type { Prefix } from '@windrose/ip'
import { CommandFailure, ExitCode } from '../exit-code.ts'
import { ask } from '../query/ask.ts'

/** One question, as it is sent to both servers. */
export interface AskedQuery {
  readonly qname: Name
  readonly qtype: number
  readonly client?: Prefix | undefined
}

export interface ServerAddress {
  readonly address: string
  readonly port: number
}

/** How a server is asked. */
export interface AskManner {
  /** How long one packet is waited for. */
  readonly timeoutMs: number
  /** How often a question is sent before it counts as lost. */
  readonly tries: number
}

/** Asks one server from one socket, any number of questions at the same time. */
export class UdpAsker {
  readonly #server: ServerAddress
  readonly #manner: AskManner
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  /** Whether the server has ever answered. */
  hasAnswered = false

  private constructor(server: ServerAddress, manner: AskManner, socket: Socket) {
    this.#server = server
    this.#manner = manner
    this.#socket = socket
    socket.on('message', (packet) => this.#take(packet))
    // A closed port is reported here: what waits is asked again or lost, as if nothing had come.
    socket.on('error', () => {})
  }

  /** Connected, so that only this server's packets arrive. */
  static open(server: ServerAddress, manner: AskManner): Promise<UdpAsker> {
    const socket = createSocket({ type: server.address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: BUFFER_OCTETS })
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        socket.close()
        reject(
          new CommandFailure(
            `cannot ask ${server.address} port ${server.port}: ${error.message}`,
            ExitCode.unreachable,
          ),
        )
      }
      socket.once('error', fail)
      socket.connect(server.port, server.address, () => {
        socket.off('error', fail)
        resolve(new UdpAsker(server, manner, socket))
      })
    })
  }

  /** The response, over TCP where UDP was too small for it; undefined when none came. */
  async ask(query: AskedQuery): Promise<Message | undefined> {
    for (let attempt = 0; attempt < this.#manner.tries; attempt++) {
      const message = await this.#askOnce(query)
      if (message === undefined) continue
      this.hasAnswered = true
      return message.tc ? this.#askOverTcp(query) : message
    }
    return undefined
  }

  close(): void {
    this.#socket.close()
  }

  #askOnce(query: AskedQuery): Promise<Message | undefined> {
    const id = this.#freeId()
    const packet = composeMessage(queryMessage({ ...query, id }))
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#end(id, undefined), this.#manner.timeoutMs)
      this.#waiting.set(id, { packet, late, resolve })
      this.#socket.send(packet, () => {})
    })
  }

  async #askOverTcp(query: AskedQuery): Promise<Message | undefined> {
    try {
      return await ask({ ...this.#server, ...query, tcp: true, timeoutMs: this.#manner.timeoutMs })
    } catch (error) {
      if (error instanceof CommandFailure) return undefined
      throw error
    }
  }

  #take(packet: Uint8Array): void {
    if (packet.length < HEADER_OCTETS) return
    const id = packet[0]! * 256 + packet[1]!
    const waiting = this.#waiting.get(id)
    // A late answer to an earlier question may come under an id that is used again.
    if (waiting === undefined || !hasSameQuestion(waiting.packet, packet)) return
    const message = parseMessage(packet)
    if (!('malformed' in message)) this.#end(id, message)
  }

  #end(id: number, message: Message | undefined): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    clearTimeout(waiting.late)
    this.#waiting.delete(id)
    waiting.resolve(message)
  }

  #freeId(): number {
    for (;;) {
      const id = randomInt(65_536)
      if (!this.#waiting.has(id)) return id
    }
  }
}

interface Waiting {
  readonly packet: Uint8Array
  readonly late: NodeJS.Timeout
  readonly resolve: (message: Message | undefined) => void
}

const HEADER_OCTETS = 12
const BUFFER_OCTETS = 1 << 20

/** The question stands behind the header in the query and, octet by octet, in the response. */
function hasSameQuestion(query: Uint8Array, response: Uint8Array): boolean {
  let end = HEADER_OCTETS
  while (end < query.length && query[end] !== 0) end += query[end]! + 1
  end += 5
  // FORMERR may leave the question out.
  if (response[4] === 0 && response[5] === 0) return true
  if (response.length < end) return false
  for (let at = HEADER_OCTETS; at < end; at++) if (response[at] !== query[at]) return false
  return true
}

import { createSocket, type Socket } from 'node:dgram'
import { composeMessage, type Message, parseMessage, queryMessage, Rtype, readName } from '@windrose/dns'
import { type Prefix, printAddress, readPrefix } from '@windrose/ip'

/** A question with what a resolver says beside it. */
export interface Question {
  readonly name: string
  readonly type?: keyof typeof Rtype
  /** Sent as the client subnet: `81.2.69.0/24`. */
  readonly subnet?: string
  readonly id?: number
}

/** What came back, as far as tests look at it. */
export interface Answered {
  readonly rcode: number
  readonly tc: boolean
  /** The addresses of the answer, sorted and joined: equal for the same set. */
  readonly addresses: string
  readonly scope: number | undefined
  readonly message: Message
}

/** The query as its packet. */
export function composeQuery({ name, type = 'A', subnet, id = 0 }: Question): Uint8Array {
  const qname = readName(`${name}.`)
  if ('problem' in qname) throw new Error(qname.problem)
  return composeMessage(
    queryMessage({ qname, qtype: Rtype[type], id, client: subnet === undefined ? undefined : prefixOf(subnet) }),
  )
}

/** Reads a response packet. Throws where it is malformed. */
export function readResponse(packet: Uint8Array): Answered {
  const message = parseMessage(packet)
  if ('malformed' in message) throw new Error(message.malformed)
  const subnet = message.edns?.options.find(({ code }) => code === 8)
  return {
    rcode: message.rcode,
    tc: message.tc,
    addresses: message.answers
      .filter(({ rtype }) => rtype === Rtype.A || rtype === Rtype.AAAA)
      .map(({ rdata }) => printAddress(rdata))
      .sort()
      .join(' '),
    scope: subnet?.data[3],
    message,
  }
}

/** Asks over UDP from one socket, a few questions at once. Nothing is asked twice: what is lost stays lost. */
export class UdpClient {
  readonly #socket: Socket
  readonly #to: { readonly address: string; readonly port: number }
  readonly #waiting = new Map<number, (packet: Uint8Array) => void>()
  #nextId = 1

  constructor(address: string, port: number) {
    this.#to = { address, port }
    this.#socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    this.#socket.on('message', (packet) => {
      const id = packet.readUInt16BE(0)
      this.#waiting.get(id)?.(packet)
      this.#waiting.delete(id)
    })
  }

  /** Undefined when no answer came in time. */
  ask(question: Question, withinMs = 5000): Promise<Answered | undefined> {
    const id = this.#nextId++ & 0xffff
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.#waiting.delete(id)
        resolve(undefined)
      }, withinMs)
      this.#waiting.set(id, (packet) => {
        clearTimeout(late)
        resolve(readResponse(packet))
      })
      this.send(composeQuery({ ...question, id }))
    })
  }

  /** Asks all of them, `window` at a time, and gives the answers in order; undefined for what was lost. */
  async askAll(questions: readonly Question[], window = 16): Promise<(Answered | undefined)[]> {
    const answers: (Answered | undefined)[] = []
    let next = 0
    const work = async (): Promise<void> => {
      for (let at = next++; at < questions.length; at = next++) answers[at] = await this.ask(questions[at]!)
    }
    await Promise.all(Array.from({ length: window }, work))
    return answers
  }

  /** Sends octets as they are and waits for nothing. */
  send(packet: Uint8Array): void {
    this.#socket.send(packet, this.#to.port, this.#to.address)
  }

  close(): void {
    this.#socket.close()
  }
}

function prefixOf(text: string): Prefix {
  const read = readPrefix(text)
  if (read === undefined) throw new Error(`not a prefix: ${text}`)
  return read.prefix
}

import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { composeMessage, type Message, type Name, parseMessage, queryMessage } from '@windrose/dns'
import type { Prefix } from '@windrose/ip'
import { CommandFailure, ExitCode } from '../exit-code.ts'

/** One question to one server. */
export interface Ask {
  readonly address: string
  readonly port: number
  readonly qname: Name
  readonly qtype: number
  readonly tcp: boolean
  readonly client?: Prefix | undefined
  readonly timeoutMs: number
}

/** Asks and waits for the response; over TCP again when the response over UDP is truncated. */
export async function ask(question: Ask): Promise<Message> {
  const query = composeMessage(queryMessage({ ...question, id: randomInt(65_536) }))
  const octets = question.tcp ? await overTcp(question, query) : await overUdp(question, query)
  const message = parseMessage(octets)
  if ('malformed' in message) throw new CommandFailure(`the response is malformed: ${message.malformed}`)
  return message.tc && !question.tcp ? ask({ ...question, tcp: true }) : message
}

function overUdp({ address, port, timeoutMs }: Ask, query: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    const fail = (why: string): void => {
      clearTimeout(timer)
      socket.close()
      reject(new CommandFailure(`no answer from ${address} port ${port}: ${why}`, ExitCode.unreachable))
    }
    const timer = setTimeout(() => fail(`nothing within ${timeoutMs} ms`), timeoutMs)
    socket.on('error', (error) => fail(error.message))
    socket.on('message', (response) => {
      if (response[0] !== query[0] || response[1] !== query[1]) return
      clearTimeout(timer)
      socket.close()
      resolve(response)
    })
    // Connected, so that a closed port is an error and not a silence.
    socket.connect(port, address, () => socket.send(query))
  })
}

function overTcp({ address, port, timeoutMs }: Ask, query: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, address)
    const fail = (why: string): void => {
      socket.destroy()
      reject(new CommandFailure(`no answer from ${address} port ${port} over TCP: ${why}`, ExitCode.unreachable))
    }
    let received = Buffer.alloc(0)
    socket.setTimeout(timeoutMs, () => fail(`nothing within ${timeoutMs} ms`))
    socket.on('error', (error) => fail(error.message))
    socket.on('close', () => fail('the server closed the connection'))
    socket.on('data', (octets) => {
      received = Buffer.concat([received, octets])
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return
      resolve(received.subarray(2, 2 + received.readUInt16BE(0)))
      socket.destroy()
    })
    socket.write(Buffer.concat([Buffer.from([query.length >>> 8, query.length & 0xff]), query]))
  })
}

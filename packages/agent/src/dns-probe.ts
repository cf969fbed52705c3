import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { isIP, type Socket } from 'node:net'
import type { DnsCheck } from '@windrose/health'
import type { Attempt } from './attempt.ts'
import { type Connection, hasUsableSource, openConnection } from './connection.ts'
import { composeQuestion, judgeResponse } from './dns-question.ts'
import { endWithError } from './error-reason.ts'
import type { Probing } from './probing.ts'
import { succeedWith } from './succeed-with.ts'
import { wishTls } from './tls-connection.ts'

/** Asks once: a datagram that is lost is a failure, and what a check makes of single failures is its `fall`. */
export function probeDns(probing: Probing, check: DnsCheck): void {
  const id = randomInt(65_536)
  const question = composeQuestion(check, id)
  if (check.transport === 'udp') askOverUdp(probing, check, question, id)
  else {
    const tls = check.tls === undefined ? undefined : wishTls(check.tls, undefined, probing)
    openConnection(probing, check, { tls }, (connection) => {
      const { socket } = connection
      probing.attempt.waitingFor = 'no answer'
      readMessages(probing.attempt, socket, (response) => judge(probing.attempt, response, check, id, connection))
      socket.write(Buffer.concat([lengthOf(question), question]))
    })
  }
}

function askOverUdp(probing: Probing, check: DnsCheck, question: Buffer, id: number): void {
  const { attempt, address } = probing
  if (!hasUsableSource(probing, check)) return
  attempt.waitingFor = 'no answer'
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4')
  attempt.onEnd(() => socket.close())
  socket.on('error', (error) => endWithError(attempt, error))
  socket.on('message', (response) => judge(attempt, response, check, id))
  const ask = () => {
    if (attempt.isOver) return
    // Connected, so that only the address that was asked can answer, and a refusal is told.
    socket.connect(check.port, address, (error?: Error) => {
      if (error !== undefined && error !== null) endWithError(attempt, error)
      else if (!attempt.isOver) socket.send(question)
    })
  }
  if (check.sourceAddress === undefined) ask()
  else socket.bind({ address: check.sourceAddress, port: 0 }, ask)
}

function judge(
  attempt: Attempt,
  response: Buffer,
  check: DnsCheck,
  id: number,
  connection: Pick<Connection, 'concern'> = NO_CONNECTION,
): void {
  const judgement = judgeResponse(response, check, id)
  if (judgement.kind === 'good') succeedWith(attempt, judgement.rcode, connection)
  else if (judgement.kind === 'bad') attempt.fail(judgement.reason)
}

const NO_CONNECTION: Pick<Connection, 'concern'> = { concern: undefined }

/** Over TCP each message follows its length in two octets (RFC 1035 section 4.2.2). */
function readMessages(attempt: Attempt, socket: Socket, onMessage: (message: Buffer) => void): void {
  let received = Buffer.alloc(0)
  socket.on('data', (octets: Buffer) => {
    received = Buffer.concat([received, octets])
    while (!attempt.isOver && received.length >= 2) {
      const end = 2 + received.readUInt16BE(0)
      if (received.length < end) return
      onMessage(received.subarray(2, end))
      received = received.subarray(end)
    }
  })
  socket.once('close', () => attempt.fail('connection closed before an answer'))
}

function lengthOf(message: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return length
}

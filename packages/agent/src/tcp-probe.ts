import type { Socket } from 'node:net'
import type { TcpCheck } from '@windrose/health'
import type { Attempt } from './attempt.ts'

/** What is read of an answer while the expected text is looked for. */
const ANSWER_LIMIT = 65_536

/** Sends what the check sends, and waits for what it expects. */
export function probeTcp(attempt: Attempt, socket: Socket, check: TcpCheck): void {
  const { send, expect } = check
  if (send !== undefined) socket.write(send)
  if (expect === undefined) succeedAfterSending(attempt, socket, send)
  else awaitText(attempt, socket, expect)
}

function awaitText(attempt: Attempt, socket: Socket, expect: string): void {
  attempt.waitingFor = 'no answer'
  let answer = Buffer.alloc(0)
  socket.on('data', (octets: Buffer) => {
    attempt.waitingFor = 'the expected text did not arrive'
    answer = Buffer.concat([answer, octets])
    if (answer.includes(expect)) attempt.succeed('answered as expected')
    else if (answer.length > ANSWER_LIMIT) attempt.fail(`the expected text is not in the first ${ANSWER_LIMIT} octets`)
  })
  socket.once('close', () =>
    attempt.fail(
      answer.length === 0 ? 'connection closed before an answer' : 'connection closed before the expected text',
    ),
  )
}

function succeedAfterSending(attempt: Attempt, socket: Socket, send: string | undefined): void {
  if (send === undefined) {
    attempt.succeed('connected')
    return
  }
  attempt.waitingFor = 'not everything could be sent'
  // The FIN follows the last octet; destroying at once could lose them both.
  socket.end(() => attempt.succeed('connected'))
}

import type { TcpCheck } from '@windrose/health'
import type { Attempt } from './attempt.ts'
import { type Connection, openConnection } from './connection.ts'
import { octetsOf } from './octets.ts'
import type { Probing } from './probing.ts'
import { proxyPreface } from './proxy-preface.ts'
import { succeedWith } from './succeed-with.ts'
import { wishTls } from './tls-connection.ts'

/** What is read of an answer while the expected text is looked for. */
const ANSWER_LIMIT = 65_536

/** Connects, sends what the check sends, and waits for what it expects. */
export function probeTcp(probing: Probing, check: TcpCheck): void {
  const wish = {
    tls: check.tls === undefined ? undefined : wishTls(check.tls, undefined, probing),
    preface: check.proxyProtocol === undefined ? undefined : proxyPreface(check.proxyProtocol),
  }
  openConnection(probing, check, wish, (connection) => {
    const { attempt } = probing
    const { send, expect, expectMatches } = check
    if (expect === undefined && expectMatches === undefined) {
      succeedAfterSending(attempt, connection, check)
      return
    }
    if (send !== undefined) connection.socket.write(octetsOf(send))
    if (expectMatches !== undefined) awaitMatch(probing, connection, expectMatches)
    else if (expect !== undefined) awaitOctets(attempt, connection, octetsOf(expect))
  })
}

function awaitOctets(attempt: Attempt, connection: Connection, expect: Buffer): void {
  attempt.waitingFor = 'no answer'
  const { socket } = connection
  let answer = Buffer.alloc(0)
  socket.on('data', (octets: Buffer) => {
    attempt.waitingFor = 'the expected text did not arrive'
    answer = Buffer.concat([answer, octets])
    if (answer.includes(expect)) succeedWith(attempt, 'answered as expected', connection)
    else if (answer.length > ANSWER_LIMIT) attempt.fail(`the expected text is not in the first ${ANSWER_LIMIT} octets`)
  })
  socket.once('close', () =>
    attempt.fail(
      answer.length === 0 ? 'connection closed before an answer' : 'connection closed before the expected text',
    ),
  )
}

/** Tried again whenever there is more, one try at a time. */
function awaitMatch({ attempt, surroundings }: Probing, connection: Connection, pattern: string): void {
  attempt.waitingFor = 'no answer'
  const { socket } = connection
  let answer = Buffer.alloc(0)
  let tried = 0
  let isTrying = false
  let isClosed = false
  const look = async () => {
    if (isTrying) return
    isTrying = true
    while (!attempt.isOver && tried < answer.length) {
      tried = answer.length
      attempt.waitsForAgent = true
      const verdict = await surroundings.patterns.test(pattern, answer.toString('utf8'))
      attempt.waitsForAgent = false
      if (verdict === 'match') succeedWith(attempt, 'answered as expected', connection)
      else if (verdict === 'undecided') attempt.giveUp('the pattern for the answer takes too long to try')
      else if (answer.length > ANSWER_LIMIT) attempt.fail(`no match in the first ${ANSWER_LIMIT} octets`)
    }
    isTrying = false
    if (isClosed) attempt.fail(answer.length === 0 ? 'connection closed before an answer' : 'the answer does not match')
  }
  socket.on('data', (octets: Buffer) => {
    attempt.waitingFor = 'what arrived does not match'
    if (answer.length <= ANSWER_LIMIT) answer = Buffer.concat([answer, octets])
    void look()
  })
  socket.once('close', () => {
    isClosed = true
    void look()
  })
}

function succeedAfterSending(attempt: Attempt, connection: Connection, { send, proxyProtocol }: TcpCheck): void {
  const finish = () => succeedWith(attempt, 'connected', connection)
  if (send === undefined && proxyProtocol === undefined) {
    finish()
    return
  }
  attempt.waitingFor = 'not everything could be sent'
  // The FIN follows the last octet; destroying at once could lose them both.
  if (send === undefined) connection.socket.end(finish)
  else connection.socket.end(octetsOf(send), finish)
}

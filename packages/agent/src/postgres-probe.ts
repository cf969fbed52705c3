import type { Socket } from 'node:net'
import type { PostgresCheck } from '@windrose/health'
import type { Attempt } from './attempt.ts'
import { type Connection, openConnection } from './connection.ts'
import { composeStartup, type PostgresAnswer, parsePostgresAnswer, SSL_REQUEST } from './postgres-messages.ts'
import { printableText } from './printable-text.ts'
import type { Probing } from './probing.ts'
import { readStream } from './read-stream.ts'
import { succeedWith } from './succeed-with.ts'
import { startTls, wishTls } from './tls-connection.ts'

/** Begins a session and goes no further than the server's first answer. */
export function probePostgres(probing: Probing, check: PostgresCheck): void {
  const { tls } = check
  openConnection(probing, check, {}, (connection) => {
    if (tls === undefined) startUp(probing, connection, check)
    else
      requestTls(probing.attempt, connection.socket, () =>
        startTls(probing, connection.socket, wishTls(tls, undefined, probing), (secured) =>
          startUp(probing, secured, check),
        ),
      )
  })
}

function requestTls(attempt: Attempt, socket: Socket, onGranted: () => void): void {
  attempt.waitingFor = 'no answer'
  const onClose = () => attempt.fail('connection closed before an answer')
  socket.once('close', onClose)
  socket.once('data', (octets: Buffer) => {
    socket.off('close', onClose)
    // More than the one octet is something that an attacker put in front of the handshake (CVE-2021-23222).
    if (octets.length === 1 && octets.toString() === 'S') {
      socket.pause()
      onGranted()
    } else attempt.fail(octets.toString('latin1', 0, 1) === 'N' ? 'the server does not offer TLS' : NOT_POSTGRES)
  })
  socket.write(SSL_REQUEST)
}

function startUp({ attempt }: Probing, connection: Connection, check: PostgresCheck): void {
  attempt.waitingFor = 'no answer'
  readStream(attempt, connection.socket, (received) => judge(attempt, connection, parsePostgresAnswer(received)))
  const { user, database } = check
  connection.socket.write(composeStartup({ user, ...(database === undefined ? {} : { database }) }))
}

function judge(attempt: Attempt, connection: Connection, answer: PostgresAnswer): void {
  if (answer.kind === 'authentication') succeedWith(attempt, 'accepts connections', connection)
  else if (answer.kind === 'foreign') attempt.fail(NOT_POSTGRES)
  else if (answer.kind === 'error') {
    if (isAboutTheUser(answer.sqlstate)) succeedWith(attempt, 'accepts connections, but not this user', connection)
    else attempt.fail(`the server says ${printableText(`${answer.sqlstate} ${answer.message}`)}`)
  }
}

const NOT_POSTGRES = 'not a PostgreSQL answer'

/** Class 28 is about the user, 3D about the database: a server that says so is up, as pg_isready sees it too. */
function isAboutTheUser(sqlstate: string): boolean {
  return sqlstate.startsWith('28') || sqlstate.startsWith('3D')
}

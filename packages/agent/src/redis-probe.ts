import type { RedisCheck } from '@windrose/health'
import type { Attempt } from './attempt.ts'
import { type Connection, openConnection } from './connection.ts'
import { printableText } from './printable-text.ts'
import type { Probing } from './probing.ts'
import { readStream } from './read-stream.ts'
import { composeCommand, parseReplies, type RespReply } from './resp.ts'
import { readSecret } from './secret-file.ts'
import { succeedWith } from './succeed-with.ts'
import { wishTls } from './tls-connection.ts'

/** Logs in where there is a password, says PING, and looks for the key that must not exist: all in one go. */
export function probeRedis(probing: Probing, check: RedisCheck): void {
  const { attempt } = probing
  const questions = questionsOf(attempt, check)
  if (questions === undefined) return
  const tls = check.tls === undefined ? undefined : wishTls(check.tls, undefined, probing)
  openConnection(probing, check, { tls }, (connection) => {
    attempt.waitingFor = 'no answer'
    readStream(attempt, connection.socket, (received) => judge(attempt, connection, questions, parseReplies(received)))
    connection.socket.write(Buffer.concat(questions.map(({ command }) => command)))
  })
}

interface Question {
  readonly command: Buffer
  /** A sentence when the reply is not the one that is wanted. */
  readonly objection: (reply: RespReply) => string | undefined
}

function questionsOf(attempt: Attempt, check: RedisCheck): readonly Question[] | undefined {
  const { user, passwordFile, mustNotExist } = check
  const questions: Question[] = [{ command: composeCommand('PING'), objection: wantStatus('PONG') }]
  if (mustNotExist !== undefined) {
    const present = `the key ${mustNotExist} exists`
    questions.push({
      command: composeCommand('EXISTS', mustNotExist),
      objection: (reply) => (reply.kind === 'integer' ? (reply.value === 0 ? undefined : present) : objectTo(reply)),
    })
  }
  if (passwordFile === undefined) return questions
  const password = readSecret(attempt, passwordFile)
  if (password === undefined) return undefined
  const login = user === undefined ? composeCommand('AUTH', password) : composeCommand('AUTH', user, password)
  return [{ command: login, objection: wantStatus('OK') }, ...questions]
}

function judge(
  attempt: Attempt,
  connection: Connection,
  questions: readonly Question[],
  replies: readonly (RespReply | undefined)[],
): void {
  for (const [index, { objection }] of questions.entries()) {
    if (index >= replies.length) return
    const reply = replies[index]
    const problem = reply === undefined ? NOT_REDIS : objection(reply)
    if (problem === undefined) continue
    attempt.fail(problem)
    return
  }
  succeedWith(attempt, 'PONG', connection)
}

const NOT_REDIS = 'not a Redis answer'

function wantStatus(text: string): Question['objection'] {
  return (reply) => (reply.kind === 'status' && reply.text === text ? undefined : objectTo(reply))
}

function objectTo(reply: RespReply): string {
  return reply.kind === 'error' ? `the server says ${printableText(reply.text)}` : NOT_REDIS
}

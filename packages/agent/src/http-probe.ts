import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import type { HttpCheck, HttpsCheck, StatusRange } from '@windrose/health'
import type { Attempt } from './attempt.ts'
import type { Connection } from './connection.ts'
import { endWithError, isHangUp } from './error-reason.ts'

/** Sends the check's request on an open connection, and judges the response. */
export function probeHttp(
  attempt: Attempt,
  connection: Connection,
  address: string,
  check: HttpCheck | HttpsCheck,
): void {
  attempt.waitingFor = 'no answer'
  let sent: ClientRequest
  try {
    sent = request({
      createConnection: () => connection.socket,
      method: check.method,
      path: check.path,
      setHost: false,
      headers: headersOf(check, address),
    })
  } catch (error) {
    attempt.giveUp(`the request cannot be made: ${(error as Error).message}`)
    return
  }
  sent.on('error', (error) => {
    if (isHangUp(error)) attempt.fail('connection closed before a response')
    else endWithError(attempt, error)
  })
  sent.on('response', (response) => judgeResponse(attempt, response, connection, check))
  // A server that switches protocols unasked has answered with a status, too.
  sent.on('upgrade', (response) => judgeStatus(attempt, response, check))
  sent.end()
}

function judgeResponse(
  attempt: Attempt,
  response: IncomingMessage,
  connection: Connection,
  check: HttpCheck | HttpsCheck,
): void {
  if (!judgeStatus(attempt, response, check)) return
  attempt.waitingFor = 'response not complete'
  const chunks: Buffer[] = []
  let length = 0
  const finish = () => {
    const body = Buffer.concat(chunks).subarray(0, check.bodyLimit)
    const { concern } = connection
    const status = printStatus(response)
    if (check.expectBody !== undefined && !body.includes(check.expectBody))
      attempt.fail(`${status}, but the body lacks the expected text`)
    else attempt.succeed(concern === undefined ? status : `${status}; ${concern}`, concern !== undefined)
  }
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    if (length >= check.bodyLimit) finish()
  })
  response.on('end', finish)
  response.on('error', () => attempt.fail('connection closed before the response was complete'))
}

function judgeStatus(attempt: Attempt, response: IncomingMessage, check: HttpCheck | HttpsCheck): boolean {
  const status = response.statusCode ?? 0
  if (check.expectStatus.some(([from, to]) => from <= status && status <= to)) return true
  const note = status >= 300 && status <= 399 ? ' (redirects are not followed)' : ''
  attempt.fail(`${printStatus(response)}, wanted ${check.expectStatus.map(printRange).join(', ')}${note}`)
  return false
}

function printStatus(response: IncomingMessage): string {
  return `status ${response.statusCode}`
}

function printRange([from, to]: StatusRange): string {
  return from === to ? `${from}` : `${from}-${to}`
}

/** The check's own headers win over ours, in whatever case they are written. */
function headersOf(check: HttpCheck | HttpsCheck, address: string): Record<string, string> {
  const own = new Map(Object.entries(check.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const defaults = { host: check.host ?? hostOf(check, address), accept: '*/*', 'user-agent': 'windrose-agent' }
  return { ...defaults, ...Object.fromEntries(own), connection: 'close' }
}

/** The Host header for a target that the check gives no host for: with the port where it is not the scheme's. */
function hostOf(check: HttpCheck | HttpsCheck, address: string): string {
  const host = address.includes(':') ? `[${address}]` : address
  return check.port === (check.type === 'https' ? 443 : 80) ? host : `${host}:${check.port}`
}

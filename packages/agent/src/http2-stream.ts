import { type ClientHttp2Stream, connect, constants } from 'node:http2'
import type { Socket } from 'node:net'
import type { Attempt } from './attempt.ts'
import { endWithError, isHangUp } from './error-reason.ts'
import type { HttpRequest } from './http-exchange.ts'

export interface OpenedHttp2Stream {
  readonly stream: ClientHttp2Stream
  /** For the end of the stream, which Node tells as well when the connection breaks: then it ends the attempt. */
  readonly isCutOff: () => boolean
  /** Closes stream and connection, of which nothing is told from then on. */
  readonly hangUp: () => void
}

/**
 * Begins HTTP/2 on an open connection (RFC 9113 section 3.4) with one request. What goes wrong ends the attempt;
 * undefined when the request cannot be made.
 */
export function openHttp2Stream(attempt: Attempt, socket: Socket, request: HttpRequest): OpenedHttp2Stream | undefined {
  attempt.waitingFor = 'no answer'
  let over = false
  const fail = (error: Error) => {
    if (!over) endWithHttp2Error(attempt, error)
  }
  // The name is of no meaning: the request brings its own :authority.
  const session = connect('http://target.invalid', { createConnection: () => socket, settings: { enablePush: false } })
  session.on('error', fail)
  session.on('close', () => {
    if (!over) attempt.fail(CUT_OFF)
  })
  const hangUp = () => {
    over = true
    session.destroy()
    socket.destroy()
  }
  attempt.onEnd(hangUp)
  try {
    const stream = session.request(
      {
        ...request.headers,
        ':method': request.method,
        ':scheme': request.scheme,
        ':authority': request.host,
        ':path': request.path,
      },
      { endStream: request.body === undefined },
    )
    stream.on('error', fail)
    if (request.body !== undefined) stream.end(request.body)
    const isCutOff = () => {
      const { rstCode = 0 } = stream
      if (rstCode !== constants.NGHTTP2_NO_ERROR) attempt.fail(CUT_OFF)
      return rstCode !== constants.NGHTTP2_NO_ERROR
    }
    return { stream, isCutOff, hangUp }
  } catch (error) {
    attempt.giveUp(`the request cannot be made: ${(error as Error).message}`)
    return undefined
  }
}

function endWithHttp2Error(attempt: Attempt, error: Error): void {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'ERR_HTTP2_ERROR') attempt.fail('not an HTTP/2 answer')
  else if (code === 'ERR_HTTP2_STREAM_ERROR' || code === 'ERR_HTTP2_SESSION_ERROR')
    attempt.fail(`the server broke off (${/NGHTTP2_\w+/.exec(error.message)?.[0] ?? 'without a reason'})`)
  else if (isHangUp(error) || code.startsWith('ERR_HTTP2_')) attempt.fail(CUT_OFF)
  else endWithError(attempt, error)
}

const CUT_OFF = 'connection closed before the response was complete'

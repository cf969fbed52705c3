import { type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http'
import { endWithError, isHangUp } from './error-reason.ts'
import { type HttpExchange, type HttpRequest, readBody } from './http-exchange.ts'

/** HTTP/1.1 (RFC 9112). */
export const exchangeHttp1: HttpExchange = (attempt, socket, request, listener) => {
  attempt.waitingFor = 'no answer'
  let over = false
  const hangUp = () => {
    over = true
    socket.destroy()
  }
  const takeHead = (response: IncomingMessage): boolean => {
    response.on('error', () => {
      if (!over) attempt.fail('connection closed before the response was complete')
    })
    const wanted = listener.onHead({ status: response.statusCode ?? 0, headers: response.headers })
    if (!wanted) hangUp()
    return wanted
  }
  const takeBody = (body: Buffer) => {
    hangUp()
    listener.onBody(body)
  }
  let sent: ClientRequest
  try {
    sent = startRequest({
      createConnection: () => socket,
      method: request.method,
      path: request.path,
      setHost: false,
      headers: headersOf(request),
    })
  } catch (error) {
    attempt.giveUp(`the request cannot be made: ${(error as Error).message}`)
    return
  }
  sent.on('error', (error) => {
    if (over) return
    if (isHangUp(error)) attempt.fail('connection closed before a response')
    else endWithError(attempt, error)
  })
  sent.on('response', (response) => {
    if (takeHead(response)) readBody(attempt, response, listener.bodyLimit, takeBody)
  })
  // A server that switches protocols unasked has answered with a status, too.
  sent.on('upgrade', (response) => {
    if (takeHead(response)) takeBody(Buffer.alloc(0))
  })
  sent.end(request.body)
}

function headersOf({ host, headers, body }: HttpRequest): Record<string, string> {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  return { host, ...length, ...headers, connection: 'close' }
}

import { type HttpExchange, readBody } from './http-exchange.ts'
import { openHttp2Stream } from './http2-stream.ts'

/** HTTP/2 (RFC 9113). */
export const exchangeHttp2: HttpExchange = (attempt, socket, request, listener) => {
  const opened = openHttp2Stream(attempt, socket, request)
  if (opened === undefined) return
  const { stream, isCutOff, hangUp } = opened
  stream.on('response', (headers) => {
    if (!listener.onHead({ status: Number(headers[':status']), headers })) {
      hangUp()
      return
    }
    readBody(attempt, stream, listener.bodyLimit, (body) => {
      if (isCutOff()) return
      hangUp()
      listener.onBody(body)
    })
  })
}

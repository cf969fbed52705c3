import type { IncomingHttpHeaders } from 'node:http2'
import type { GrpcCheck } from '@windrose/health'
import { openConnection } from './connection.ts'
import { composeHealthRequest, HEALTH_CHECK_PATH, HEALTH_RESPONSE_LIMIT, parseHealthResponse } from './grpc-health.ts'
import { hostOf } from './host-header.ts'
import { openHttp2Stream } from './http2-stream.ts'
import { printableText } from './printable-text.ts'
import type { Probing } from './probing.ts'
import { succeedWith } from './succeed-with.ts'
import { wishTls } from './tls-connection.ts'

/** One call of the health service: gRPC over HTTP/2 as its PROTOCOL-HTTP2.md has it. */
export function probeGrpc(probing: Probing, check: GrpcCheck): void {
  const { attempt } = probing
  const tls = check.tls === undefined ? undefined : wishTls(check.tls, check.host, probing, 'h2')
  openConnection(probing, check, { tls }, (connection) => {
    const opened = openHttp2Stream(attempt, connection.socket, {
      method: 'POST',
      scheme: tls === undefined ? 'http' : 'https',
      host: check.host ?? hostOf(probing.name, check.port, undefined),
      path: HEALTH_CHECK_PATH,
      headers: {
        'user-agent': 'windrose-agent',
        ...metadataOf(check),
        'content-type': 'application/grpc',
        te: 'trailers',
      },
      body: composeHealthRequest(check.service),
    })
    if (opened === undefined) return
    const { stream, isCutOff } = opened
    let head: IncomingHttpHeaders = {}
    let trailers: IncomingHttpHeaders = {}
    let body = Buffer.alloc(0)
    stream.on('response', (headers) => {
      attempt.waitingFor = 'response not complete'
      head = headers
    })
    stream.on('trailers', (headers) => {
      trailers = headers
    })
    stream.on('data', (octets: Buffer) => {
      body = Buffer.concat([body, octets])
      if (body.length > HEALTH_RESPONSE_LIMIT) attempt.fail('not a health response')
    })
    // Not at its end: trailers may be told after that.
    stream.on('close', () => {
      if (isCutOff()) return
      const problem = objectTo(head, { ...head, ...trailers }, body)
      if (problem === undefined) succeedWith(attempt, 'SERVING', connection)
      else attempt.fail(problem)
    })
  })
}

/** HTTP/2 has the names of headers in lower case (RFC 9113 section 8.2.1). */
function metadataOf({ headers = {} }: GrpcCheck): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** `trailers` are those of a response without a message as well: then they are its head. */
function objectTo(head: IncomingHttpHeaders, trailers: IncomingHttpHeaders, body: Buffer): string | undefined {
  const status = head[':status' as keyof IncomingHttpHeaders]
  if (Number(status) !== 200) return `status ${status}, wanted 200`
  const code = trailers['grpc-status']
  if (code === undefined) return 'not a gRPC answer'
  if (code !== '0') return `gRPC status ${GRPC_STATUSES[Number(code)] ?? printableText(String(code))}`
  const serving = parseHealthResponse(body)
  if (serving === undefined) return 'not a health response'
  return serving === SERVING ? undefined : (SERVING_STATUSES[serving] ?? `serving status ${serving}`)
}

const SERVING = 1

/** In the order of their numbers. */
const SERVING_STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN']

const GRPC_STATUSES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
]

import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { Attempt } from './attempt.ts'

export interface HttpRequest {
  readonly method: string
  readonly scheme: 'http' | 'https'
  /** For the Host header or :authority. */
  readonly host: string
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | undefined
}

export interface HttpHead {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
}

export interface HttpListener {
  /** Whether the body is wanted. After `false` nothing more is told, and the connection is closed. */
  readonly onHead: (head: HttpHead) => boolean
  /** The body's first octets, `bodyLimit` at most. */
  readonly onBody: (body: Buffer) => void
  readonly bodyLimit: number
}

/** One request and its response on an open connection. Failures end the attempt. */
export type HttpExchange = (attempt: Attempt, socket: Socket, request: HttpRequest, listener: HttpListener) => void

/** Reads a body to its end or its limit; whoever calls hears of its errors. */
export function readBody(attempt: Attempt, body: Readable, limit: number, onBody: (body: Buffer) => void): void {
  attempt.waitingFor = 'response not complete'
  const chunks: Buffer[] = []
  let length = 0
  let over = false
  const finish = () => {
    if (over) return
    over = true
    onBody(Buffer.concat(chunks).subarray(0, limit))
  }
  body.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    if (length >= limit) finish()
  })
  body.on('end', finish)
}

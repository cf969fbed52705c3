import { createHash, timingSafeEqual } from 'node:crypto'
import { readAddress } from '@windrose/ip'
import { ApiError } from './api-error.ts'

/** The part of a request by which it is decided whether it may be. */
export interface GuardedRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface GuardRules {
  readonly token: string
  /** The address that the API is configured to listen on. */
  readonly address: string
}

/**
 * Throws an ApiError unless the request may be.
 *
 *   Host     a loopback name or address, or the configured one: a page under a name of its own cannot reach the API,
 *            though its name may lead here (DNS rebinding)
 *   Origin   where there is one, the same host: no page of another origin can ask in its user's name
 *   token    for every method that may change something
 */
export function guard({ method, headers }: GuardedRequest, rules: GuardRules): void {
  const host = headers['host']
  if (typeof host !== 'string' || !isOwnHost(host, rules.address)) {
    throw new ApiError(403, `the Host header must name this server: localhost or ${rules.address}`)
  }
  const origin = headers['origin']
  if (origin !== undefined && !(typeof origin === 'string' && isSameOrigin(origin, host))) {
    throw new ApiError(403, `requests from pages of ${String(origin).slice(0, 200)} are refused`)
  }
  if (SAFE_METHODS.has(method)) return
  const authorization = headers['authorization']
  if (typeof authorization !== 'string') {
    throw new ApiError(401, 'this needs the token: send "Authorization: Bearer TOKEN"')
  }
  const [, given] = /^Bearer +(\S+) *$/i.exec(authorization) ?? []
  if (given === undefined || !equalSecrets(given, rules.token))
    throw new ApiError(401, 'the token is not the one of this server')
}

/** RFC 9110 section 9.2.1: these change nothing. */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

function isOwnHost(host: string, own: string): boolean {
  const [, inBrackets, plain] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::\d{1,5})?$/.exec(host) ?? []
  const name = (inBrackets ?? plain ?? '').toLowerCase()
  return name === 'localhost' || name === own || isLoopback(name)
}

/** 127.0.0.0/8 (RFC 1122 3.2.1.3) and ::1 (RFC 4291 2.5.3). */
function isLoopback(text: string): boolean {
  const address = readAddress(text)
  if (address === undefined) return false
  if (address.length === 4) return address[0] === 127
  return address.every((octet, i) => octet === (i === 15 ? 1 : 0))
}

function isSameOrigin(origin: string, host: string): boolean {
  return origin.toLowerCase() === `http://${host}`.toLowerCase()
}

/** In a time that does not depend on where they differ, nor on their lengths. */
function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

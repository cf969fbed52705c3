import type { PortCheck } from './every-check.ts'
import type { LoadField } from './load-figure.ts'
import type { TlsOptions } from './tls-options.ts'

/** What is asked over HTTP and what must come back. */
export interface HttpRequestCheck extends PortCheck {
  /** HTTP/2 is negotiated by ALPN over TLS, and spoken at once without (RFC 9113 section 3.3). Left out, HTTP/1.1. */
  readonly version?: '2'
  readonly method: string
  /** With the query, starting with a slash. */
  readonly path: string
  /** The Host header; left out, the target's own address or name. */
  readonly host?: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent as UTF-8. */
  readonly body?: string
  readonly auth?: HttpAuth
  /** The answer's status must lie in one of these. */
  readonly expectStatus: readonly StatusRange[]
  /** A status in one of these is a success as well, and degraded. */
  readonly degradedStatus?: readonly StatusRange[]
  /** Must occur, as UTF-8 octets, in the first `bodyLimit` octets of the body. */
  readonly expectBody?: string
  /** A regular expression that must match in the first `bodyLimit` octets of the body, read as UTF-8. */
  readonly expectBodyMatches?: string
  readonly expectHeaders?: readonly HeaderExpectation[]
  /** Octets of the body that are read before the connection is closed. */
  readonly bodyLimit: number
  /** How many redirects are followed, always to the target's own address and port; left out, none. */
  readonly redirects?: number
  /** Where the answer says how loaded the target is; it never changes a verdict. Left out, nobody looks. */
  readonly load?: LoadField
}

/** First and last status, both included. */
export type StatusRange = readonly [from: number, to: number]

/** The header must be there, and be this text or match this regular expression where one is given; or must not be there. */
export interface HeaderExpectation {
  readonly name: string
  readonly absent?: true
  readonly equals?: string
  readonly matches?: string
}

/** The secrets themselves stay in files: a check is published to agents. */
export type HttpAuth =
  | { readonly scheme: 'basic'; readonly user: string; readonly passwordFile: string }
  | { readonly scheme: 'bearer'; readonly tokenFile: string }

export interface HttpCheck extends HttpRequestCheck {
  readonly type: 'http'
}

export interface HttpsCheck extends HttpRequestCheck, TlsOptions {
  readonly type: 'https'
}

/** What an http or https check has where the configuration says nothing. */
export const HTTP_DEFAULTS: {
  readonly method: string
  readonly path: string
  readonly expectStatus: readonly StatusRange[]
  readonly bodyLimit: number
} = { method: 'GET', path: '/', expectStatus: [[200, 299]], bodyLimit: 65_536 }

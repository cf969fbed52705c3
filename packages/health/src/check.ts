/**
 * What is probed, and how. A check is a complete value: whoever reads the configuration fills the defaults in, so that
 * every agent runs exactly the same thing.
 */
export type Check = HttpCheck | HttpsCheck | TcpCheck

export interface CheckCommon {
  /** The check's name in the configuration; not part of what is probed. */
  readonly name: string
  /** TCP port, 1 to 65535. */
  readonly port: number
  /** From one start to the next. */
  readonly intervalMs: number
  /** For the whole probe: name look-up, connection, handshake and answer together. Below the interval. */
  readonly timeoutMs: number
  /** Successes in a row that bring a target up. */
  readonly rise: number
  /** Failures that take a target down: in a row, unless `tolerant` is there. */
  readonly fall: number
  /** Share of the interval, 0 to 1, by which a start may come late at random. */
  readonly jitter: number
  /**
   * When there, failures of an `up` target add up, and only this many successes in a row clear them: a target that fails
   * every second probe then goes down in the end (the idea is gdnsd's). 1 is the same as leaving it out.
   */
  readonly tolerant?: number
}

/** What is asked over HTTP/1.1 and what must come back. Redirects are never followed: they are a status like others. */
export interface HttpRequestCheck extends CheckCommon {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST'
  /** With the query, starting with a slash. */
  readonly path: string
  /** The Host header; left out, the target's own address or name. */
  readonly host?: string
  readonly headers: Readonly<Record<string, string>>
  /** The answer's status must lie in one of these. */
  readonly expectStatus: readonly StatusRange[]
  /** Must occur, as UTF-8 octets, in the first `bodyLimit` octets of the body. */
  readonly expectBody?: string
  /** Octets of the body that are read before the connection is closed. */
  readonly bodyLimit: number
}

/** First and last status, both included. */
export type StatusRange = readonly [from: number, to: number]

export interface HttpCheck extends HttpRequestCheck {
  readonly type: 'http'
}

export interface HttpsCheck extends HttpRequestCheck {
  readonly type: 'https'
  /** Whether the certificate must be valid for the server name and lead to a trusted authority. */
  readonly verify: boolean
  /** The name for SNI and for the certificate; left out, `host` without its port, else the target's own name or address. */
  readonly serverName?: string
  /** A PEM file of the only authorities to trust, on the agent's machine; left out, those that come with Node. */
  readonly caFile?: string
}

/** A connection, and where `expect` is there a text that must arrive. */
export interface TcpCheck extends CheckCommon {
  readonly type: 'tcp'
  /** Sent, as UTF-8, once connected. */
  readonly send?: string
  /** Must occur in what arrives; left out, the connection alone is the success. */
  readonly expect?: string
}

/**
 * What a check has where the configuration says nothing.
 *
 * `fall` and `rise` are HAProxy's; three failures is also where Route 53 begins. The interval is gdnsd's. The jitter is
 * large enough to part agents that were started together and small enough to leave the time to detect as configured.
 */
export const CHECK_DEFAULTS: {
  readonly intervalMs: number
  readonly rise: number
  readonly fall: number
  readonly jitter: number
} = { intervalMs: 10_000, rise: 2, fall: 3, jitter: 0.1 }

/** What an http or https check has where the configuration says nothing. */
export const HTTP_DEFAULTS: {
  readonly method: 'GET'
  readonly path: string
  readonly expectStatus: readonly StatusRange[]
  readonly bodyLimit: number
  readonly port: { readonly http: number; readonly https: number }
} = { method: 'GET', path: '/', expectStatus: [[200, 299]], bodyLimit: 65_536, port: { http: 80, https: 443 } }

/** Half the interval, as in gdnsd, and at most 3 s: whoever waits longer than that for a page has gone. */
export function defaultTimeoutMs(intervalMs: number): number {
  return Math.min(intervalMs / 2, 3000)
}

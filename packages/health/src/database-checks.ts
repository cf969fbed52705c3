import type { PortCheck } from './every-check.ts'
import type { TlsOptions } from './tls-options.ts'

/** PING over RESP, after AUTH where there is a password. */
export interface RedisCheck extends PortCheck {
  readonly type: 'redis'
  /** For AUTH with two arguments (Redis 6 and later); left out, the user `default`. */
  readonly user?: string
  readonly passwordFile?: string
  /** A key that operators set for maintenance: while it exists the probe fails. */
  readonly mustNotExist?: string
  readonly tls?: TlsOptions
}

/** A start-up message: a server that asks for a password accepts connections. Nobody logs in. */
export interface PostgresCheck extends PortCheck {
  readonly type: 'postgres'
  readonly user: string
  /** Left out, the one named like the user. */
  readonly database?: string
  /** When there, the server must take an SSLRequest, and its certificate is judged. */
  readonly tls?: TlsOptions
}

/** The greeting that a server sends first. Nobody logs in. */
export interface MysqlCheck extends PortCheck {
  readonly type: 'mysql'
}

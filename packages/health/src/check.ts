import type { CommandCheck } from './command-check.ts'
import type { GrpcCheck, IcmpCheck, TcpCheck, TlsCheck } from './connection-checks.ts'
import type { MysqlCheck, PostgresCheck, RedisCheck } from './database-checks.ts'
import type { DnsCheck } from './dns-check.ts'
import type { HttpCheck, HttpsCheck } from './http-check.ts'
import type { PushCheck } from './push-check.ts'

/**
 * What is probed, and how. A check is a complete value: whoever reads the configuration fills the defaults in, so that
 * every agent runs exactly the same thing. An option that is left out changes nothing, so that a version with more
 * options gives the checks of the one before the same ids.
 */
export type Check = ProbedCheck | PushCheck

/** A check that an agent runs. */
export type ProbedCheck =
  | HttpCheck
  | HttpsCheck
  | TcpCheck
  | TlsCheck
  | DnsCheck
  | GrpcCheck
  | IcmpCheck
  | RedisCheck
  | PostgresCheck
  | MysqlCheck
  | CommandCheck

/**
 * What a check has where the configuration says nothing.
 *
 * Three failures are where Route 53 begins and what HAProxy takes; a target that comes back must prove itself for
 * longer than it took to lose it. The interval is gdnsd's. The jitter is large enough to part agents that were started
 * together and small enough to leave the time to detect as configured.
 */
export const CHECK_DEFAULTS: {
  readonly intervalMs: number
  readonly rise: number
  readonly fall: number
  readonly jitter: number
} = { intervalMs: 10_000, rise: 5, fall: 3, jitter: 0.1 }

/** The ports that their services have by themselves; tcp and grpc have none. */
export const DEFAULT_PORTS: Readonly<Partial<Record<Check['type'], number>>> = {
  http: 80,
  https: 443,
  tls: 443,
  dns: 53,
  redis: 6379,
  postgres: 5432,
  mysql: 3306,
}

/** Half the interval, as in gdnsd, and at most 3 s: whoever waits longer than that for a page has gone. */
export function defaultTimeoutMs(intervalMs: number): number {
  return Math.min(intervalMs / 2, 3000)
}

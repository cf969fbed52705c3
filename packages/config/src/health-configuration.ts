import type { HealthRules } from '@windrose/health'
import type { SocketAddress } from './socket-address.ts'

/** How verdicts are made and where they are shared: everything filled in. */
export interface HealthConfiguration {
  readonly store: StoreConfiguration
  readonly rules: HealthRules
  /** In the order of the file: the view of a client class is an index here plus 1. */
  readonly vantages: readonly Vantage[]
  /** Whether clients have the view of a vantage, and how theirs is found. */
  readonly views: 'off' | 'areas' | 'nearest'
  /** Reports that are not signed with a trusted key do not count. */
  readonly requireSigned: boolean
  /** Ed25519 public keys, 32 octets, by the agent's name. */
  readonly trustedKeys: ReadonlyMap<string, Uint8Array>
  /** What agents try, to see whether their own network works. */
  readonly controlTargets: readonly SocketAddress[]
}

export interface Vantage {
  readonly name: string
  /** Degrees, north positive. */
  readonly latitude?: number
  /** Degrees, east positive. */
  readonly longitude?: number
  /** ISO 3166-1 alpha-2 codes and names of continents; no area is two vantages'. */
  readonly areas: readonly string[]
}

export type StoreConfiguration = { readonly kind: 'memory' } | RedisConfiguration

export interface RedisConfiguration {
  readonly kind: 'redis'
  readonly servers: RedisServers
  /** Undefined: without TLS. File names are absolute. */
  readonly tls: RedisTls | undefined
  readonly username: string | undefined
  /** Absolute; the password is read when it is needed. */
  readonly passwordFile: string | undefined
  /** What all keys begin with. */
  readonly prefix: string
  readonly namespace: string
}

/** `url` as it is written: it may hold a password, and is not for logs. */
export type RedisServers =
  | { readonly kind: 'single'; readonly url: string }
  | SentinelServers
  | { readonly kind: 'cluster'; readonly addresses: readonly HostPort[] }

export interface SentinelServers {
  readonly kind: 'sentinel'
  readonly addresses: readonly HostPort[]
  readonly master: string
  /** As whom to speak to the Sentinels. */
  readonly username: string | undefined
  /** Absolute; read when it is needed. */
  readonly passwordFile: string | undefined
}

export interface HostPort {
  readonly host: string
  readonly port: number
}

export interface RedisTls {
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  readonly serverName?: string
}

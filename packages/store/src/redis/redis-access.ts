/** Where a Redis or Valkey is, and as whom to speak to it. */
export interface RedisAccess {
  readonly at: RedisPlace
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly tls?: RedisTls | undefined
  /** Before the namespace in every key. */
  readonly prefix: string
  /** What servers and agents that belong together share. */
  readonly namespace: string
}

export type RedisPlace =
  /** `redis://host:port/db` or `rediss://`. */
  | { readonly kind: 'url'; readonly url: string }
  | SentinelPlace
  | { readonly kind: 'cluster'; readonly nodes: readonly HostPort[] }

/** The primary that Sentinels name, and as whom to speak to them: they have users of their own. */
export interface SentinelPlace {
  readonly kind: 'sentinel'
  readonly sentinels: readonly HostPort[]
  readonly master: string
  readonly username?: string | undefined
  readonly password?: string | undefined
}

export interface HostPort {
  readonly host: string
  readonly port: number
}

/** PEM texts. */
export interface RedisTls {
  readonly ca?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly serverName?: string | undefined
}

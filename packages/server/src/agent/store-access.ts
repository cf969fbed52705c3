import { type RedisAccess, type RedisPlace, readRedisUrl } from '@windrose/store'
import { StartRefused } from '../start-refused.ts'
import { readStoreSecrets, type SecretFiles } from '../store-secrets.ts'

/** How a store is named on the command line. */
export interface StoreWish extends SecretFiles {
  /** `redis://`, `rediss://`, `redis+sentinel://`, `redis+cluster://`. */
  readonly url: string
  readonly namespace: string
  readonly prefix: string
  /** The user of the Sentinels. */
  readonly sentinelUsername?: string | undefined
  /** The name in the store's certificate, if it is not that of the URL. */
  readonly serverName?: string | undefined
}

/** Reads what the files hold. Throws StartRefused with a sentence where that cannot be. */
export function openStoreAccess(wish: StoreWish): RedisAccess {
  const { url, namespace, prefix, caFile, certFile, keyFile, serverName } = wish
  const read = readRedisUrl(url)
  if ('problem' in read) throw new StartRefused(`--store: ${read.problem}`)
  if (!read.tls && (caFile ?? certFile ?? keyFile) !== undefined)
    throw new StartRefused('files for TLS, but the store is not spoken to over TLS: rediss://')
  const { password = read.password, sentinelPassword, ca, cert, key } = readStoreSecrets(wish)
  const at = withSentinelUser(read.at, wish.sentinelUsername, sentinelPassword)
  const tls = read.tls ? { ca, cert, key, serverName } : undefined
  return { at, username: read.username, password, prefix, namespace, tls }
}

function withSentinelUser(at: RedisPlace, username: string | undefined, password: string | undefined): RedisPlace {
  if (username === undefined && password === undefined) return at
  if (at.kind !== 'sentinel')
    throw new StartRefused('a user of Sentinels, but the store is not behind any: redis+sentinel://')
  if (password === undefined) throw new StartRefused('--sentinel-username needs --sentinel-password-file')
  return { ...at, username, password }
}

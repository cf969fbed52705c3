import { readFileSync } from 'node:fs'
import { type RedisAccess, readRedisUrl } from '@windrose/store'
import { StartRefused } from '../start-refused.ts'

/** How a store is named on the command line. */
export interface StoreWish {
  /** `redis://`, `rediss://`, `redis+sentinel://`, `redis+cluster://`. */
  readonly url: string
  readonly namespace: string
  readonly prefix: string
  /** Files: the password, and PEM for TLS. */
  readonly passwordFile?: string | undefined
  readonly caFile?: string | undefined
  readonly certFile?: string | undefined
  readonly keyFile?: string | undefined
  readonly serverName?: string | undefined
}

/** Reads what the files hold. Throws StartRefused with a sentence where that cannot be. */
export function openStoreAccess(wish: StoreWish): RedisAccess {
  const { url, namespace, prefix, passwordFile, caFile, certFile, keyFile, serverName } = wish
  const read = readRedisUrl(url)
  if ('problem' in read) throw new StartRefused(`--store: ${read.problem}`)
  if (!read.tls && (caFile ?? certFile ?? keyFile) !== undefined)
    throw new StartRefused('files for TLS, but the store is not spoken to over TLS: rediss://')
  return {
    at: read.at,
    username: read.username,
    password: passwordFile === undefined ? read.password : contentOf(passwordFile)?.trimEnd(),
    prefix,
    namespace,
    tls: read.tls
      ? { ca: contentOf(caFile), cert: contentOf(certFile), key: contentOf(keyFile), serverName }
      : undefined,
  }
}

function contentOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartRefused(`cannot read ${file}: ${(error as Error).message}`)
  }
}

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { openDatabase } from '@windrose/geo'
import { CommandFailure, ExitCode } from './exit-code.ts'
import { print } from './output.ts'

/** Where a database is fetched from: a URL, or MaxMind with an account. */
export interface GeoUpdateWish {
  readonly to: string
  readonly url?: string | undefined
  /** MaxMind's edition, such as GeoLite2-City, with the account's id and licence key. */
  readonly edition?: string | undefined
  readonly account?: string | undefined
  readonly key?: string | undefined
}

/**
 * `windrose geo update`: fetches a database, proves that it can be used, and only then puts it in the place of the old one
 * by one rename; a running server sees the change and takes it. The old file stays when anything fails.
 */
export async function updateGeo(wish: GeoUpdateWish): Promise<void> {
  const { url, headers } = sourceOf(wish)
  let response: Response
  try {
    response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    throw new CommandFailure(`cannot fetch ${url.origin}${url.pathname}: ${String(cause)}`, ExitCode.unreachable)
  }
  if (!response.ok) {
    const hint = response.status === 401 ? '; are the account id and the licence key right?' : ''
    throw new CommandFailure(`${url.origin}${url.pathname} answers ${response.status}${hint}`, ExitCode.unreachable)
  }
  const octets = unpack(Buffer.from(await response.arrayBuffer()))
  mkdirSync(dirname(wish.to), { recursive: true })
  const next = join(dirname(wish.to), `.${basename(wish.to)}.next`)
  writeFileSync(next, octets)
  const database = openDatabase(next)
  if ('problem' in database) {
    rmSync(next, { force: true })
    throw new CommandFailure(`what was fetched cannot be used, ${wish.to} stays as it is: ${database.problem}`)
  }
  renameSync(next, wish.to)
  const built = database.metadata.buildEpoch.toISOString().slice(0, 10)
  print(`${wish.to}: ${database.metadata.databaseType}, ${database.schema.precision} level, built ${built}`)
}

const TIMEOUT_MS = 300_000

function sourceOf(wish: GeoUpdateWish): { url: URL; headers: Record<string, string> } {
  if (wish.url !== undefined) {
    if (!URL.canParse(wish.url)) throw new CommandFailure(`"${wish.url}" is not a URL`, ExitCode.usage)
    return { url: new URL(wish.url), headers: {} }
  }
  const { edition, account, key } = wish
  if (edition === undefined || account === undefined || key === undefined) {
    const message = 'say where from: --url URL, or --edition with MAXMIND_ACCOUNT_ID and MAXMIND_LICENSE_KEY set'
    throw new CommandFailure(message, ExitCode.usage)
  }
  const url = new URL(`https://download.maxmind.com/geoip/databases/${edition}/download?suffix=tar.gz`)
  return { url, headers: { authorization: `Basic ${Buffer.from(`${account}:${key}`).toString('base64')}` } }
}

/** The MMDB in what was fetched: as it is, gzipped, or in a gzipped tar, as MaxMind packs it. */
function unpack(octets: Buffer): Buffer {
  const plain = octets[0] === 0x1f && octets[1] === 0x8b ? gunzipSync(octets) : octets
  return fromTar(plain) ?? plain
}

const TAR_BLOCK = 512

/** The first file of a tar (POSIX ustar) whose name ends in .mmdb. */
function fromTar(octets: Buffer): Buffer | undefined {
  if (octets.subarray(257, 262).toString('latin1') !== 'ustar') return undefined
  for (let at = 0; at + TAR_BLOCK <= octets.length; ) {
    const name = octets
      .subarray(at, at + 100)
      .toString('latin1')
      .replace(/\0.*$/s, '')
    const size = Number.parseInt(octets.subarray(at + 124, at + 136).toString('latin1'), 8) || 0
    const start = at + TAR_BLOCK
    if (name.endsWith('.mmdb')) return octets.subarray(start, start + size)
    at = start + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK
  }
  return undefined
}

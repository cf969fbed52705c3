import type { HostPort, RedisPlace } from './redis-access.ts'

/** What a URL says of where Redis is and as whom to speak to it. */
export interface RedisUrl {
  readonly at: RedisPlace
  readonly tls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
}

/**
 * Reads where Redis is:
 *
 *   redis://[USER[:PASSWORD]@]HOST[:PORT][/DB]        one Redis; rediss:// over TLS
 *   redis+sentinel://HOST:PORT,HOST:PORT/MASTER       the primary that Sentinels name; rediss+sentinel://
 *   redis+cluster://HOST:PORT,HOST:PORT               a Redis Cluster; rediss+cluster://
 */
export function readRedisUrl(text: string): RedisUrl | { readonly problem: string } {
  // Up to the last @ it is user and password, whose special characters need not be escaped then.
  const match = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:(.*)@)?([^/@]+)(?:\/([^/@]*))?$/.exec(text)
  if (match === null) return { problem: `"${withoutPassword(text)}" is no redis:// or rediss:// URL` }
  const [, scheme, kind, userInfo = '', hosts = '', rest = ''] = match
  const [, username = '', password = ''] = (/^([^:]*):?(.*)$/s.exec(userInfo) ?? []).map(decode)
  const common = { tls: scheme === 'rediss', username: username || undefined, password: password || undefined }
  const nodes = hosts.split(',').map(readHostPort)
  const bad = nodes.indexOf(undefined)
  if (bad >= 0) return { problem: `"${hosts.split(',')[bad]}" is no HOST:PORT` }
  const known = nodes as HostPort[]
  if (kind === 'sentinel') {
    if (rest === '') return { problem: 'which master? redis+sentinel://HOST:PORT/MASTER' }
    return { at: { kind: 'sentinel', sentinels: known, master: decode(rest) }, ...common }
  }
  if (kind === 'cluster') return { at: { kind: 'cluster', nodes: known }, ...common }
  if (known.length > 1) return { problem: 'several hosts: redis+sentinel:// or redis+cluster://' }
  if (rest !== '' && !/^\d+$/.test(rest)) return { problem: `the database "${rest}" is no number` }
  const [{ host, port }] = known as [HostPort]
  return { at: { kind: 'url', url: `${scheme}://${bracket(host)}:${port}/${rest}` }, ...common }
}

/** For logs and messages, also where it is no URL: a user ends at the first colon, a password at the last @. */
export function withoutPassword(url: string): string {
  const [, scheme = '', rest = ''] = /^([^/]*\/\/)?(.*)$/s.exec(url) ?? []
  return scheme + rest.replace(/^([^:]*):.*@/s, '$1:***@')
}

const DEFAULT_PORT = 6379

function readHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]@]+))(?::(\d{1,5}))?$/.exec(text)
  const port = Number(match?.[3] ?? DEFAULT_PORT)
  if (match === null || port < 1 || port > 65_535) return undefined
  return { host: (match[1] ?? match[2])!, port }
}

function bracket(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

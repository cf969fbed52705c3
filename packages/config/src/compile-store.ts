import { resolve } from 'node:path'
import { type Compilation, reportAtKey, reportError } from './compilation.ts'
import type { HostPort, RedisServers, RedisTls, StoreConfiguration } from './health-configuration.ts'
import { relativeFile } from './relative-file.ts'
import type { StoreSettings, StoreTlsSettings } from './schema/store.ts'
import { problemAt } from './source-document.ts'

/** Where reports, verdicts and overrides are shared. */
export function compileStore(compilation: Compilation): StoreConfiguration {
  const { health } = compilation.settings
  if (health.store === 'memory') {
    refuseRedisKeys(compilation, health)
    return { kind: 'memory' }
  }
  const servers = compileServers(compilation, health)
  return {
    kind: 'redis',
    servers,
    tls: compileTls(compilation, health.tls, servers),
    username: health.username,
    passwordFile: absoluteFile(compilation, health.password_file),
    prefix: health.prefix ?? 'windrose',
    namespace: health.namespace ?? 'default',
  }
}

const REDIS_KEYS = [
  'url',
  'sentinels',
  'master',
  'sentinel_username',
  'sentinel_password_file',
  'cluster',
  'namespace',
  'prefix',
  'username',
  'password_file',
  'tls',
] as const

function refuseRedisKeys(compilation: Compilation, settings: StoreSettings): void {
  for (const key of REDIS_KEYS) {
    if (settings[key] === undefined) continue
    const message = `"${key}" belongs to the redis store, and this is memory`
    reportAtKey(compilation, { severity: 'error', path: ['health', key], message, hint: 'write "store: redis"' })
  }
}

function compileServers(compilation: Compilation, settings: StoreSettings): RedisServers {
  const { url, sentinels, master, cluster } = settings
  const given = (['url', 'sentinels', 'cluster'] as const).filter((key) => settings[key] !== undefined)
  if (given.length === 0) {
    const hint = 'url: redis://HOST:PORT, or sentinels: [HOST:PORT] with master: NAME, or cluster: [HOST:PORT]'
    reportError(compilation, ['health', 'store'], 'a redis store needs "url", "sentinels" or "cluster"', hint)
  }
  for (const key of given.slice(1)) {
    const message = `"${key}" and "${given[0]}" are two ways to say where the store is`
    reportAtKey(compilation, { severity: 'error', path: ['health', key], message, hint: 'keep one of them' })
  }
  if ((sentinels === undefined) !== (master === undefined)) {
    const [key, missing] = sentinels === undefined ? ['master', 'sentinels'] : ['sentinels', 'master']
    const message = `"${key}" needs "${missing}" beside it`
    reportAtKey(compilation, { severity: 'error', path: ['health', key], message })
  }
  checkSentinelUser(compilation, settings)
  if (sentinels !== undefined) {
    return {
      kind: 'sentinel',
      addresses: readAddresses(compilation, 'sentinels', sentinels),
      master: master ?? '',
      username: settings.sentinel_username,
      passwordFile: absoluteFile(compilation, settings.sentinel_password_file),
    }
  }
  if (cluster !== undefined) return { kind: 'cluster', addresses: readAddresses(compilation, 'cluster', cluster) }
  if (url !== undefined) checkUrl(compilation, url, settings)
  return { kind: 'single', url: url ?? '' }
}

function checkSentinelUser(compilation: Compilation, settings: StoreSettings): void {
  const needed = [
    ['sentinel_username', 'sentinel_password_file'],
    ['sentinel_password_file', 'sentinels'],
  ] as const
  for (const [key, missing] of needed) {
    if (settings[key] === undefined || settings[missing] !== undefined) continue
    const message = `"${key}" needs "${missing}" beside it`
    reportAtKey(compilation, { severity: 'error', path: ['health', key], message })
  }
}

/** What is said of a URL is said without its line, which may hold a password. */
function checkUrl(compilation: Compilation, text: string, settings: StoreSettings): void {
  const note = (severity: 'error' | 'warning', message: string, hint: string): void => {
    const problem = problemAt(compilation.document, { severity, path: ['health', 'url'], message, hint })
    compilation.problems.push({ ...problem, sourceLine: '' })
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    note('error', 'not the URL of a redis store', 'redis://HOST:PORT, or rediss://HOST:PORT over TLS')
    return
  }
  if (url.password === '') return
  if (settings.password_file === undefined) {
    note('warning', 'holds a password', 'put it into a file and name that in "password_file"')
  } else {
    note('error', 'holds a password, and there is a "password_file" too', 'take it out of the URL')
  }
}

function readAddresses(compilation: Compilation, key: 'sentinels' | 'cluster', texts: readonly string[]): HostPort[] {
  return texts.flatMap((text, i) => {
    const [, inBrackets, plain, digits = ''] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/.exec(text) ?? []
    const host = inBrackets ?? plain
    const port = Number(digits)
    if (host !== undefined && port > 0 && port <= 65_535) return [{ host, port }]
    const hint = 'for example redis-1.example.net:6379 or "[2001:db8::1]:6379"'
    reportError(compilation, ['health', key, i], `"${text}" is not a host and a port`, hint)
    return []
  })
}

function compileTls(
  compilation: Compilation,
  tls: StoreTlsSettings | undefined,
  servers: RedisServers,
): RedisTls | undefined {
  const isSecure = servers.kind === 'single' && servers.url.startsWith('rediss:')
  if (tls === undefined) return isSecure ? {} : undefined
  if (servers.kind === 'single' && servers.url.startsWith('redis:')) {
    const message = 'the URL is redis://, which is without TLS'
    reportAtKey(compilation, { severity: 'error', path: ['health', 'tls'], message, hint: 'write rediss://' })
  }
  if ((tls.cert_file === undefined) !== (tls.key_file === undefined)) {
    const [key, missing] = tls.cert_file === undefined ? ['key_file', 'cert_file'] : ['cert_file', 'key_file']
    const message = `"${key}" needs "${missing}" beside it`
    reportAtKey(compilation, { severity: 'error', path: ['health', 'tls', key], message })
  }
  return {
    ...(tls.ca_file === undefined ? {} : { caFile: absoluteFile(compilation, tls.ca_file) }),
    ...(tls.cert_file === undefined ? {} : { certFile: absoluteFile(compilation, tls.cert_file) }),
    ...(tls.key_file === undefined ? {} : { keyFile: absoluteFile(compilation, tls.key_file) }),
    ...(tls.server_name === undefined ? {} : { serverName: tls.server_name }),
  }
}

function absoluteFile(compilation: Compilation, name: string): string
function absoluteFile(compilation: Compilation, name: string | undefined): string | undefined
function absoluteFile(compilation: Compilation, name: string | undefined): string | undefined {
  return name === undefined ? undefined : resolve(relativeFile(compilation.document.source.file, name))
}

import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis'
import type { RedisAccess } from './redis-access.ts'

export type RedisClient = Redis | Cluster

/**
 * Opens a connection that comes back by itself, at most a second and a bit after Redis does.
 *
 * With ioredis's defaults a primary that hangs is never noticed, so everything has its limit: a command, a silent socket,
 * a blocking read. What is under way when a connection ends fails at once; whoever asked decides whether to ask again.
 * The caller listens to `error`.
 */
export function connectRedis(access: RedisAccess, name: string): RedisClient {
  const client = createClient(access, name)
  client.on('error', (error: Error & { readonly command?: { readonly name: string } }) => {
    // Without it, all would go into the database 0, which may be somebody else's.
    if (error.command?.name === 'select' && !disconnected.has(client)) client.disconnect(true)
  })
  client.on('end', () => {
    if (disconnected.has(client)) return
    // It gives up for good where a failover is announced while it looks for the primary. Nobody asked for that.
    setTimeout(() => {
      if (!disconnected.has(client)) client.connect().catch(() => undefined)
    }, retryAfter(0))
  })
  return client
}

/** Ends a connection for good. */
export function disconnectRedis(client: RedisClient): void {
  disconnected.add(client)
  client.disconnect()
}

export function isDisconnected(client: RedisClient): boolean {
  return disconnected.has(client)
}

const disconnected = new WeakSet<RedisClient>()

function createClient(access: RedisAccess, name: string): RedisClient {
  const { at, username, password } = access
  const tls = tlsOptions(access)
  const options = {
    protocol: 2,
    disableClientInfo: true,
    connectionName: `windrose ${name}`.replaceAll(/[^\x21-\x7e]/g, '-'),
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    socketTimeout: SILENT_MS,
    blockingTimeout: SILENT_MS,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: retryAfter,
    // A demoted primary: the connection is to the wrong one.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  } satisfies RedisOptions
  if (at.kind === 'url') return new Redis(at.url, { ...options, ...(tls === undefined ? {} : { tls }) })
  if (at.kind === 'sentinel') {
    return new Redis({
      ...options,
      sentinels: [...at.sentinels],
      name: at.master,
      failoverDetector: true,
      sentinelRetryStrategy: retryAfter,
      sentinelCommandTimeout: COMMAND_MS,
      ...(at.username === undefined ? {} : { sentinelUsername: at.username }),
      ...(at.password === undefined ? {} : { sentinelPassword: at.password }),
      ...(tls === undefined ? {} : { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
    })
  }
  const { retryStrategy: _, reconnectOnError: __, ...ofNodes } = options
  return new Cluster([...at.nodes], {
    clusterRetryStrategy: retryAfter,
    enableOfflineQueue: false,
    slotsRefreshTimeout: COMMAND_MS,
    slotsRefreshInterval: SLOTS_MS,
    redisOptions: { ...ofNodes, ...(tls === undefined ? {} : { tls }) },
  } satisfies ClusterOptions)
}

function tlsOptions({ at, tls }: RedisAccess): RedisOptions['tls'] {
  if (tls === undefined) return at.kind === 'url' && at.url.startsWith('rediss:') ? {} : undefined
  const { ca, cert, key, serverName } = tls
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  }
}

/** Longer with every attempt, up to a second; not all at once where many lost the same Redis. */
function retryAfter(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 6), 1000) * (1 + Math.random() / 4)
}

/** How long a read waits for news. */
export const BLOCK_MS = 1000

const CONNECT_MS = 2000
const COMMAND_MS = 1500
/** Longer than BLOCK_MS, shorter than an operator's patience. */
const SILENT_MS = 3000
const SLOTS_MS = 5000

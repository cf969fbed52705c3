import { createPublicKey, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import type { HealthConfiguration, RedisConfiguration } from '@windrose/config'
import {
  createMemoryStore,
  createRedisStore,
  type LastSigned,
  openFileOverrides,
  type RedisAccess,
  readPublicKey,
  readRedisUrl,
  type Store,
  signWith,
  type Trust,
} from '@windrose/store'
import type { Logger } from '../log.ts'
import { StartRefused } from '../start-refused.ts'
import type { ServerKey } from '../state/server-key.ts'
import { readStoreSecrets } from '../store-secrets.ts'
import type { WarmState } from './warm-state.ts'

export interface StoreSurroundings {
  readonly server: string
  readonly stateDir: string
  /** What the server knew when it was last well. */
  readonly warm: WarmState | undefined
  /** What agents had signed then. */
  readonly signed: ReadonlyMap<string, LastSigned>
  /** What it signs with; undefined where there is nobody to sign for. */
  readonly key: ServerKey | undefined
  readonly log: Logger
}

/** Opens the store that the configuration names. Throws a StartRefused where a file that it needs cannot be read. */
export function openStore(
  { store, requireSigned, trustedKeys }: HealthConfiguration,
  { server, stateDir, warm, signed, key, log }: StoreSurroundings,
): Store {
  if (store.kind === 'redis') {
    return createRedisStore({
      access: accessOf(store),
      name: `server ${server}`,
      sign: key === undefined ? undefined : signWith(key.key),
      trust: trustOf(trustedKeys, requireSigned, key),
      remembered: warm?.overrides,
      signed,
      onDenied: (reason) => {
        if (reason === undefined) log.info({ component: 'store' }, 'the store does again what it is asked for')
        else log.error({ component: 'store', reason }, `the store refuses what this server asks for: ${reason}`)
      },
    })
  }
  const storage = openFileOverrides(join(stateDir, 'overrides.json'), Date.now())
  for (const problem of storage.problems) log.error({ component: 'store' }, problem)
  return createMemoryStore(storage)
}

function accessOf({ servers, tls, username, passwordFile, prefix, namespace }: RedisConfiguration): RedisAccess {
  const url = servers.kind === 'single' ? readRedisUrl(servers.url) : undefined
  if (url !== undefined && 'problem' in url) throw new StartRefused(`health.url: ${url.problem}`)
  const sentinelPasswordFile = servers.kind === 'sentinel' ? servers.passwordFile : undefined
  const secrets = readStoreSecrets({ passwordFile, sentinelPasswordFile, ...tls })
  const { password = url?.password, sentinelPassword, ca, cert, key } = secrets
  return {
    at:
      servers.kind === 'sentinel'
        ? {
            kind: 'sentinel',
            sentinels: servers.addresses,
            master: servers.master,
            username: servers.username,
            password: sentinelPassword,
          }
        : servers.kind === 'cluster'
          ? { kind: 'cluster', nodes: servers.addresses }
          : url!.at,
    username: username ?? url?.username,
    password,
    tls: tls === undefined ? undefined : { ca, cert, key, serverName: tls.serverName },
    prefix,
    namespace,
  }
}

/** A server trusts itself, whatever its configuration says. */
function trustOf(trusted: ReadonlyMap<string, Uint8Array>, required: boolean, own: ServerKey | undefined): Trust {
  const keys = new Map<string, KeyObject>()
  for (const [agent, octets] of trusted) {
    const key = readPublicKey(Buffer.from(octets).toString('base64'))
    if ('problem' in key) throw new StartRefused(`health.trusted_keys.${agent}: ${key.problem}`)
    keys.set(agent, key)
  }
  if (own !== undefined) keys.set(own.agent, createPublicKey(own.key as never))
  return { keys, required }
}

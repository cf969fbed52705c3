import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HealthConfiguration, RedisConfiguration } from '@windrose/config'
import {
  createMemoryStore,
  createRedisStore,
  openFileOverrides,
  type RedisAccess,
  readPublicKey,
  readRedisUrl,
  type Store,
  type Trust,
} from '@windrose/store'
import type { Logger } from '../log.ts'
import { StartRefused } from '../start-refused.ts'
import type { WarmState } from './warm-state.ts'

export interface StoreSurroundings {
  readonly server: string
  readonly stateDir: string
  /** What the server knew when it was last well. */
  readonly warm: WarmState | undefined
  readonly log: Logger
}

/** Opens the store that the configuration names. Throws a StartRefused where a file that it needs cannot be read. */
export function openStore(
  { store, requireSigned, trustedKeys }: HealthConfiguration,
  { server, stateDir, warm, log }: StoreSurroundings,
): Store {
  if (store.kind === 'redis') {
    return createRedisStore({
      access: accessOf(store),
      name: `server ${server}`,
      trust: trustOf(trustedKeys, requireSigned),
      remembered: warm?.overrides,
    })
  }
  const storage = openFileOverrides(join(stateDir, 'overrides.json'), Date.now())
  for (const problem of storage.problems) log.error({ component: 'store' }, problem)
  return createMemoryStore(storage)
}

function accessOf({ servers, tls, username, passwordFile, prefix, namespace }: RedisConfiguration): RedisAccess {
  const url = servers.kind === 'single' ? readRedisUrl(servers.url) : undefined
  if (url !== undefined && 'problem' in url) throw new StartRefused(`health.url: ${url.problem}`)
  return {
    at:
      servers.kind === 'sentinel'
        ? { kind: 'sentinel', sentinels: servers.addresses, master: servers.master }
        : servers.kind === 'cluster'
          ? { kind: 'cluster', nodes: servers.addresses }
          : url!.at,
    username: username ?? url?.username,
    password: passwordFile === undefined ? url?.password : contentOf(passwordFile).trimEnd(),
    tls:
      tls === undefined
        ? undefined
        : {
            ca: optional(tls.caFile),
            cert: optional(tls.certFile),
            key: optional(tls.keyFile),
            serverName: tls.serverName,
          },
    prefix,
    namespace,
  }
}

function trustOf(trusted: ReadonlyMap<string, Uint8Array>, required: boolean): Trust {
  const keys = new Map()
  for (const [agent, octets] of trusted) {
    const key = readPublicKey(Buffer.from(octets).toString('base64'))
    if ('problem' in key) throw new StartRefused(`health.trusted_keys.${agent}: ${key.problem}`)
    keys.set(agent, key)
  }
  return { keys, required }
}

function optional(file: string | undefined): string | undefined {
  return file === undefined ? undefined : contentOf(file)
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartRefused(`cannot read ${file}, which the store needs: ${(error as Error).message}`)
  }
}

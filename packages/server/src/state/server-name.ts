import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/**
 * This server's name among those that share a store: the host's, and a random part that is kept in the state directory,
 * because two servers may run on one machine, and many containers are called alike.
 */
export function obtainServerName(stateDir: string): string {
  const file = join(stateDir, 'server-id')
  let id = read(file)
  if (id === undefined) {
    id = randomBytes(4).toString('hex')
    writeFileSync(file, `${id}\n`, { mode: 0o600 })
  }
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9.-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
  return `${host.slice(0, HOST_MAX) || 'server'}-${id}`
}

/** What a name in the configuration has room for, where the server signs as `push-NAME`. */
const HOST_MAX = 49

function read(file: string): string | undefined {
  try {
    const id = readFileSync(file, 'utf8').trim()
    return /^[0-9a-f]{8}$/.test(id) ? id : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

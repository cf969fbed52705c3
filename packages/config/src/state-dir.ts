import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where state is kept when the configuration does not say: the system's place for root, else the user's own. */
export function defaultStateDir(): string {
  if (process.getuid?.() === 0) return '/var/lib/windrose'
  const { XDG_STATE_HOME: home } = process.env
  return join(home !== undefined && home !== '' ? resolve(home) : join(homedir(), '.local', 'state'), 'windrose')
}

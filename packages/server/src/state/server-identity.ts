import { obtainServerKey, type ServerKey } from './server-key.ts'
import { obtainServerName } from './server-name.ts'
import { makeStateDir } from './state-dir.ts'

/** Who a server is to others that share its store: both parts are made in its state directory, once. */
export interface ServerIdentity {
  readonly name: string
  readonly key: ServerKey
}

/** Also where no server has run yet. Throws a StartRefused that says what to do. */
export function obtainServerIdentity(stateDir: string): ServerIdentity {
  makeStateDir(stateDir)
  const name = obtainServerName(stateDir)
  return { name, key: obtainServerKey(stateDir, name) }
}

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { StartRefused } from '../start-refused.ts'
import { obtainPrivateFile, type PrivateFile } from './private-file.ts'

/** Where the token lies in a state directory. */
export function tokenFile(stateDir: string): string {
  return join(stateDir, 'token')
}

export interface ObtainedToken {
  readonly token: string
  /** A sentence when others could read the file until now. */
  readonly warning?: string
}

/**
 * The token that the control API asks for: the one in the state directory, made there at the first start. 256 random
 * bits in base64url, in a file for its owner alone.
 *
 * Throws a StartRefused when the file cannot be made, or holds no token.
 */
export function obtainToken(stateDir: string): ObtainedToken {
  const file = tokenFile(stateDir)
  let found: PrivateFile
  try {
    found = obtainPrivateFile(file, () => `${randomBytes(32).toString('base64url')}\n`)
  } catch (error) {
    throw new StartRefused(`cannot use the token file ${file}: ${(error as Error).message}`, { cause: error })
  }
  const token = found.content.trim()
  if (!/^[\x21-\x7e]{16,}$/.test(token)) {
    throw new StartRefused(`${file} holds no token of 16 characters or more; remove it, and a new one is made`)
  }
  if (found.openedWith === undefined) return { token }
  return {
    token,
    warning: `${file} was open to other users (mode ${found.openedWith}) and is closed now; remove it for a new token`,
  }
}

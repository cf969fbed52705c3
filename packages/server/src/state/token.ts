import { randomBytes } from 'node:crypto'
import { chmodSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartRefused } from '../start-refused.ts'

/** Where the token lies in a state directory. */
export function tokenFile(stateDir: string): string {
  return join(stateDir, 'token')
}

/**
 * The token that the control API asks for: the one in the state directory, made there at the first start. 256 random
 * bits in base64url, in a file for its owner alone.
 *
 * Throws a StartRefused when the file cannot be made, or holds no token.
 */
export function obtainToken(stateDir: string): ObtainedToken {
  const file = tokenFile(stateDir)
  try {
    return readToken(file) ?? { token: makeToken(file) }
  } catch (error) {
    if (error instanceof StartRefused) throw error
    throw new StartRefused(`cannot use the token file ${file}: ${(error as Error).message}`, { cause: error })
  }
}

export interface ObtainedToken {
  readonly token: string
  /** A sentence when others could read the file until now. */
  readonly warning?: string
}

function readToken(file: string): ObtainedToken | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const token = text.trim()
  if (!/^[\x21-\x7e]{16,}$/.test(token)) {
    throw new StartRefused(`${file} holds no token of 16 characters or more; remove it, and a new one is made`)
  }
  const mode = statSync(file).mode & 0o777
  if ((mode & 0o077) === 0) return { token }
  chmodSync(file, 0o600)
  const shown = mode.toString(8).padStart(3, '0')
  return {
    token,
    warning: `${file} was open to other users (mode ${shown}) and is closed now; remove it for a new token`,
  }
}

/** Written beside and linked into place: who reads the file never finds half a token. */
function makeToken(file: string): string {
  const token = randomBytes(32).toString('base64url')
  const beside = `${file}.new-${process.pid}`
  rmSync(beside, { force: true })
  writeFileSync(beside, `${token}\n`, { mode: 0o600, flag: 'wx' })
  linkSync(beside, file)
  rmSync(beside)
  return token
}

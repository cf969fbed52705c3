import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartRefused } from '../start-refused.ts'

/**
 * Makes the directory that keeps state over restarts, for its owner alone, with the directories above it. One that is
 * there already keeps its mode, except that nobody else may write to it.
 *
 * Throws a StartRefused that says what to do.
 */
export function makeStateDir(path: string): void {
  try {
    makeWithParents(path)
  } catch (error) {
    throw refuse(path, error)
  }
  const found = statSync(path)
  if (!found.isDirectory()) throw new StartRefused(`state_dir ${path} is not a directory: remove it, or name another`)
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
    if ((found.mode & 0o022) !== 0) chmodSync(path, found.mode & 0o755)
  } catch (error) {
    throw refuse(path, error)
  }
}

/** Not `recursive`: where the system says that a parent is missing though it is there (/proc), that never ends. */
function makeWithParents(path: string): void {
  const parent = dirname(path)
  if (parent !== path && !existsSync(parent)) makeWithParents(parent)
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function refuse(path: string, error: unknown): StartRefused {
  const { code = '', message } = error as NodeJS.ErrnoException
  const why = REASONS[code] ?? message
  return new StartRefused(`cannot use state_dir ${path}: ${why}; name a directory that this user may write to`, {
    cause: error,
  })
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'it belongs to another user',
  EROFS: 'the file system is read-only',
  ENOENT: 'it cannot be made there',
  ENOTDIR: 'a part of the path is a file',
  ENOSPC: 'the disk is full',
}

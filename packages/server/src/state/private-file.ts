import { chmodSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'

/** A file for its owner alone. */
export interface PrivateFile {
  readonly content: string
  /** There when others could open it until now: the mode that it had, such as `644`. */
  readonly openedWith?: string
}

/**
 * The file as it is, or made with this content where there is none. Who else could open it cannot from now on. Made beside
 * and linked into place: who reads it never finds half of it, and of two that make it at the same time one wins.
 */
export function obtainPrivateFile(file: string, make: () => string): PrivateFile {
  const found = read(file)
  if (found !== undefined) return found
  const beside = `${file}.new-${process.pid}`
  rmSync(beside, { force: true })
  writeFileSync(beside, make(), { mode: 0o600, flag: 'wx' })
  try {
    linkSync(beside, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(beside)
  }
  return read(file)!
}

function read(file: string): PrivateFile | undefined {
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const mode = statSync(file).mode & 0o777
  if ((mode & 0o077) === 0) return { content }
  chmodSync(file, 0o600)
  return { content, openedWith: mode.toString(8).padStart(3, '0') }
}

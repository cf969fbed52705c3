import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** How importers reach the files of what they import. */
export interface SourceFiles {
  /** The text, or why it cannot be had: one short sentence. */
  readonly read: (path: string) => { readonly text: string } | { readonly problem: string }
  /** Names in a folder, sorted, those of folders with a final slash; undefined when it is no folder. */
  readonly list: (path: string) => readonly string[] | undefined
  readonly exists: (path: string) => boolean
}

/** The files of this machine. */
export const DISK: SourceFiles = {
  read: (path) => {
    try {
      return { text: UTF_8.decode(readFileSync(path)) }
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message?: string }
      return { problem: REASONS[code ?? ''] ?? message ?? 'it cannot be read' }
    }
  },
  list: (path) => {
    try {
      return readdirSync(path)
        .map((name) => (isFolder(join(path, name)) ? `${name}/` : name))
        .sort()
    } catch {
      return undefined
    }
  },
  exists: existsSync,
}

/** Files by path, for tests and for what is not on a disk. */
export function filesInMemory(texts: Readonly<Record<string, string>>): SourceFiles {
  return {
    read: (path) => (Object.hasOwn(texts, path) ? { text: texts[path]! } : { problem: REASONS['ENOENT']! }),
    list: (path) => {
      const prefix = path === '.' ? '' : path.endsWith('/') ? path : `${path}/`
      const below = Object.keys(texts).filter((other) => other.startsWith(prefix))
      if (below.length === 0) return undefined
      const names = below.map((other) => /^[^/]+\/?/.exec(other.slice(prefix.length))?.[0] ?? '')
      return [...new Set(names)].filter((name) => name !== '').sort()
    },
    exists: (path) => Object.hasOwn(texts, path),
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true })

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
}

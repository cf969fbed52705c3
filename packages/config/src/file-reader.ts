import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** Reads text files and remembers which, so that the revision covers and the watcher watches them all. */
export interface FileReader {
  readonly read: (path: string) => { readonly file: string; readonly text: string } | { readonly problem: string }
  /** The text of a file that was read already. */
  readonly known: (path: string) => string | undefined
  /** Absolute paths in the order of their first reading, also of those that could not be read. */
  readonly files: () => readonly string[]
  /** The first 12 hexadecimal digits of the SHA-256 over what was read. */
  readonly revision: () => string
}

/** A file that is read twice is read from the disk once: one compilation sees one state of it. */
export function createFileReader(): FileReader {
  const contents = new Map<string, Content>()

  function read(path: string): { file: string; text: string } | { problem: string } {
    const absolute = resolve(path)
    const content = contents.get(absolute) ?? readContent(absolute)
    contents.set(absolute, content)
    return 'problem' in content ? content : { file: path, text: content.text }
  }

  function revision(): string {
    const hash = createHash('sha256')
    for (const content of contents.values()) {
      if ('problem' in content) continue
      hash.update(`${content.text.length}\n`).update(content.text)
    }
    return hash.digest('hex').slice(0, 12)
  }

  function known(path: string): string | undefined {
    const content = contents.get(resolve(path))
    return content === undefined || 'problem' in content ? undefined : content.text
  }

  return { read, known, files: () => [...contents.keys()], revision }
}

type Content = { readonly text: string } | { readonly problem: string }

function readContent(path: string): Content {
  let octets: Uint8Array
  try {
    octets = readFileSync(path)
  } catch (error) {
    return { problem: `cannot read ${path}: ${reasonOf(error)}` }
  }
  try {
    return { text: UTF_8.decode(octets) }
  } catch {
    return { problem: `${path} is not UTF-8 text` }
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string }
  return REASONS[code ?? ''] ?? message ?? String(error)
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  ELOOP: 'links that lead in a circle',
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true })

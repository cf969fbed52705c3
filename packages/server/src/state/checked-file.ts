import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/**
 * Writes what a file keeps over restarts, for the owner alone: beside the old one, and renamed over it. A crash leaves the
 * old one or the new one, never half. The first line is the SHA-256 of what follows, which is JSON with a format version.
 */
export function writeCheckedFile(file: string, format: number, content: object): void {
  const body = JSON.stringify({ format, ...content })
  const beside = `${file}.new-${process.pid}`
  rmSync(beside, { force: true })
  const descriptor = openSync(beside, 'wx', 0o600)
  try {
    writeFileSync(descriptor, `${digestOf(body)}\n${body}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(beside, file)
}

export type CheckedContent = Readonly<Record<string, unknown>>

/** Undefined where there is none; `problem` says what is wrong with the one that is there. */
export function readCheckedFile(
  file: string,
  format: number,
): { readonly content: CheckedContent } | { readonly problem: string } | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return { problem: (error as Error).message }
  }
  const end = text.indexOf('\n')
  const body = text.slice(end + 1).trimEnd()
  if (digestOf(body) !== text.slice(0, end)) return { problem: 'its checksum is not that of its content' }
  const content = JSON.parse(body) as CheckedContent
  if (content['format'] !== format) return { problem: `it is of format ${content['format']}, not ${format}` }
  return { content }
}

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}

import { readFileSync, renameSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Override } from '@windrose/health'
import { printOverrides, readOverrides } from './override-file.ts'
import type { OverrideStorage } from './override-storage.ts'

/**
 * Overrides in a JSON file of the state directory, readable by the owner alone.
 *
 * A file that cannot be understood is put aside as `FILE.broken-TIME` and told as a problem: a server that starts with
 * no overrides and says so is better than one that does not start. `timeMs` is the time now, for that name.
 */
export function openFileOverrides(file: string, timeMs: number): OverrideStorage {
  const { overrides, problem } = load(file)
  return new FileOverrides(file, overrides, problem === undefined ? [] : [putAside(file, problem, timeMs)])
}

class FileOverrides implements OverrideStorage {
  readonly loaded: readonly Override[]
  readonly problems: readonly string[]
  readonly #file: string
  #last: Promise<string | undefined> = Promise.resolve(undefined)

  constructor(file: string, loaded: readonly Override[], problems: readonly string[]) {
    this.#file = file
    this.loaded = loaded
    this.problems = problems
  }

  save(overrides: readonly Override[]): Promise<string | undefined> {
    this.#last = this.#last.then(() => replaceFile(this.#file, printOverrides(overrides)))
    return this.#last
  }

  async settled(): Promise<void> {
    await this.#last
  }
}

/** Written beside, made durable, then renamed over: a reader or a crash sees the old list or the new one, never half. */
async function replaceFile(file: string, text: string): Promise<string | undefined> {
  const beside = `${file}.new-${process.pid}`
  try {
    await rm(beside, { force: true })
    await writeDurably(beside, text)
    await rename(beside, file)
    await syncDirectory(dirname(file))
    return undefined
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined)
    return `overrides are in force but could not be saved to ${file}: ${messageOf(error)}`
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The rename itself is durable only when the directory is. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function load(file: string): { overrides: readonly Override[]; problem?: string } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { overrides: [] }
    return { overrides: [], problem: messageOf(error) }
  }
  const read = readOverrides(text)
  return 'problem' in read ? { overrides: [], problem: read.problem } : read
}

function putAside(file: string, problem: string, timeMs: number): string {
  const aside = `${file}.broken-${new Date(timeMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`
  const told = `cannot read the overrides in ${file}: ${problem}; starting without overrides`
  try {
    renameSync(file, aside)
    return `${told}; the file is kept as ${aside}`
  } catch (error) {
    return `${told}; the file could not be put aside: ${messageOf(error)}`
  }
}

function messageOf(error: unknown): string {
  return (error as Error).message
}

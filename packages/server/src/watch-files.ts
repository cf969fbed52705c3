import { stat } from 'node:fs/promises'

/**
 * Calls `onChange` when one of the files has become another one, and has stopped changing. Gives what ends that.
 *
 * It looks again and again instead of asking the system to tell: files are replaced by renaming, and directories by
 * swapping links, which the system's notices miss. A file that is gone is waited for.
 */
export function watchFiles(options: WatchOptions): () => void {
  const taken = new Map<string, string>()
  const seen = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function look(): Promise<void> {
    let changed = false
    const files = options.files()
    for (const file of taken.keys()) if (!files.includes(file)) taken.delete(file)
    for (const file of files) {
      const signature = await signatureOf(file)
      if (signature === undefined) continue
      const isQuiet = seen.get(file) === signature
      seen.set(file, signature)
      const known = taken.get(file)
      if (known === signature || (known !== undefined && !isQuiet)) continue
      taken.set(file, signature)
      changed ||= known !== undefined
    }
    if (changed && !stopped) options.onChange()
  }

  async function lookAgain(): Promise<void> {
    await look()
    if (!stopped) timer = setTimeout(lookAgain, options.intervalMs).unref()
  }

  lookAgain()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

export interface WatchOptions {
  /** Asked at every look. */
  readonly files: () => readonly string[]
  readonly intervalMs: number
  readonly onChange: () => void
}

async function signatureOf(file: string): Promise<string | undefined> {
  try {
    const { ino, size, mtimeMs } = await stat(file)
    return `${ino} ${size} ${mtimeMs}`
  } catch {
    return undefined
  }
}

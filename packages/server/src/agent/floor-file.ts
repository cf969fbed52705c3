import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Floor } from '@windrose/agent'

/**
 * The highest incarnation that an agent had, in a file: an agent that signs must never go back, also where the store has
 * forgotten and the agent was restarted.
 */
export function floorInFile(file: string): Floor {
  let highest = read(file)
  return {
    read: () => highest,
    write: (incarnation) => {
      highest = incarnation
      writeFileSync(`${file}.new`, `${incarnation}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
  }
}

function read(file: string): number {
  try {
    const text = readFileSync(file, 'utf8')
    const incarnation = Number(text)
    if (!Number.isSafeInteger(incarnation) || incarnation < 0) throw new Error(`${file} holds no number`)
    return incarnation
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Which sites of the demo are killed: a file in its state directory that `demo kill` and `demo heal` write and the demo
 * follows.
 */
export function readDownSites(stateDir: string): Set<string> {
  try {
    return new Set(JSON.parse(readFileSync(join(stateDir, FILE), 'utf8')) as string[])
  } catch {
    return new Set()
  }
}

export function writeDownSites(stateDir: string, sites: ReadonlySet<string>): void {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  const next = join(stateDir, `${FILE}.next`)
  writeFileSync(next, JSON.stringify([...sites]))
  renameSync(next, join(stateDir, FILE))
}

const FILE = 'down-sites.json'

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { printProblems } from './print-problem.ts'
import { type ReadConfiguration, readConfiguration } from './read-configuration.ts'

/** Files by their path relative to the folder of windrose.yaml; a text alone is windrose.yaml. */
export type WrittenFiles = string | Readonly<Record<string, string>>

/** Writes the files into a folder of their own and reads the configuration from there. */
export async function readWritten(files: WrittenFiles, listen?: readonly string[]): Promise<ReadConfiguration> {
  return inFolder(files, (folder) =>
    readConfiguration(join(folder, 'windrose.yaml'), listen === undefined ? {} : { listen }),
  )
}

/** What `windrose check` would print, with paths relative to the folder. */
export async function listProblems(files: WrittenFiles, listen?: readonly string[]): Promise<string> {
  return inFolder(files, async (folder) => {
    const overrides = listen === undefined ? {} : { listen }
    const { problems } = await readConfiguration(join(folder, 'windrose.yaml'), overrides)
    return printProblems(problems).replaceAll(`${folder}/`, '')
  })
}

async function inFolder<Result>(files: WrittenFiles, use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'windrose-config-'))
  try {
    for (const [path, text] of Object.entries(typeof files === 'string' ? { 'windrose.yaml': files } : files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A master file for example.org with nothing wrong. */
export const ZONE_FILE = `$TTL 3600
@    SOA  ns1 hostmaster 1 7200 1800 1209600 30
     NS   ns1
     NS   ns2.example.net.
     MX   10 mail.example.net.
ns1  A    192.0.2.53
sub  NS   ns.example.net.
`

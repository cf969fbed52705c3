import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from '../source-files.ts'
import { Running, WINDROSE } from './processes.ts'

/** Where connections to an address lead: to another one, or nowhere. */
export type Network = Readonly<Record<string, string | null>>

/** How an agent of a test differs from the usual one. */
export interface TestAgentOptions {
  /** What it reaches otherwise than others do, from its start. */
  readonly network?: Network
  /** By how much its clock is ahead, in milliseconds. */
  readonly clockAheadMs?: number
  /** The file of the key that it signs with. */
  readonly signingKey?: string
  /** Where it serves its metrics. */
  readonly metrics?: string
}

/** Of the servers and agents of a test. */
export const NAMESPACE = 'fleet'

/** A `windrose agent` of a test, with a network and a clock of its own. */
export class TestAgent extends Running {
  readonly #folder: string

  constructor(
    name: string,
    vantage: string,
    store: string,
    { network = {}, clockAheadMs = 0, signingKey, metrics }: TestAgentOptions = {},
  ) {
    const folder = mkdtempSync(join(tmpdir(), 'windrose-agent-'))
    writeNetwork(folder, network)
    const own = ['--name', name, '--vantage', vantage, '--store', store, '--namespace', NAMESPACE]
    const key = signingKey === undefined ? [] : ['--signing-key', signingKey]
    const watched = metrics === undefined ? [] : ['--metrics', metrics]
    super(process.execPath, [...PRELOADS, WINDROSE, 'agent', ...own, ...key, ...watched], {
      env: { NETWORK: join(folder, NETWORK), CLOCK_AHEAD_MS: String(clockAheadMs) },
    })
    this.#folder = folder
    void this.exited.then(() => rmSync(folder, { recursive: true, force: true }))
  }

  /** From now on its connections lead there; what is open stays. */
  reach(network: Network): void {
    writeNetwork(this.#folder, network)
  }
}

const NETWORK = 'network.json'

const PRELOADS = ['own-network.mjs', 'own-clock.mjs'].flatMap((file) => [
  '--import',
  pathToFileURL(join(ROOT, 'test/support', file)).href,
])

/** In one step: the agent reads it at any time. */
function writeNetwork(folder: string, network: Network): void {
  writeFileSync(join(folder, `${NETWORK}.new`), JSON.stringify(network))
  renameSync(join(folder, `${NETWORK}.new`), join(folder, NETWORK))
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { GeneratorProcess } from '../load/generator-process.ts'
import { type Peer, type RunningPeer, startPeer } from '../peers/peer.ts'
import type { Section } from '../report/section.ts'
import type { World } from '../world/world.ts'

/** What a suite works with. */
export interface Bench {
  readonly generator: GeneratorProcess
  /** The core of the servers; the generator has the other. */
  readonly serverCore: string
  readonly folder: string
  /** The country database in the schema that the other servers read. */
  readonly database: string
  /** First 32 bits of blocks that the database knows. */
  readonly ipv6Blocks: readonly number[]
  readonly rounds: number
  /** How long one load lasts, in milliseconds. */
  readonly sliceMs: number
  /** Seconds of the soak test. */
  readonly soakSeconds: number
  /** Reloads, and changes of health, under load. */
  readonly changes: number
  readonly say: (line: string) => void
}

/** One group of measurements: figures that are compared with each other and come from one run. */
export type Suite = (bench: Bench) => Promise<Section>

let nextPort = 15_300

/** Ports that no other server of this run has: one for DNS, the next for what else a server listens on. */
export function takePort(): number {
  nextPort += 2
  return nextPort - 2
}

/** Starts servers, runs `use` with them, and stops them whatever happens. */
export async function withPeers<T>(
  bench: Bench,
  wanted: readonly { readonly peer: Peer; readonly world: World }[],
  use: (servers: RunningPeer[]) => Promise<T>,
): Promise<T> {
  const servers: RunningPeer[] = []
  try {
    for (const { peer, world } of wanted) {
      const port = takePort()
      const folder = join(bench.folder, `${peer.name}-${port}`)
      mkdirSync(folder, { recursive: true })
      servers.push(await startPeer(peer, world, { folder, port, database: bench.database }, bench.serverCore))
    }
    return await use(servers)
  } finally {
    for (const server of servers) await server.stop()
  }
}

import type { Load } from '../load/load.ts'
import type { Sample } from '../measure/sample.ts'
import type { World } from '../world/world.ts'
import type { Bench } from './bench.ts'
import type { Workload } from './workloads.ts'

/** As much as the server can do: 256 queries on their way, from four ports. */
export function closedLoop(
  bench: Bench,
  workload: Workload,
  world: Pick<World, 'names'>,
): Omit<Load, 'target' | 'seed'> {
  return {
    queries: workload.queries(world),
    sockets: 4,
    durationMs: bench.sliceMs,
    ipv6Blocks: bench.ipv6Blocks,
    pace: { kind: 'closed', window: 256 },
  }
}

/** Knot has no answer for the few clients that the database does not know. */
const RIGHT_LEAST = 0.99

/** Throws unless all answers are what the workload asks for: figures of anything else mean nothing. */
export function checkAnswers(name: string, workload: Workload, samples: readonly Sample[]): void {
  for (const { result } of samples) {
    const right = result.rcodes[workload.rcode]!
    const total = result.rcodes.reduce((sum, count) => sum + count, 0)
    if (right < total * RIGHT_LEAST || Math.abs(result.records / total - workload.records) > 0.02) {
      throw new Error(
        `${name} does not answer "${workload.name}": rcodes ${result.rcodes}, ${result.records} records in ${total} answers`,
      )
    }
  }
}

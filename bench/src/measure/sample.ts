import type { GeneratorProcess } from '../load/generator-process.ts'
import type { Load, LoadResult } from '../load/load.ts'
import type { RunningPeer } from '../peers/peer.ts'
import { cpuBetween, threadTimes } from './threads.ts'

/** One load on one server, with what the server spent on it. */
export interface Sample {
  readonly result: LoadResult
  /** Microseconds of CPU a query: of each thread that answers over UDP, of these together, and of all others. */
  readonly byThread: readonly number[]
  readonly answering: number
  readonly rest: number
  readonly queriesPerSecond: number
}

/** Puts one load on a server and takes its CPU time meanwhile. */
export async function takeSample(
  generator: GeneratorProcess,
  server: RunningPeer,
  load: Omit<Load, 'target'>,
): Promise<Sample> {
  const before = threadTimes(server.pid)
  const result = await generator.run({ ...load, target: server.target })
  const use = cpuBetween(before, threadTimes(server.pid), server.peer.answers)
  const perQuery = (ns: number): number => ns / 1000 / result.answered
  return {
    result,
    byThread: use.answering.map(perQuery),
    answering: perQuery(use.answering.reduce((sum, ns) => sum + ns, 0)),
    rest: perQuery(use.rest),
    queriesPerSecond: result.answered / result.seconds,
  }
}

/** A server, and the load that it is given. */
export interface Contender {
  readonly server: RunningPeer
  readonly load: Omit<Load, 'target' | 'seed'>
}

/**
 * Loads each server in turn, round after round (A B C A B C ...), so that whatever else the machine does meets all of them
 * alike. A first round that is not counted warms up. Gives the samples of each server, by round.
 */
export async function alternate(
  generator: GeneratorProcess,
  contenders: readonly Contender[],
  rounds: number,
): Promise<Sample[][]> {
  const samples: Sample[][] = contenders.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [i, { server, load }] of contenders.entries()) {
      const sample = await takeSample(generator, server, { ...load, seed: round })
      if (round > 0) samples[i]!.push(sample)
    }
  }
  return samples
}

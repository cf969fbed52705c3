import type { ReplayBody, ReplayRequest } from '../control/replay-types.ts'
import type { SimulationBody, SimulationRequest } from '../control/simulate-types.ts'
import { readWhatIf } from '../simulate/read-what-if.ts'
import { ConfigurationRefused, StartRefused } from '../start-refused.ts'
import { CLOCK } from './clock.ts'
import type { WhatIfRefusal } from './compare-states.ts'

/**
 * A simulation on a configuration alone, without a running server: as it would be with every endpoint up. Throws a
 * ConfigurationRefused, or a StartRefused that says what else is wrong.
 */
export async function simulateFromFile(file: string, request: SimulationRequest): Promise<SimulationBody> {
  const read = readWhatIf(request)
  if ('problem' in read) throw new StartRefused(read.problem)
  // Loaded when it is wanted: starting a server does not wait for it.
  const { runSimulation } = await import('../simulate/run-simulation.ts')
  return orThrow(await runSimulation(file, read.whatIf, CLOCK))
}

/** A replay of recorded queries on two configurations, every endpoint up in both. Throws as `simulateFromFile`. */
export async function replayFromFile(file: string, request: ReplayRequest): Promise<ReplayBody> {
  const { runReplay } = await import('../replay/run-replay.ts')
  return orThrow(await runReplay(file, request, CLOCK))
}

/** What a question of a file came to. Throws as `simulateFromFile`. */
export function orThrow<Body extends object>(result: Body | WhatIfRefusal): Body {
  if ('problem' in result) throw new StartRefused(result.problem)
  if (!('refusal' in result)) return result
  if (result.problems.length > 0) throw new ConfigurationRefused(result.problems)
  throw new StartRefused(result.refusal)
}

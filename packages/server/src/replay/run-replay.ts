import { Geographies } from '../compile/compile-geography.ts'
import type { ReplayBody, ReplayRequest } from '../control/replay-types.ts'
import type { Clock } from '../what-if/clock.ts'
import { compareStates, type PresentState, presentFromFile, type WhatIfRefusal } from '../what-if/compare-states.ts'
import { describeSides } from '../what-if/describe-sides.ts'
import { readQueryLog } from '../what-if/read-query-log.ts'
import { replay } from './replay.ts'

/** Asks recorded queries of a candidate, and of what a server serves or, with the name of a file, of that with everything up. */
export async function runReplay(
  from: PresentState | string,
  { config, queries }: ReplayRequest,
  clock: Clock,
): Promise<ReplayBody | WhatIfRefusal> {
  const startedAt = clock.seconds()
  const geographies = new Geographies()
  const present = typeof from === 'string' ? await presentFromFile(from, geographies, clock.now()) : from
  if ('refusal' in present) return present
  const states = await compareStates(present, config, undefined, geographies)
  if (!('before' in states)) return states
  return {
    ...describeSides(states, present.health === undefined),
    ...replay(readQueryLog(queries), states.before.snapshot, states.after.snapshot),
    notes: states.notes,
    seconds: clock.seconds() - startedAt,
  }
}

import { mapAllNetworks } from '@windrose/geo'
import { Geographies, type Places, summariseDatabase } from '../compile/compile-geography.ts'
import type { CompileRefusal } from '../compile/compiled.ts'
import type { SimulatedDatabaseBody, SimulationBody } from '../control/simulate-types.ts'
import type { Clock } from '../what-if/clock.ts'
import { compareStates, type PresentState, presentFromFile, type WhatIfRefusal } from '../what-if/compare-states.ts'
import { describeSides } from '../what-if/describe-sides.ts'
import { type ClientSpace, clientSpace } from './client-space.ts'
import type { WhatIf } from './read-what-if.ts'
import { simulate } from './simulate.ts'

/** Tries changes on what a server serves, or, with the name of a file, on what one would serve with everything up. */
export async function runSimulation(
  from: PresentState | string,
  whatIf: WhatIf,
  clock: Clock,
): Promise<SimulationBody | WhatIfRefusal> {
  const startedAt = clock.seconds()
  const geographies = new Geographies()
  const present = typeof from === 'string' ? await presentFromFile(from, geographies, clock.now()) : from
  if ('refusal' in present) return present
  const states = await compareStates(present, whatIf.config, whatIf, geographies)
  if (!('before' in states)) return states
  const places = geographies.places(present.compiled.configuration.geo.databases)
  if ('refusal' in places) return places
  const space = spaceOf(places)
  if ('refusal' in space) return space
  const simulated = simulate(states.before, states.after, space, whatIf)
  if ('problem' in simulated) return simulated
  return {
    ...describeSides(states, present.health === undefined),
    changes: states.changes,
    databases: databasesOf(places),
    ...simulated,
    notes: states.notes,
    seconds: clock.seconds() - startedAt,
  }
}

function spaceOf({ databases, map }: Places): ClientSpace | CompileRefusal {
  try {
    return clientSpace(map, mapAllNetworks(databases))
  } catch (error) {
    return { refusal: `geo databases: ${(error as Error).message}`, problems: [] }
  }
}

function databasesOf({ databases }: Places): SimulatedDatabaseBody[] {
  return databases.map((database) => {
    const { file, type, precision, builtAt, attribution } = summariseDatabase(database)
    const shown = attribution === '' ? {} : { attribution }
    return { file, type, precision, built: new Date(builtAt).toISOString(), ...shown }
  })
}

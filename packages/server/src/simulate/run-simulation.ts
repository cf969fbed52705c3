import { mapAllNetworks } from '@windrose/geo'
import type { Override } from '@windrose/health'
import type { HealthTable } from '@windrose/steering'
import { buildSnapshot } from '../build-snapshot.ts'
import { compileEverything } from '../compile/compile-everything.ts'
import { Geographies, type Places, summariseDatabase } from '../compile/compile-geography.ts'
import type { Compiled, CompileRefusal } from '../compile/compiled.ts'
import type { SimulatedDatabaseBody, SimulationBody } from '../control/simulate-types.ts'
import { clientSpace } from './client-space.ts'
import type { WhatIf } from './read-what-if.ts'
import { simulate } from './simulate.ts'
import { readChanges } from './tried-changes.ts'
import { allUp, assume, type CheckedEndpoints, carryOver, forcedAmong, underOverrides } from './verdict-tables.ts'

/** What is served, or would be, before anything is tried. Can be sent to another thread. */
export interface PresentState {
  readonly compiled: ServedParts
  /** What the checks say, before overrides; left out, everything is up. */
  readonly health?: HealthTable
  readonly overrides: readonly Override[]
}

export type ServedParts = Omit<Compiled, 'warnings'>

/** A simulation, or what is wrong: with what was asked (`problem`), or with a configuration or database. */
export type SimulationOutcome = SimulationBody | { readonly problem: string } | CompileRefusal

/** Tries changes on a configuration alone, with every endpoint up. */
export async function simulateFile(file: string, whatIf: WhatIf, clock: Clock): Promise<SimulationOutcome> {
  const startedAt = clock.seconds()
  const geographies = new Geographies()
  const compiled = await compileEverything(file, undefined, geographies)
  if ('refusal' in compiled) return compiled
  return runSimulation({ compiled, overrides: [] }, whatIf, { geographies, clock, startedAt })
}

/** Tries changes on what a server serves. */
export function simulatePresent(present: PresentState, whatIf: WhatIf, clock: Clock): Promise<SimulationOutcome> {
  const geographies = new Geographies()
  const { geography, configuration } = present.compiled
  geographies.know(configuration.geo, geography.maps)
  return runSimulation(present, whatIf, { geographies, clock, startedAt: clock.seconds() })
}

export interface Clock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Seconds from some moment on. */
  readonly seconds: () => number
}

interface Tools {
  readonly geographies: Geographies
  readonly clock: Clock
  readonly startedAt: number
}

async function runSimulation(
  present: PresentState,
  whatIf: WhatIf,
  { geographies, clock, startedAt }: Tools,
): Promise<SimulationOutcome> {
  const { compiled, overrides } = present
  const candidate =
    whatIf.config === undefined ? compiled : await compileEverything(whatIf.config, undefined, geographies)
  if ('refusal' in candidate) return candidate
  const tried = readChanges(whatIf, candidate.configuration)
  if ('problem' in tried) return tried
  const places = geographies.places(compiled.configuration.geo.databases)
  if ('refusal' in places) return places
  const now = clock.now()
  const known: CheckedEndpoints =
    present.health === undefined
      ? allUp(compiled.configuration)
      : { configuration: compiled.configuration, health: present.health }
  const carried = candidate === compiled ? { ...known, unknown: [] } : carryOver(known, candidate.configuration)
  const before = sideOf(compiled, underOverrides(known, overrides, now))
  const after = sideOf(candidate, underOverrides(assume(carried, tried.assumed), [...overrides, ...tried.drains], now))
  const simulated = simulate(before, after, clientSpace(places.map, mapAllNetworks(places.databases)), whatIf)
  if ('problem' in simulated) return simulated
  const verdicts = present.health === undefined ? 'all up' : 'present'
  const forced = forcedAmong(candidate.configuration, after.snapshot.health, tried.assumed.map(({ target }) => target))
  return {
    before: { ...revisionOf(compiled), verdicts },
    after: { ...revisionOf(candidate), verdicts },
    changes: [...(whatIf.config === undefined ? [] : [`configuration ${whatIf.config}`]), ...tried.changes],
    databases: databasesOf(places),
    ...simulated,
    notes: [
      ...tried.warnings,
      ...say(carried.unknown, 'not in the present configuration, and taken to be up'),
      ...say(forced, 'forced by an override, whatever checks say'),
    ],
    seconds: clock.seconds() - startedAt,
  }
}

function sideOf(compiled: ServedParts, health: HealthTable): Parameters<typeof simulate>[0] {
  const epochs = new Int32Array(compiled.configuration.services.length)
  return { configuration: compiled.configuration, snapshot: buildSnapshot(compiled, { health, epochs }) }
}

function revisionOf({ configuration }: ServedParts): { file: string; revision: string } {
  return { file: configuration.file, revision: configuration.revision }
}

function databasesOf({ databases }: Places): SimulatedDatabaseBody[] {
  return databases.map((database) => {
    const { file, type, precision, builtAt, attribution } = summariseDatabase(database)
    const shown = attribution === '' ? {} : { attribution }
    return { file, type, precision, built: new Date(builtAt).toISOString(), ...shown }
  })
}

/** A sentence about endpoints, if there are any. */
function say(ids: readonly string[], what: string): string[] {
  if (ids.length === 0) return []
  const more = ids.length > IDS_SHOWN ? ` and ${ids.length - IDS_SHOWN} more` : ''
  return [`${ids.slice(0, IDS_SHOWN).join(', ')}${more}: ${what}`]
}

const IDS_SHOWN = 5

import type { Override } from '@windrose/health'
import type { Snapshot } from '@windrose/nameserver'
import type { HealthTable } from '@windrose/steering'
import { buildSnapshot } from '../build-snapshot.ts'
import { layPlacement } from '../capacity/lay-placement.ts'
import type { ServicePlacementRecord } from '../capacity/placement-record.ts'
import { compileEverything } from '../compile/compile-everything.ts'
import type { Geographies } from '../compile/compile-geography.ts'
import type { Compiled, CompileRefusal } from '../compile/compiled.ts'
import type { Side } from './side.ts'
import { NO_CHANGES, readChanges, type TriedChanges, type WishedChanges } from './tried-changes.ts'
import { allUp, assume, type CheckedEndpoints, carryOver, forcedAmong, underOverrides } from './verdict-tables.ts'

export type ServedParts = Omit<Compiled, 'warnings'>

/** What is served before anything is tried. Can be sent to another thread. */
export interface PresentState {
  readonly compiled: ServedParts
  /** What checks say, before overrides; left out, everything is up. */
  readonly health?: HealthTable
  readonly overrides: readonly Override[]
  /** By service: where capacity has placed its clients. */
  readonly placed?: ReadonlyMap<string, ServicePlacementRecord>
  /** What aliases were resolved to. */
  readonly aliases?: Snapshot['aliases']
  /** Epoch milliseconds. */
  readonly nowMs: number
}

/** The present state and what is tried instead, ready to be asked. */
export interface ComparedStates {
  readonly before: Side
  readonly after: Side
  /** What differs, in words. */
  readonly changes: readonly string[]
  /** Sentences about what the comparison does not show. */
  readonly notes: readonly string[]
}

/** Why there is nothing to compare: what was asked is wrong (`problem`), or a configuration or database is. */
export type WhatIfRefusal = { readonly problem: string } | CompileRefusal

/** A configuration as it is served when nothing is wrong anywhere. */
export async function presentFromFile(
  file: string,
  geographies: Geographies,
  nowMs: number,
): Promise<PresentState | CompileRefusal> {
  const compiled = await compileEverything(file, undefined, geographies)
  return 'refusal' in compiled ? compiled : { compiled, overrides: [], nowMs }
}

/**
 * Makes the two states: the present one, and the candidate's configuration, or the same one, with what is wished for.
 * Endpoints keep their verdicts and overrides from one to the other.
 */
export async function compareStates(
  present: PresentState,
  candidate: string | undefined,
  wished: WishedChanges | undefined,
  geographies: Geographies,
): Promise<ComparedStates | WhatIfRefusal> {
  const { compiled, overrides, nowMs } = present
  geographies.know(compiled.configuration.geo, compiled.geography.maps)
  const other = candidate === undefined ? compiled : await compileEverything(candidate, undefined, geographies)
  if ('refusal' in other) return other
  const tried = wished === undefined ? NO_CHANGES : readChanges(wished, other.configuration)
  if ('problem' in tried) return tried
  const known = checkedOf(present)
  const carried = other === compiled ? { ...known, unknown: [] } : carryOver(known, other.configuration)
  const before = sideOf(present, compiled, underOverrides(known, overrides, nowMs))
  const changed = underOverrides(assume(carried, tried.assumed), [...overrides, ...tried.drains], nowMs)
  const after = sideOf(present, other, changed)
  return {
    before,
    after,
    changes: [...(candidate === undefined ? [] : [`configuration ${candidate}`]), ...tried.changes],
    notes: [
      ...tried.warnings,
      ...say(carried.unknown, UNKNOWN),
      ...say(forcedBy(tried, after), FORCED),
      ...say(placedServices(present), PLACED),
    ],
  }
}

const UNKNOWN = 'not in the present configuration, so taken to be up'
const FORCED = 'forced by an override, so what is tried changes nothing of it'

const PLACED = 'clients that capacity has placed elsewhere are where they are now; what it would do next is not shown'

function checkedOf({ compiled: { configuration }, health }: PresentState): CheckedEndpoints {
  return health === undefined ? allUp(configuration) : { configuration, health }
}

/** What capacity has placed stands on both sides. */
function sideOf({ placed, aliases }: PresentState, compiled: ServedParts, health: HealthTable): Side {
  const { configuration } = compiled
  const epochs = new Int32Array(configuration.services.length)
  const snapshot = buildSnapshot(compiled, { health, epochs }, aliases)
  for (const service of configuration.services) {
    const placement = snapshot.placements[service.index]
    if (placement !== undefined) layPlacement(service, placement, placed?.get(service.name))
  }
  return { configuration, snapshot }
}

function placedServices({ placed }: PresentState): readonly string[] {
  return [...(placed?.values() ?? [])].filter(({ classes }) => classes.size > 0).map(({ service }) => service)
}

function forcedBy({ assumed, drains }: TriedChanges, { configuration, snapshot }: Side): readonly string[] {
  const targets = [...assumed, ...drains].map(({ target }) => target)
  return forcedAmong(configuration, snapshot.health, targets)
}

/** A sentence about endpoints or services, if there are any. */
function say(ids: readonly string[], what: string): string[] {
  if (ids.length === 0) return []
  const more = ids.length > IDS_SHOWN ? ` and ${ids.length - IDS_SHOWN} more` : ''
  return [`${ids.slice(0, IDS_SHOWN).join(', ')}${more}: ${what}`]
}

const IDS_SHOWN = 5

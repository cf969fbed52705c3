import { createTable } from '../build-snapshot.ts'
import type { RunningParts } from '../running-parts.ts'
import type { PresentState } from './compare-states.ts'

/**
 * What a running server serves at this moment: its configuration, what its checks say, its overrides, and what beside them
 * decides over answers.
 */
export function presentState({
  reloader,
  health,
  capacity,
  now,
}: Pick<RunningParts, 'reloader' | 'health' | 'capacity' | 'now'>): PresentState {
  const { compiled, table, snapshot } = reloader.current
  const { configuration, zones, bodies, geography } = compiled
  const { held, roundTrips } = table.health
  const checked = { ...createTable(configuration).health, held: held.slice(), roundTrips: roundTrips.slice() }
  health.writeChecked(checked)
  return {
    compiled: { configuration, zones, bodies, geography },
    health: checked,
    overrides: health.overrides,
    placed: capacity.placed,
    aliases: snapshot.aliases,
    nowMs: now(),
  }
}

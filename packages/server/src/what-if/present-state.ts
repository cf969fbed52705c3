import { createTable } from '../build-snapshot.ts'
import type { RunningParts } from '../running-parts.ts'
import type { PresentState } from './compare-states.ts'

/** What a running server serves at this moment: its configuration, what its checks say, and its overrides. */
export function presentState({
  reloader,
  health,
  now,
}: Pick<RunningParts, 'reloader' | 'health' | 'now'>): PresentState {
  const { compiled, table } = reloader.current
  const { configuration, zones, bodies, geography } = compiled
  const checked = { ...createTable(configuration).health, roundTrips: table.health.roundTrips.slice() }
  health.writeChecked(checked)
  return {
    compiled: { configuration, zones, bodies, geography },
    health: checked,
    overrides: health.overrides,
    nowMs: now(),
  }
}

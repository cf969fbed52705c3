import { cellUnderOverride, matchesOverride, type Override, type OverrideTarget, rankOverrides } from '@windrose/health'
import { FORCED, type HealthTable, healthCell, STABILITY_MAX, Verdict } from '@windrose/steering'
import { createTable, viewsOf } from '../build-snapshot.ts'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** The parts of a configuration that tables of verdicts depend on. */
export type Judged = Pick<ServedConfiguration, 'endpoints' | 'services' | 'health'>

/** What checks say of the endpoints of a configuration, before any override. */
export interface CheckedEndpoints {
  readonly configuration: Judged
  readonly health: HealthTable
}

const UP: number = healthCell(Verdict.up, 0, STABILITY_MAX)

/** As it would be if nothing were wrong anywhere. */
export function allUp(configuration: Judged): CheckedEndpoints {
  const { health } = createTable(configuration)
  health.cells.fill(UP)
  return { configuration, health }
}

/**
 * The same endpoints in another configuration: those of one id keep their verdicts, in the views that both have, and stay
 * held back if they are; a view that is new begins as the global one. Endpoints that are new are up, and listed.
 */
export function carryOver(
  from: CheckedEndpoints,
  configuration: Judged,
): CheckedEndpoints & { readonly unknown: readonly string[] } {
  const { health } = allUp(configuration)
  const rows = new Map(from.configuration.endpoints.map(({ endpoint }) => [endpoint.id, endpoint.index]))
  const views = viewRows(from.configuration, configuration)
  const unknown: string[] = []
  for (const { endpoint } of configuration.endpoints) {
    const row = rows.get(endpoint.id)
    if (row === undefined) {
      unknown.push(endpoint.id)
      continue
    }
    health.held[endpoint.index] = from.health.held[row]!
    for (const [view, known] of views.entries()) {
      const at = view * health.endpoints + endpoint.index
      const source = known * from.health.endpoints + row
      health.cells[at] = from.health.cells[source]!
      health.roundTrips[at] = from.health.roundTrips[source]!
    }
  }
  return { configuration, health, unknown }
}

/** For each view of `to` the one of `from` that it is, by vantage; 0, the global one, for those that are new. */
function viewRows(from: Judged, to: Judged): readonly number[] {
  const known = viewsOf(from.health)
  return [0, ...viewsOf(to.health).map((vantage) => known.indexOf(vantage) + 1)]
}

/** What checks are taken to say of some endpoints instead. */
export interface AssumedVerdict {
  readonly target: OverrideTarget
  readonly verdict: typeof Verdict.up | typeof Verdict.down
}

/** The verdicts with the assumed ones laid over them, later ones over earlier ones. */
export function assume(
  { configuration, health }: CheckedEndpoints,
  assumed: readonly AssumedVerdict[],
): CheckedEndpoints {
  return { configuration, health: mapCells(configuration, health, (cell, id) => assumedCell(cell, id, assumed)) }
}

function assumedCell(cell: number, id: string, assumed: readonly AssumedVerdict[]): number {
  const last = assumed.findLast(({ target }) => matchesOverride(target, id))
  return last === undefined ? cell : healthCell(last.verdict, 0, STABILITY_MAX)
}

/** What steering acts on: the verdicts under the overrides. */
export function underOverrides(
  { configuration, health }: CheckedEndpoints,
  overrides: readonly Override[],
  nowMs: number,
): HealthTable {
  const overrideOf = rankOverrides(overrides, nowMs)
  const deciding = new Map(configuration.endpoints.map(({ endpoint }) => [endpoint.id, overrideOf(endpoint.id)]))
  return mapCells(configuration, health, (cell, id) => cellUnderOverride(cell, deciding.get(id)))
}

/** Ids of the endpoints that targets speak of, but whose state an override forces whatever checks say. */
export function forcedAmong({ endpoints }: Judged, health: HealthTable, targets: readonly OverrideTarget[]): string[] {
  return endpoints.flatMap(({ endpoint }) => {
    const isForced = (health.cells[endpoint.index]! & FORCED) !== 0
    return isForced && targets.some((target) => matchesOverride(target, endpoint.id)) ? endpoint.id : []
  })
}

function mapCells({ endpoints }: Judged, health: HealthTable, map: (cell: number, id: string) => number): HealthTable {
  const cells = health.cells.slice()
  for (const { endpoint } of endpoints) {
    for (let at = endpoint.index; at < cells.length; at += health.endpoints) cells[at] = map(cells[at]!, endpoint.id)
  }
  return { ...health, cells }
}

import type { HealthTable } from '@windrose/steering'
import { cellsChangeAt, type EffectiveView, type Situation, viewUnder } from './endpoint-status.ts'
import { judgeEndpoint, type ProbedEndpoint } from './endpoint-verdict.ts'
import type { Override } from './override.ts'
import { rankOverrides } from './override-match.ts'
import { GLOBAL } from './target-state.ts'
import { findTransition, type Transition } from './transitions.ts'

/**
 * Writes all views of the endpoints into the health table and says what that changed.
 *
 * Changes are told against what the table held: whoever keeps two tables in turn fills one of its own and copies.
 */
export function fillTable(table: HealthTable, endpoints: readonly ProbedEndpoint[], situation: Situation): FilledTable {
  const overrideOf = rankOverrides(situation.overrides, situation.timeMs)
  const changed: number[] = []
  const transitions: Transition[] = []
  for (const endpoint of endpoints) {
    const turned = writeEndpoint(table, endpoint, overrideOf(endpoint.id), situation)
    if (turned === undefined) continue
    changed.push(endpoint.index)
    transitions.push(...turned)
  }
  return { changed, transitions }
}

export interface FilledTable {
  /** Indexes of the endpoints of which a cell, in any view, or the time of change is new. */
  readonly changed: readonly number[]
  /** Endpoints whose effective verdict is new: globally, and in the views that did not just follow. */
  readonly transitions: readonly Transition[]
}

/** The transitions; undefined when the table holds all of it already. */
function writeEndpoint(
  { cells, endpoints, changesAt }: HealthTable,
  endpoint: ProbedEndpoint,
  override: Override | undefined,
  { verdicts, vantages = [], timeMs }: Situation,
): readonly Transition[] | undefined {
  const at = cellsChangeAt(endpoint, override, verdicts)
  let isNew = changesAt[endpoint.index] !== at
  changesAt[endpoint.index] = at
  const transitions: Transition[] = []
  let view: EffectiveView | undefined
  for (let row = 0; row <= vantages.length; row++) {
    const vantage = row === 0 ? GLOBAL : vantages[row - 1]!
    const real = judgeEndpoint(endpoint, verdicts, vantage)
    // Most vantages see the same.
    if (real !== view?.real) view = viewUnder(override, real)
    const place = row * endpoints + endpoint.index
    const before = cells[place]
    if (before === undefined || before === view.cell) continue
    isNew = true
    cells[place] = view.cell
    const turned = findTransition({ id: endpoint.id, reason: view.reason }, before, view.cell, timeMs)
    if (turned === undefined) continue
    const [first] = transitions
    const follows = first?.vantage === undefined && first?.from === turned.from && first.to === turned.to
    if (row === 0) transitions.push(turned)
    else if (!follows) transitions.push({ ...turned, vantage })
  }
  return isNew ? transitions : undefined
}

import { DEGRADED, type HealthTable, healthCell, RAMP_SHIFT, STALE, Verdict } from '@windrose/steering'
import { cellUnderOverride } from './cell-under-override.ts'
import { leavesOf } from './check-rule.ts'
import { judgeEndpoint, type ProbedEndpoint } from './endpoint-verdict.ts'
import { type HealthState, targetChangesAt } from './health-state.ts'
import type { Override } from './override.ts'
import { findOverride } from './override-match.ts'
import type { Standing } from './standing.ts'
import { findTransition, type Transition } from './transitions.ts'

/**
 * Writes all views of the endpoints into the health table and says what that changed.
 *
 * Changes are told against what the table held: whoever keeps two tables in turn fills one of its own and copies.
 */
export function fillTable(table: HealthTable, endpoints: readonly ProbedEndpoint[], situation: Situation): FilledTable {
  const changed: number[] = []
  const transitions: Transition[] = []
  for (const endpoint of endpoints) {
    const status = endpointStatus(endpoint, situation)
    const turned = writeViews(table, endpoint, status, situation)
    if (turned === undefined) continue
    changed.push(endpoint.index)
    transitions.push(...turned)
  }
  return { changed, transitions }
}

/** Everything that an endpoint's cell follows from. */
export interface Situation {
  readonly verdicts: Pick<HealthState, 'targets'>
  /** The vantages that have a view of their own: the table's row 1 is that of the first, and so on. Left out: none. */
  readonly vantages?: readonly string[]
  readonly overrides: readonly Override[]
  /** Epoch milliseconds. */
  readonly timeMs: number
}

export interface FilledTable {
  /** Indexes of the endpoints of which a cell, in any view, or the time of change is new. */
  readonly changed: readonly number[]
  /** Endpoints whose effective verdict is new: globally, and in the views that did not just follow. */
  readonly transitions: readonly Transition[]
}

/** What is in force for an endpoint, and beside it what the checks say. */
export interface EndpointStatus extends EffectiveView {
  readonly id: string
  readonly drained: boolean
  readonly override: Override | undefined
  /** Epoch milliseconds at which time alone changes a cell; Infinity if it does not. */
  readonly changesAt: number
  /** In the order of the situation's vantages. */
  readonly views: readonly VantageView[]
}

export interface EffectiveView {
  /** The verdict that steering acts on. */
  readonly effective: Verdict
  /** Why the effective verdict is what it is. */
  readonly reason: string
  /** The verdict of the checks, which run on under an override. */
  readonly real: Standing
  readonly cell: number
}

export interface VantageView extends EffectiveView {
  readonly vantage: string
}

/** An endpoint's status: its checks' verdict under the override that decides over it. */
export function endpointStatus(endpoint: ProbedEndpoint, situation: Situation): EndpointStatus {
  const { verdicts, vantages = [], overrides, timeMs } = situation
  const override = findOverride(endpoint.id, overrides, timeMs)
  const endsAt = override?.expiresAt ?? Number.POSITIVE_INFINITY
  return {
    id: endpoint.id,
    ...viewUnder(override, judgeEndpoint(endpoint, verdicts)),
    drained: override?.action === 'drain',
    override,
    changesAt: isForced(override) ? endsAt : Math.min(endsAt, verdictChangesAt(endpoint, verdicts)),
    views: vantages.map((vantage) => ({ vantage, ...viewUnder(override, judgeEndpoint(endpoint, verdicts, vantage)) })),
  }
}

function viewUnder(override: Override | undefined, real: Standing): EffectiveView {
  const cell = cellUnderOverride(healthCell(real.verdict, flagsOf(real), real.stability), override)
  if (!isForced(override)) return { effective: real.verdict, reason: real.reason, real, cell }
  return { effective: override.action === 'up' ? Verdict.up : Verdict.down, reason: printForce(override), real, cell }
}

/** Undefined when the table holds all of it already. */
function writeViews(
  { cells, endpoints, changesAt }: HealthTable,
  { index, id }: ProbedEndpoint,
  status: EndpointStatus,
  { timeMs }: Situation,
): readonly Transition[] | undefined {
  let isNew = changesAt[index] !== status.changesAt
  changesAt[index] = status.changesAt
  const transitions: Transition[] = []
  const write = (row: number, view: EffectiveView): Transition | undefined => {
    const at = row * endpoints + index
    const before = cells[at]
    if (before === undefined || before === view.cell) return undefined
    isNew = true
    cells[at] = view.cell
    return findTransition({ id, reason: view.reason }, before, view.cell, timeMs)
  }
  const global = write(0, status)
  if (global !== undefined) transitions.push(global)
  for (const [i, view] of status.views.entries()) {
    const turned = write(i + 1, view)
    if (turned === undefined || (turned.from === global?.from && turned.to === global.to)) continue
    transitions.push({ ...turned, vantage: view.vantage })
  }
  return isNew ? transitions : undefined
}

function verdictChangesAt({ rule, targets }: ProbedEndpoint, verdicts: Pick<HealthState, 'targets'>): number {
  const ids = rule === undefined ? targets.map(({ id }) => id) : leavesOf(rule).map(({ target }) => target)
  return Math.min(...ids.map((id) => targetChangesAt(verdicts.targets.get(id))))
}

function flagsOf({ verdict, degraded, stale, ramp }: Standing): number {
  return (degraded ? DEGRADED : 0) | (stale ? STALE : 0) | (verdict === Verdict.up ? ramp << RAMP_SHIFT : 0)
}

function isForced(override: Override | undefined): override is Override & { readonly action: 'up' | 'down' } {
  return override?.action === 'up' || override?.action === 'down'
}

function printForce(override: Override): string {
  return `forced ${override.action} by ${override.author}: ${override.reason}`
}

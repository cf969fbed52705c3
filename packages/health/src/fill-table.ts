import {
  DEGRADED,
  DRAINED,
  FORCED,
  type HealthTable,
  healthCell,
  STABILITY_MAX,
  STALE,
  Verdict,
} from '@windrose/steering'
import { judgeEndpoint, type ProbedEndpoint } from './endpoint-verdict.ts'
import type { Override } from './override.ts'
import { findOverride } from './override-match.ts'
import type { Standing } from './standing.ts'
import { findTransition, type Transition } from './transitions.ts'
import type { VerdictState } from './verdicts.ts'

/**
 * Writes the global view of the health table (its view 0) and says what that changed.
 *
 * Changes are told against what the table held: whoever keeps two tables in turn fills one of its own and copies.
 */
export function fillTable(table: HealthTable, endpoints: readonly ProbedEndpoint[], situation: Situation): FilledTable {
  const changed: number[] = []
  const transitions: Transition[] = []
  for (const endpoint of endpoints) {
    const status = endpointStatus(endpoint, situation)
    const before = table.cells[endpoint.index]!
    if (before === status.cell && table.changesAt[endpoint.index] === status.changesAt) continue
    changed.push(endpoint.index)
    const transition = findTransition(status, before, status.cell, situation.timeMs)
    if (transition !== undefined) transitions.push(transition)
    table.cells[endpoint.index] = status.cell
    table.changesAt[endpoint.index] = status.changesAt
  }
  return { changed, transitions }
}

/** Everything that an endpoint's cell follows from. */
export interface Situation {
  readonly verdicts: VerdictState
  readonly overrides: readonly Override[]
  /** Epoch milliseconds. */
  readonly timeMs: number
}

export interface FilledTable {
  /** Indexes of the endpoints whose cell or time of change is new. */
  readonly changed: readonly number[]
  /** Endpoints whose effective verdict is new. */
  readonly transitions: readonly Transition[]
}

/** What is in force for an endpoint, and beside it what the checks say. */
export interface EndpointStatus {
  readonly id: string
  /** The verdict that steering acts on. */
  readonly effective: Verdict
  readonly drained: boolean
  /** Why the effective verdict is what it is. */
  readonly reason: string
  /** The verdict of the checks, which run on under an override. */
  readonly real: Standing
  readonly override: Override | undefined
  readonly cell: number
  /** Epoch milliseconds at which time alone changes the cell; Infinity if it does not. */
  readonly changesAt: number
}

/** An endpoint's status: its checks' verdict under the override that decides over it. */
export function endpointStatus(endpoint: ProbedEndpoint, situation: Situation): EndpointStatus {
  const real = judgeEndpoint(endpoint, situation.verdicts)
  const override = findOverride(endpoint.id, situation.overrides, situation.timeMs)
  const forced = override?.action === 'up' || override?.action === 'down'
  const drained = override?.action === 'drain'
  const effective = forced ? (override.action === 'up' ? Verdict.up : Verdict.down) : real.verdict
  return {
    id: endpoint.id,
    effective,
    drained,
    reason: forced ? printForce(override) : real.reason,
    real,
    override,
    cell: forced
      ? healthCell(effective, FORCED, STABILITY_MAX)
      : healthCell(effective, (drained ? DRAINED : 0) | flagsOf(real), real.stability),
    changesAt: override?.expiresAt ?? Number.POSITIVE_INFINITY,
  }
}

function flagsOf(standing: Standing): number {
  return (standing.degraded ? DEGRADED : 0) | (standing.stale ? STALE : 0)
}

function printForce(override: Override): string {
  return `forced ${override.action} by ${override.author}: ${override.reason}`
}

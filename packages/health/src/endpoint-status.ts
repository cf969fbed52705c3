import { DEGRADED, healthCell, RAMP_SHIFT, STALE, Verdict } from '@windrose/steering'
import { cellUnderOverride } from './cell-under-override.ts'
import { leavesOf } from './check-rule.ts'
import { judgeEndpoint, type ProbedEndpoint, type TargetVerdicts } from './endpoint-verdict.ts'
import type { Override } from './override.ts'
import { rankOverrides } from './override-match.ts'
import type { Standing } from './standing.ts'
import { targetChangesAt } from './target-state.ts'

/** Everything that an endpoint's cell follows from. */
export interface Situation {
  readonly verdicts: TargetVerdicts
  /** The vantages that have a view of their own: the table's row 1 is that of the first, and so on. Left out: none. */
  readonly vantages?: readonly string[]
  readonly overrides: readonly Override[]
  /** Epoch milliseconds. */
  readonly timeMs: number
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

/** The status of every endpoint: its checks' verdict under the override that decides over it. */
export function endpointStatuses(endpoints: readonly ProbedEndpoint[], situation: Situation): EndpointStatus[] {
  const overrideOf = rankOverrides(situation.overrides, situation.timeMs)
  const { verdicts, vantages = [] } = situation
  return endpoints.map((endpoint) => {
    const override = overrideOf(endpoint.id)
    return {
      id: endpoint.id,
      ...viewUnder(override, judgeEndpoint(endpoint, verdicts)),
      drained: override?.action === 'drain',
      override,
      changesAt: cellsChangeAt(endpoint, override, verdicts),
      views: vantages.map((vantage) => ({
        vantage,
        ...viewUnder(override, judgeEndpoint(endpoint, verdicts, vantage)),
      })),
    }
  })
}

/** What is in force where the checks say this. */
export function viewUnder(override: Override | undefined, real: Standing): EffectiveView {
  const cell = cellUnderOverride(healthCell(real.verdict, flagsOf(real), real.stability), override)
  if (!isForced(override)) return { effective: real.verdict, reason: real.reason, real, cell }
  return { effective: override.action === 'up' ? Verdict.up : Verdict.down, reason: printForce(override), real, cell }
}

/** When time alone changes a cell of the endpoint, in epoch milliseconds; Infinity if it does not. */
export function cellsChangeAt(
  endpoint: ProbedEndpoint,
  override: Override | undefined,
  verdicts: TargetVerdicts,
): number {
  const endsAt = override?.expiresAt ?? Number.POSITIVE_INFINITY
  return isForced(override) ? endsAt : Math.min(endsAt, verdictChangesAt(endpoint, verdicts))
}

function verdictChangesAt({ rule, targets }: ProbedEndpoint, verdicts: TargetVerdicts): number {
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

import type { Verdict } from '@windrose/steering'
import type { LoadFigure } from './load-figure.ts'

/** One agent's word on one probe target. */
export interface Report {
  /** The agent's name, unique over all vantages. */
  readonly agent: string
  readonly vantage: string
  /** Grows with every start of the agent. */
  readonly incarnation: number
  /** Grows with every report of an incarnation. */
  readonly sequence: number
  /** Id of the probe target. */
  readonly target: string
  readonly verdict: Verdict
  /** Epoch milliseconds, by the agent's clock, at which the verdict became this. */
  readonly since: number
  /** Seconds before this agent's results can change the verdict; STABILITY_MAX at most. */
  readonly stability: number
  readonly reason: string
  /** Epoch milliseconds, by the agent's clock: for people only, never compared with another machine's clock. */
  readonly at: number
  readonly degraded?: boolean | undefined
  /** How long successful probes take of late, in milliseconds; absent before the first. */
  readonly latencyMs?: number | undefined
  /** What the target says of its load; absent where it is not asked. */
  readonly load?: LoadFigure | undefined
}

/** Whether a report replaces the held one of the same agent and target. */
export function isNewerReport(report: Report, held: Report): boolean {
  return report.incarnation === held.incarnation
    ? report.sequence > held.sequence
    : report.incarnation > held.incarnation
}

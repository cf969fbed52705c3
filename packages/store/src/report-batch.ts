import type { Report } from '@windrose/health'

/** What an agent says on one target; the batch it comes in adds who says it and when. */
export type TargetReport = Omit<Report, 'agent' | 'vantage' | 'incarnation' | 'sequence' | 'at'>

/** What an agent has to say at one moment. */
export interface ReportBatch {
  readonly agent: string
  readonly incarnation: number
  /** One more than that of the incarnation's batch before; the first is 1. */
  readonly sequence: number
  /** Epoch milliseconds, by the agent's clock: for people only. */
  readonly at: number
  /** At most one on each target. */
  readonly reports: readonly TargetReport[]
  /** Targets that the agent probes no longer. */
  readonly dropped: readonly string[]
}

/**
 * What became of a batch.
 *
 *   taken     it is there for every server to see
 *   fenced    a later incarnation of the agent is known: this one must not go on
 *   unknown   the store knows less of the agent than the agent does, or more: it was emptied, it lost a batch, somebody
 *             else wrote under the name. Enrol again and say everything
 */
export type BatchOutcome = 'taken' | 'fenced' | 'unknown'

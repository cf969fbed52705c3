import { cellVerdict } from '@windrose/steering'
import { printVerdict, type VerdictWord } from './standing.ts'

/** One endpoint's verdict turned: what an event stream and a log tell. Verdicts are the effective ones. */
export interface Transition {
  /** `service/site/target`. */
  readonly endpoint: string
  readonly from: VerdictWord
  readonly to: VerdictWord
  /** Epoch milliseconds. */
  readonly at: number
  readonly reason: string
  /** The vantage in whose view it turned; left out, it turned in the global one. */
  readonly vantage?: string
}

/** What two cells of one endpoint differ by; undefined when the verdict is the same. */
export function findTransition(
  endpoint: { readonly id: string; readonly reason: string },
  before: number,
  after: number,
  at: number,
): Transition | undefined {
  const from = printVerdict(cellVerdict(before))
  const to = printVerdict(cellVerdict(after))
  return from === to ? undefined : { endpoint: endpoint.id, from, to, at, reason: endpoint.reason }
}

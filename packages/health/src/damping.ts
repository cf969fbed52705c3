import type { DampingRule } from './health-rules.ts'

/** A penalty as it was at a time, from which on it decays. */
export interface Penalty {
  /** Whole points, so that all servers round alike. */
  readonly penalty: number
  /** Epoch milliseconds. */
  readonly penaltyAt: number
}

/**
 * Flap damping in the form of RFC 2439 (4.4.2, 4.5): each failure adds to a penalty that halves every `halfLifeMs`. The
 * penalty is written down only when there is a failure, so how often somebody looks makes no difference.
 *
 * It is bounded such that it has decayed to `reuse` within `maxMs` of the latest failure, whatever came before (4.2, the
 * maximum hold time).
 */
export function addFailure({ penalty, penaltyAt }: Penalty, failedAt: number, rule: DampingRule): Penalty {
  const elapsedMs = Math.max(0, failedAt - penaltyAt)
  const decayed = penalty * 2 ** (-elapsedMs / rule.halfLifeMs)
  const ceiling = rule.reuse * 2 ** (rule.maxMs / rule.halfLifeMs)
  return { penalty: Math.floor(Math.min(decayed + rule.penalty, ceiling)), penaltyAt: failedAt }
}

/** When a target with this penalty may come up again; 0 if it is not enough to suppress. */
export function suppressedUntil({ penalty, penaltyAt }: Penalty, rule: DampingRule): number {
  if (penalty < rule.suppress) return 0
  const decayMs = Math.ceil(rule.halfLifeMs * Math.log2(penalty / rule.reuse))
  return penaltyAt + Math.min(rule.maxMs, Math.max(0, decayMs))
}

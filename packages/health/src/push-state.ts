import type { ProbeResult } from './probe-result.ts'
import type { PushCheck } from './push-check.ts'

/** What a target said of itself. */
export interface Push {
  readonly status: PushStatus
  /** For people; may be empty. */
  readonly reason: string
  /** Milliseconds at which it came, by the clock of whoever took it in. */
  readonly at: number
}

export const PUSH_STATUSES = ['ok', 'warning', 'critical'] as const

export type PushStatus = (typeof PUSH_STATUSES)[number]

/**
 * How a target is by its last push: failed once that is `ttlMs` old. A target that never pushed has that long from
 * `since`, the time at which it was first awaited, and until then nothing is known. All times are of one clock.
 */
export function pushResult(
  last: Push | undefined,
  { ttlMs }: Pick<PushCheck, 'ttlMs'>,
  since: number,
  now: number,
): ProbeResult {
  const settled = { degraded: false, durationMs: 0 }
  if (now >= (last?.at ?? since) + ttlMs)
    return { ...settled, outcome: 'failure', reason: `no push within ${ttlMs / 1000} s` }
  if (last === undefined) return { ...settled, outcome: 'inconclusive', reason: 'no push yet' }
  const reason = last.reason === '' ? `pushed ${last.status}` : last.reason
  if (last.status === 'critical') return { ...settled, outcome: 'failure', reason }
  return { ...settled, outcome: 'success', reason, degraded: last.status === 'warning' }
}

import type { Check, ProbeResult } from '@windrose/health'

/** What one check does in an agent: probes under way, and those that were made or left out since the start. */
export class CheckLoad {
  /** Targets, as the agent has them now. */
  targets = 0
  readonly #name: string
  readonly #results = { success: 0, failure: 0, inconclusive: 0 }
  readonly #skipped = { stillRunning: 0, tooManyRunning: 0, maxConcurrent: 0, maxRate: 0 }
  #type: Check['type']
  #running = 0
  /** Probes that may begin now, as far as `maxRate` goes: what was not used in the last second is left. */
  #allowance = Number.POSITIVE_INFINITY
  #allowedAt = 0

  constructor({ name, type }: Check) {
    this.#name = name
    this.#type = type
  }

  /** Why the check may not begin another probe at this time, on the monotonic clock; undefined where it may. */
  refuse({ maxConcurrent, maxRate }: Check, now: number): SkipReason | undefined {
    if (maxConcurrent !== undefined && this.#running >= maxConcurrent) return 'maxConcurrent'
    if (maxRate === undefined) {
      this.#allowance = Number.POSITIVE_INFINITY
      return undefined
    }
    const gained = ((now - this.#allowedAt) / 1000) * maxRate
    this.#allowance = Math.min(this.#allowance + gained, Math.max(1, maxRate))
    this.#allowedAt = now
    return this.#allowance < 1 ? 'maxRate' : undefined
  }

  begin({ type }: Check): void {
    this.#type = type
    this.#running++
    this.#allowance--
  }

  /** Without a result where the probe was cut off. */
  end(result: ProbeResult | undefined): void {
    this.#running--
    if (result !== undefined) this.#results[result.outcome]++
  }

  skip(reason: SkipReason): void {
    this.#skipped[reason]++
  }

  get stats(): CheckStats {
    return {
      name: this.#name,
      type: this.#type,
      targets: this.targets,
      running: this.#running,
      results: { ...this.#results },
      skipped: { ...this.#skipped },
    }
  }
}

/**
 * Why a probe that was due was left out: the target's last one, or too many of the agent, were running; or the check had
 * as many under way, or as many in the last second, as it may.
 */
export type SkipReason = 'stillRunning' | 'tooManyRunning' | 'maxConcurrent' | 'maxRate'

/** What was done since the start. */
export interface ProbeCounts {
  readonly running: number
  /** Probes by how they ended. */
  readonly results: Readonly<Record<ProbeResult['outcome'], number>>
  /** Probes left out. */
  readonly skipped: Readonly<Record<SkipReason, number>>
}

export interface CheckStats extends ProbeCounts {
  readonly name: string
  readonly type: Check['type']
  readonly targets: number
}

/** Of all checks together. */
export function sumCounts(checks: readonly ProbeCounts[]): ProbeCounts {
  const sum = (value: (counts: ProbeCounts) => number): number => checks.reduce((total, one) => total + value(one), 0)
  return {
    running: sum(({ running }) => running),
    results: {
      success: sum(({ results }) => results.success),
      failure: sum(({ results }) => results.failure),
      inconclusive: sum(({ results }) => results.inconclusive),
    },
    skipped: {
      stillRunning: sum(({ skipped }) => skipped.stillRunning),
      tooManyRunning: sum(({ skipped }) => skipped.tooManyRunning),
      maxConcurrent: sum(({ skipped }) => skipped.maxConcurrent),
      maxRate: sum(({ skipped }) => skipped.maxRate),
    },
  }
}

import type { Lease } from '../lease.ts'

/**
 * Who is alive, by what arrives here: a lease must stand in the store, and be renewed within its own time by this
 * machine's clock. A lease that somebody writes again and again as it was keeps nobody alive.
 */
export class Liveness {
  readonly #beats = new Map<string, { readonly lease: Lease; readonly at: number }>()
  readonly #lag = new Map<string, { readonly sequence: number; readonly at: number }>()
  #sparedUntil = 0

  /**
   * The store has just come back: leases ran out while nobody could renew them, and agents need a moment. Nobody is
   * given up before that is over.
   */
  spare(now: number): void {
    this.#sparedUntil = now + SPARE_MS
  }

  /** The lease that counts, undefined for none, `unsure` while it is too early to say. */
  judge(agent: string, lease: Lease | { readonly problem: string } | undefined, now: number): Judged {
    if (lease === undefined || 'problem' in lease) return now < this.#sparedUntil ? 'unsure' : undefined
    const known = this.#beats.get(agent)
    const isNew = known === undefined || known.lease.incarnation !== lease.incarnation || lease.beat > known.lease.beat
    if (isNew) {
      this.#beats.set(agent, { lease, at: now })
      return lease
    }
    if (now - known.at > known.lease.ttlMs) return now < this.#sparedUntil ? 'unsure' : undefined
    // One that is older than what was seen does not take its place.
    return known.lease
  }

  /** Whether the agent's batches are missing for longer than they may be under way. */
  isLate(agent: string, sequence: number, now: number): boolean {
    const known = this.#lag.get(agent)
    if (known === undefined) {
      this.#lag.set(agent, { sequence, at: now })
      return false
    }
    return now - known.at >= LATE_MS
  }

  forget(agent: string): void {
    this.#beats.delete(agent)
    this.#lag.delete(agent)
  }

  caughtUp(agent: string): void {
    this.#lag.delete(agent)
  }
}

export type Judged = Lease | undefined | 'unsure'

const SPARE_MS = 5000
const LATE_MS = 400

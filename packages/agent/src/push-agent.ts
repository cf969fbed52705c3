import {
  applyResult,
  NOT_PROBED,
  type ProbeTarget,
  PUSH_VANTAGE,
  type Push,
  type PushCheck,
  pushResult,
  type RiseFallState,
} from '@windrose/health'
import type { AgentSide } from '@windrose/store'
import { LeaseRenewal } from './lease-renewal.ts'
import { Publisher } from './publisher.ts'
import { type Floor, Seat } from './seat.ts'

export interface PushAgentOptions {
  readonly name: string
  readonly store: AgentSide
  /** Of the program. */
  readonly version: string
  /** 0 to below 1. */
  readonly random: () => number
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Where its incarnation is kept over restarts; left out, nowhere. */
  readonly floor?: Floor | undefined
}

/** What takes pushes in and reports on the targets that push; it is no vantage. */
export interface PushAgent {
  /** Awaits pushes of these among them that push. */
  setTargets(targets: readonly ProbeTarget[]): void
  /** A target has said how it is; false where no such target is awaited. */
  push(target: string, said: Pick<Push, 'status' | 'reason'>): boolean
  stop(): Promise<void>
}

/**
 * A push counts at once and for the check's `ttl`; then the target is down until it pushes again. All on the monotonic
 * clock: setting the machine's time ends nothing.
 */
export function startPushAgent({ name, store, version, random, now, floor }: PushAgentOptions): PushAgent {
  const awaited = new Map<string, Awaited>()
  const seat = new Seat(name, PUSH_VANTAGE, store, floor)
  const onFenced = () => seat.fence()
  const publisher = new Publisher(seat, { now, random, onFenced, onEnrolled: () => void lease.renew() })
  const lease = new LeaseRenewal(seat, {
    ttlMs: LEASE_MS,
    version,
    onFenced,
    onUnknown: () => publisher.repeat(),
  })

  const judge = (entry: Awaited) => {
    const { target, check, last, since } = entry
    const at = performance.now()
    const result = pushResult(last, check, since, at)
    const before = entry.state
    entry.state = applyResult(before, result, check, now())
    clearTimeout(entry.timer)
    const endsAt = (last?.at ?? since) + check.ttlMs
    if (endsAt > at) entry.timer = setTimeout(() => judge(entry), endsAt - at)
    const { verdict, since: turnedAt, reason, degraded } = entry.state
    if (before.verdict === verdict && before.reason === reason && before.degraded === degraded) return
    publisher.report({ target, verdict, since: turnedAt, stability: 0, reason, ...(degraded ? { degraded } : {}) })
  }

  return {
    setTargets: (targets) => {
      const wanted = new Map(targets.flatMap(({ id, check }) => (check.type === 'push' ? [[id, check] as const] : [])))
      for (const [id, { timer }] of awaited) {
        if (wanted.has(id)) continue
        clearTimeout(timer)
        awaited.delete(id)
      }
      // Without any target that pushes the store need not know of this.
      if (wanted.size === 0 && seat.incarnation === undefined) return
      lease.targets = wanted.size
      publisher.retain(new Set(wanted.keys()))
      for (const [target, check] of wanted) {
        if (awaited.has(target)) continue
        const entry: Awaited = {
          target,
          check,
          since: performance.now(),
          last: undefined,
          state: NOT_PROBED,
          timer: undefined,
        }
        awaited.set(target, entry)
        judge(entry)
      }
    },
    push: (target, { status, reason }) => {
      const entry = awaited.get(target)
      if (entry === undefined || seat.isFenced) return false
      entry.last = { status, reason, at: performance.now() }
      judge(entry)
      return true
    },
    stop: async () => {
      for (const { timer } of awaited.values()) clearTimeout(timer)
      await publisher.stop()
      await lease.stop()
    },
  }
}

interface Awaited {
  readonly target: string
  readonly check: PushCheck
  /** Since when it is awaited, on the monotonic clock. */
  readonly since: number
  last: Push | undefined
  state: RiseFallState
  timer: NodeJS.Timeout | undefined
}

const LEASE_MS = 5000

import type { Choice } from './choice.ts'
import { cellAt, cellStability, type HealthTable } from './health-table.ts'
import type { PoolState } from './pool-state.ts'
import type { Endpoint, Service } from './service.ts'
import type { Tier } from './tier.ts'

/** How long a decision is good for, and which endpoint limits it. */
export interface Lifetime {
  /** Seconds, an integer within the service's bounds. */
  readonly ttl: number
  /** Seconds in which checks could first make it another decision; Infinity when they never can. */
  readonly stability: number
  /** The endpoint that could change first; undefined when none can. */
  readonly first: Endpoint | undefined
  /** Epoch milliseconds at which time alone would make it another decision; Infinity if it would not. */
  readonly validUntil: number
}

/**
 * TTL: the time to the next change that could make it another decision, within the service's bounds (the idea is gdnsd's: a
 * verdict bounds how long anyone may cache what was made of it).
 *
 * So, where the bounds leave it alone, no change of verdicts within the TTL makes another decision, and before `validUntil`
 * no end of an override does. `pools` are those that were consulted.
 */
export function limitLifetime(
  service: Service,
  pools: readonly ConsultedPool[],
  view: number,
  health: HealthTable,
): Lifetime {
  let stability = Number.POSITIVE_INFINITY
  let first: Endpoint | undefined
  let validUntil = Number.POSITIVE_INFINITY
  let nestedTtl = Number.POSITIVE_INFINITY
  for (const { state, byChecks } of pools) {
    if (state.nested !== undefined) {
      const { decision } = state.nested
      validUntil = Math.min(validUntil, decision.validUntil)
      nestedTtl = Math.min(nestedTtl, decision.ttl)
      continue
    }
    for (const endpoint of [...state.candidates, ...state.witnesses]) {
      validUntil = Math.min(validUntil, health.changesAt[endpoint.index] ?? Number.POSITIVE_INFINITY)
    }
    for (const endpoint of byChecks) {
      const seconds = cellStability(cellAt(health, view, endpoint.index))
      if (seconds >= stability) continue
      stability = seconds
      first = endpoint
    }
  }
  const ttl = Math.floor(Math.max(service.ttl.min, Math.min(service.ttl.max, stability, nestedTtl)))
  return { ttl, stability, first, validUntil }
}

/** A pool that could have made it another decision, and those of its endpoints whose verdict could have. */
export interface ConsultedPool {
  readonly state: PoolState
  readonly byChecks: readonly Endpoint[]
}

/**
 * The pools of the tiers up to the one that serves, if that has an ok pool; on any worse ground, and where it is held, all
 * pools, since an ok pool anywhere would have been better.
 *
 * `lastTier` is one behind it that was asked as well: for a trickle, or to fill an answer up. Drained endpoints count only
 * where nothing is up or unknown, and those on standby where nothing else is up: before that their verdict is not asked for.
 * A forced-down one counts too: its cell has a limit only when the override ends, and then the answer changes.
 */
export function listConsulted(choice: Choice, tiers: readonly Tier[], lastTier: number): readonly ConsultedPool[] {
  const hasOk = choice.ground === 'up' && tiers[choice.tier]!.some(({ condition }) => condition === 'ok')
  const reached = hasOk ? tiers.slice(0, Math.max(choice.tier, lastTier) + 1) : tiers
  const asksStandby = choice.ground !== 'up' && choice.ground !== 'panic'
  const asksDrained = choice.ground === 'drained' || choice.ground === 'all-down'
  return reached.flat().map((state) => {
    const { up, unknown, down } = state.drained
    const drained = asksDrained ? [...up, ...unknown, ...down] : []
    const standby = asksStandby ? [...state.standby.up, ...state.standby.unknown, ...state.standby.down] : []
    return { state, byChecks: [...state.considered, ...state.witnesses, ...state.forcedDown, ...standby, ...drained] }
  })
}

import type { Ground } from './decision.ts'
import { isBelowShare, type PoolState, sumWeights } from './pool-state.ts'
import type { Endpoint } from './service.ts'
import type { Tier } from './tier.ts'

/** The endpoints that serve, from which tier, and why it is these. */
export interface Choice {
  readonly ground: Ground
  /** Index of the tier; -1 when no tier has an endpoint that may be served. */
  readonly tier: number
  /** In the order of the file; drained and dead ones are among them only on the grounds that say so. */
  readonly endpoints: readonly Endpoint[]
}

/**
 * Finds what serves: the grounds from best to worst, each tried over all tiers before the next.
 *
 *   1 up         the first tier with an ok pool: the up endpoints of its ok pools
 *   2 panic      the first tier with a pool that has something up: all its considered endpoints, health ignored
 *   3 unknown    the first tier with an endpoint that has no verdict: these (or all, by the rule of panic)
 *   4 drained    the first tier with a drained endpoint that is not down: these, up before unknown
 *   5 all-down   the first tier with a dead endpoint: all of them; drained dead ones only if there are no others at all
 *   6 none       every candidate is forced down, or there is none
 *
 * A better ground in a later tier beats a worse one in an earlier tier: a far site that works is better than a near one that
 * does not.
 */
export function chooseEndpoints(tiers: readonly Tier[], panic: number): Choice {
  for (const level of LEVELS) {
    for (const [index, tier] of tiers.entries()) {
      const endpoints = level.serve(tier, panic)
      if (endpoints.length > 0) return { ground: level.ground, tier: index, endpoints }
    }
  }
  return { ground: 'none', tier: -1, endpoints: [] }
}

/** What a tier serves on one ground; nothing when the ground does not hold there. */
interface Level {
  readonly ground: Ground
  readonly serve: (tier: Tier, panic: number) => readonly Endpoint[]
}

const LEVELS: readonly Level[] = [
  { ground: 'up', serve: serveUp },
  { ground: 'panic', serve: servePanic },
  { ground: 'unknown', serve: serveUnknown },
  { ground: 'drained', serve: serveDrained },
  { ground: 'all-down', serve: serveDead },
  { ground: 'all-down', serve: serveDrainedDead },
]

/** Pools in panic are left out while the tier has a pool that is not. */
function serveUp(tier: Tier): readonly Endpoint[] {
  return tier.filter((state) => state.condition === 'ok').flatMap((state) => state.inService.up)
}

/** Envoy's panic threshold, which is also gdnsd's up_thresh: what is left up would be crushed by the load of all. */
function servePanic(tier: Tier): readonly Endpoint[] {
  return tier.filter((state) => state.condition === 'panic').flatMap((state) => state.considered)
}

/**
 * Nothing is up in any tier when this is asked. An unknown endpoint counts here as an up one did before: where too small a
 * share is unknown and the rest down, the pool's health is ignored.
 */
function serveUnknown(tier: Tier, panic: number): readonly Endpoint[] {
  const pools = tier.filter((state) => state.condition === 'unknown')
  const enough = pools.filter((state) => !isUnknownBelowShare(state, panic))
  if (enough.length > 0) return enough.flatMap((state) => state.inService.unknown)
  return pools.flatMap((state) => state.considered)
}

function isUnknownBelowShare(state: PoolState, panic: number): boolean {
  const unknownWeight = sumWeights(state.inService.unknown)
  return isBelowShare(unknownWeight, unknownWeight + sumWeights(state.inService.down), panic)
}

function serveDrained(tier: Tier): readonly Endpoint[] {
  const up = tier.flatMap((state) => state.drained.up)
  return up.length > 0 ? up : tier.flatMap((state) => state.drained.unknown)
}

function serveDead(tier: Tier): readonly Endpoint[] {
  return tier.flatMap((state) => state.considered)
}

function serveDrainedDead(tier: Tier): readonly Endpoint[] {
  return tier.flatMap((state) => state.drained.down)
}

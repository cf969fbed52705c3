import type { Ground } from './decision.ts'
import { isBelowShare, type NestedDecision, type PoolState, sumWeights } from './pool-state.ts'
import type { Endpoint } from './service.ts'
import type { Tier } from './tier.ts'

/** What serves, from which tier, and why it is this. */
export interface Choice extends Members {
  readonly ground: Ground
  /** Index of the tier; -1 when no tier has an endpoint that may be served. */
  readonly tier: number
  /** How far down the list of grounds it was found; -1 for none. */
  readonly level: number
}

/** What a tier serves on some ground. */
export interface Members {
  /** In the order of the file; drained and dead ones are among them only on the grounds that say so. */
  readonly endpoints: readonly Endpoint[]
  readonly nested: readonly NestedDecision[]
}

/**
 * Finds what serves: the grounds from best to worst, each tried over all tiers before the next.
 *
 *   1 up         the first tier with an ok pool: the up endpoints of its ok pools; after all of them, the held pools
 *   2 panic      the first tier with a pool that has something up: all its considered endpoints, health ignored
 *   3 standby    the first tier with an endpoint on standby that is up: these
 *   4 unknown    the first tier with an endpoint that has no verdict: these (or all, by the rule of panic); then standby
 *   5 drained    the first tier with a drained endpoint that is not down: these, up before unknown
 *   6 all-down   the first tier with a dead endpoint: all of them; those on standby and drained ones only if there are no
 *                others at all
 *   7 none       every candidate is forced down, or there is none
 *
 * A better ground in a later tier beats a worse one in an earlier tier: a far site that works is better than a near one that
 * does not. A nested service serves on the ground that it decides on itself.
 */
export function chooseEndpoints(tiers: readonly Tier[], panic: number): Choice {
  for (const [number, level] of LEVELS.entries()) {
    for (const [index, tier] of tiers.entries()) {
      const serving = serveLevel(level, tier, panic)
      if (serving !== undefined) return { ground: level.ground, tier: index, level: number, ...serving }
    }
  }
  return { ground: 'none', tier: -1, level: -1, endpoints: [], nested: [] }
}

/** What another tier would serve if the choice had fallen on it, on the same ground; nothing where that does not hold there. */
export function serveAlike({ level }: Choice, tier: Tier, panic: number): Members {
  const found = LEVELS[level]
  return (found && serveLevel(found, tier, panic)) ?? { endpoints: [], nested: [] }
}

/** What a tier serves on the best ground there is, or nothing where it does not have it. */
export function serveUp(tier: Tier): Members | undefined {
  return serveLevel(UP, tier, 0)
}

/** What a tier serves on one ground; nothing when the ground does not hold there. */
interface Level {
  readonly ground: Ground
  readonly serve: (tier: Tier, panic: number) => readonly Endpoint[]
  /** Pools that stand for this ground although they have no endpoint of the family to serve. */
  readonly stands?: (state: PoolState) => boolean
}

/** Undefined where the ground does not hold; no members where it holds but for the family. */
function serveLevel(level: Level, tier: Tier, panic: number): Members | undefined {
  const endpoints = level.serve(tier, panic)
  const nested = tier.flatMap((state) => (state.nested?.decision.ground === level.ground ? state.nested : []))
  const serves = endpoints.length > 0 || nested.length > 0 || tier.some((state) => level.stands?.(state) === true)
  return serves ? { endpoints, nested: nested.filter(({ decision }) => decision.variants.length > 0) } : undefined
}

const UP: Level = {
  ground: 'up',
  // Pools in panic are left out while the tier has a pool that is not.
  serve: (tier) => tier.filter((state) => state.condition === 'ok').flatMap((state) => state.inService.up),
  stands: (state) => state.condition === 'ok' && state.candidates.length === 0 && state.nested === undefined,
}

const LEVELS: readonly Level[] = [
  UP,
  {
    ground: 'up',
    serve: (tier) => tier.filter((state) => state.condition === 'held').flatMap((state) => state.inService.up),
    stands: (state) => state.condition === 'held' && state.candidates.length === 0,
  },
  { ground: 'panic', serve: servePanic },
  { ground: 'standby', serve: (tier) => tier.flatMap((state) => state.standby.up) },
  { ground: 'unknown', serve: serveUnknown },
  { ground: 'unknown', serve: (tier) => tier.flatMap((state) => state.standby.unknown) },
  { ground: 'drained', serve: serveDrained },
  { ground: 'all-down', serve: (tier) => tier.flatMap((state) => state.considered) },
  { ground: 'all-down', serve: (tier) => tier.flatMap((state) => state.standby.down) },
  { ground: 'all-down', serve: (tier) => tier.flatMap((state) => state.drained.down) },
]

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

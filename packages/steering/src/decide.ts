import { type Choice, chooseEndpoints, serveUp } from './choice.ts'
import type { ClientClass } from './client-class.ts'
import { type Decision, FULL_KEYS } from './decision.ts'
import type { Spread } from './fill-buckets.ts'
import { fillUp } from './fill-up.ts'
import type { HealthTable } from './health-table.ts'
import { listLeftOut } from './left-out.ts'
import { mixByClient, mixByDraw } from './mix.ts'
import { findTakers, type PlacedLoad, placeBuckets, type Taker } from './placed-load.ts'
import { type PoolState, readPools } from './pool-state.ts'
import { findRamping, NOT_RAMPING } from './ramping.ts'
import type { Family, Service } from './service.ts'
import { isMoved, type SpreadRule, spreadMembers } from './spread-members.ts'
import { orderByTieBreak } from './tie-break.ts'
import type { Tier } from './tier.ts'
import { splitTiers, type Tiers } from './tiers.ts'
import { type UntracedDecision, writeTrace } from './trace.ts'
import { limitLifetime, listConsulted } from './ttl.ts'

/**
 * Decides what a service answers to a class of clients: which addresses with which shares, for how long, for whom, and why.
 *
 * This is the one place where it is decided. It is pure: the same service, family, class and table give the same decision on
 * every server, at any time, whatever the order of the endpoints in the file. A draw is not made here; the decision holds the
 * shares, and who answers a query picks a variant with a number of its own.
 *
 *   candidates, eligible, panic ... readPools         the pools of this family, each with its condition in the client's view;
 *                                                     a pool that is a service is decided first, by this same function
 *   tier .......................... splitTiers        the policy's steps put the pools into tiers, most preferred first
 *   tier .......................... chooseEndpoints   the best ground that some tier has: up, panic, standby, unknown, ...
 *   spill ......................... spreadLoad        the share that another tier takes
 *   order, answers ................ spreadMembers     the draw that ends every policy, or each client's own answer
 *   answers ....................... fillUp            too few: the next tiers add theirs
 *   ttl ........................... limitLifetime
 *
 * The answer is never empty unless the service has no endpoint of the family, or an operator asked for it: by forcing every
 * candidate down, or by an `onAllDown` other than `serve_all`, or by `missingFamily`.
 */
export function decide(
  service: Service,
  family: Family,
  client: ClientClass,
  health: HealthTable,
  placed?: PlacedLoad,
): Decision {
  const decideNested = (nested: Service): Decision => decide(nested, family, client, health)
  const pools = readPools(service, family, client.view, health, decideNested)
  const plan = splitTiers(service.steps, pools, { client, health })
  const { tiers } = plan
  const choice = chooseEndpoints(tiers, service.panic)
  const refuses = choice.ground === 'all-down' && service.onAllDown !== 'serve_all'
  const order = orderByTieBreak(service.name, refuses ? [] : choice.endpoints)
  const ramping = choice.ground === 'up' ? findRamping(order, client.view, health) : NOT_RAMPING
  const takers = refuses ? [] : findTakers(tiers, choice, placed)
  const byClient = plan.draw === 'consistent' || choice.nested.some(({ decision }) => decision.buckets !== undefined)
  const rule: SpreadRule = { service, draw: plan.draw, byClient, ramping }
  const backup = refuses ? -1 : findBackup(plan, choice)
  const load: Load = { choice, tiers, backup, trickle: plan.trickle, takers }
  const spread = refuses ? NOTHING : spreadLoad(rule, load)
  const filled = fillUp(service, spread.variants, { tiers, choice, isRefused: refuses })
  const asksAll = plan.readsVerdicts || (plan.trickle > 0 && backup < 0)
  const lastTier = asksAll ? tiers.length - 1 : Math.max(backup, filled.lastTier, ...takers.map(({ tier }) => tier))
  const consulted = listConsulted(choice, tiers, lastTier)
  const lifetime = limitLifetime(service, consulted, client.view, health)
  const outcome: UntracedDecision = {
    variants: filled.variants,
    empty: refuses && service.onAllDown === 'servfail' ? 'servfail' : 'nodata',
    pick: byClient || takers.length > 0 ? 'client' : 'random',
    buckets: spread.buckets,
    keyLengths: byClient || placed === undefined || takers.length === 0 ? FULL_KEYS : placed.keyLengths,
    ground: choice.ground,
    ttl: lifetime.ttl,
    dependsOnClient:
      plan.dependsOnClient ||
      hasViews(service, health) ||
      pools.some(isNestedForClient) ||
      isPlaced(service, pools, placed),
    validUntil: lifetime.validUntil,
  }
  const question = { service, family, client, health }
  const findings = { pools, plan, choice, order, ramping, backup, takers, filled, lifetime, outcome }
  return {
    ...outcome,
    trace: writeTrace(question, findings),
    leftOut: listLeftOut(question, findings, decideNested),
  }
}

const NOTHING: Spread = { variants: [], buckets: undefined }

/** The tier that takes the trickle: the next one that is up. -1 for none. */
function findBackup({ tiers, trickle }: Tiers, { ground, tier }: Choice): number {
  if (trickle === 0 || ground !== 'up') return -1
  return tiers.findIndex((other, index) => index > tier && hasMembers(other))
}

function hasMembers(tier: Tier): boolean {
  const members = serveUp(tier)
  return members !== undefined && (members.endpoints.length > 0 || members.nested.length > 0)
}

interface Load {
  readonly choice: Choice
  readonly tiers: readonly Tier[]
  readonly backup: number
  readonly trickle: number
  readonly takers: readonly Taker[]
}

/** The answers of the tier that serves, of which others may take a share: those that have room, or one that is kept in use. */
function spreadLoad(rule: SpreadRule, { choice, tiers, backup, trickle, takers }: Load): Spread {
  const main = spreadMembers(rule, choice, tiers[choice.tier] ?? [])
  if (takers.length > 0) {
    const others = takers.map(({ state, share, members }) => ({ share, spread: spreadMembers(rule, members, [state]) }))
    const partOf = placeBuckets(rule.service.name, takers)
    return mixByClient([{ share: 1, spread: main }, ...others], (bucket) => partOf[bucket]!)
  }
  const members = backup < 0 ? undefined : serveUp(tiers[backup]!)
  if (members === undefined || main.variants.length === 0) return main
  const parts = [
    { share: 1 - trickle, spread: main },
    { share: trickle, spread: spreadMembers(rule, members, tiers[backup]!) },
  ]
  return rule.byClient ? mixByClient(parts, (bucket) => (isMoved(bucket, trickle) ? 1 : 0)) : mixByDraw(parts)
}

/** Where the table has views, a client's vantage decides too; without a client map every client has the global view. */
function hasViews(service: Service, health: HealthTable): boolean {
  return service.clientMap >= 0 && health.cells.length > health.endpoints
}

/** Load is placed class by class, also where the policy has the same order for all of them. */
function isPlaced({ clientMap }: Service, pools: readonly PoolState[], placed: PlacedLoad | undefined): boolean {
  return placed !== undefined && clientMap >= 0 && pools.length > 1
}

function isNestedForClient({ nested }: PoolState): boolean {
  return nested?.decision.dependsOnClient === true
}

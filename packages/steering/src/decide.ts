import { chooseEndpoints } from './choice.ts'
import type { ClientClass } from './client-class.ts'
import type { Decision } from './decision.ts'
import { fillBuckets, type Spread } from './fill-buckets.ts'
import type { HealthTable } from './health-table.ts'
import { readPools } from './pool-state.ts'
import { findRamping, NOT_RAMPING, type Ramping, weighForContest, weighForDraw, withOwnWeights } from './ramping.ts'
import type { Endpoint, Family, Service } from './service.ts'
import { orderByTieBreak } from './tie-break.ts'
import type { Tier } from './tier.ts'
import { splitTiers } from './tiers.ts'
import { writeTrace } from './trace.ts'
import { limitLifetime, listConsulted } from './ttl.ts'
import { buildVariants } from './variants.ts'

/**
 * Decides what a service answers to a class of clients: which addresses with which shares, for how long, for whom, and why.
 *
 * This is the one place where it is decided. It is pure: the same service, family, class and table give the same decision on
 * every server, at any time, whatever the order of the endpoints in the file. A draw is not made here; the decision holds the
 * shares, and who answers a query picks a variant with a number of its own.
 *
 *   candidates, eligible, panic ... readPools         the pools of this family, each with its condition in the client's view
 *   tier .......................... splitTiers        the policy's steps put the pools into tiers, most preferred first
 *   tier .......................... chooseEndpoints   the best ground that some tier has: up, panic, unknown, drained, dead
 *   order ......................... orderByTieBreak, and who comes back with a part of its weight: findRamping
 *   answers ....................... buildVariants     the draw by weight that ends every policy, or
 *                                   fillBuckets       each client's own answer, where the policy ends with `consistent`
 *   ttl ........................... limitLifetime
 *
 * The answer is never empty unless the service has no endpoint of the family, or an operator asked for it: by forcing every
 * candidate down, or by an `onAllDown` other than `serve_all`.
 */
export function decide(service: Service, family: Family, client: ClientClass, health: HealthTable): Decision {
  const pools = readPools(service, family, client.view, health)
  const { tiers, dependsOnClient } = splitTiers(service.steps, pools, client)
  const choice = chooseEndpoints(tiers, service.panic)
  const refuses = choice.ground === 'all-down' && service.onAllDown !== 'serve_all'
  const order = orderByTieBreak(service.name, refuses ? [] : choice.endpoints)
  const pick = service.steps.some((step) => step.kind === 'consistent') ? 'client' : 'random'
  const ramping = choice.ground === 'up' ? findRamping(order, client.view, health) : NOT_RAMPING
  const { variants, buckets } = spreadAnswers(service, pick, { order, ramping, tier: tiers[choice.tier] ?? [] })
  const lifetime = limitLifetime(service, listConsulted(choice, tiers), client.view, health)
  const outcome: Omit<Decision, 'trace'> = {
    variants,
    empty: refuses && service.onAllDown === 'servfail' ? 'servfail' : 'nodata',
    pick,
    buckets,
    ground: choice.ground,
    ttl: lifetime.ttl,
    dependsOnClient: dependsOnClient || hasViews(service, health),
    validUntil: lifetime.validUntil,
  }
  const trace = writeTrace(
    { service, family, client, health },
    { pools, tiers, choice, order, ramping, lifetime, outcome },
  )
  return { ...outcome, trace }
}

interface Served {
  readonly order: readonly Endpoint[]
  readonly ramping: Ramping
  readonly tier: Tier
}

function spreadAnswers(service: Service, pick: Decision['pick'], { order, ramping, tier }: Served): Spread {
  if (pick === 'random') {
    const variants = buildVariants(weighForDraw(order, ramping), service.answers)
    return { variants: withOwnWeights(variants, order, ramping), buckets: undefined }
  }
  const candidates = tier.flatMap((state) => state.candidates)
  const spread = fillBuckets(service.name, weighForContest(order, ramping), service.answers, candidates)
  return { ...spread, variants: withOwnWeights(spread.variants, order, ramping) }
}

/** Where the table has views, a client's vantage decides too; without a client map every client has the global view. */
function hasViews(service: Service, health: HealthTable): boolean {
  return service.clientMap >= 0 && health.cells.length > health.endpoints
}

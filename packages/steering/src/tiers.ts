import type { ClientClass } from './client-class.ts'
import { consistent } from './policies/consistent.ts'
import { failover } from './policies/failover.ts'
import { nearest } from './policies/nearest.ts'
import { weighted } from './policies/weighted.ts'
import type { PoolState } from './pool-state.ts'
import type { Step } from './service.ts'
import type { StepRule, Tier } from './tier.ts'

/** All pools in order of preference, and whether another client could have another order. */
export interface Tiers {
  readonly tiers: readonly Tier[]
  readonly dependsOnClient: boolean
}

/**
 * Runs the steps of a policy over the pools, which start together in one tier.
 *
 * The order depends on the client only if a step that reads the client had something to choose: `nearest` over one pool
 * gives everybody the same, and the answer may then be cached for everybody (ECS scope 0).
 */
export function splitTiers(steps: readonly Step[], pools: readonly PoolState[], client: ClientClass): Tiers {
  let tiers: readonly Tier[] = pools.length === 0 ? [] : [pools]
  let dependsOnClient = false
  for (const step of steps) {
    const rule: StepRule<Step> = RULES[step.kind]
    dependsOnClient ||= rule.readsClient && tiers.some((tier) => tier.length > 1)
    tiers = tiers.flatMap((tier) => rule.split(tier, step, client))
  }
  return { tiers, dependsOnClient }
}

/** Every kind of step. A new policy is a file beside these and a line here. */
const RULES: { readonly [K in Step['kind']]: StepRule<Extract<Step, { kind: K }>> } = {
  failover,
  nearest,
  weighted,
  consistent,
}

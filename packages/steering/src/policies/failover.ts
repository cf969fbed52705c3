import type { Step } from '../service.ts'
import type { StepRule, Tier } from '../tier.ts'

/**
 * Ordered failover: the first group that can serve, serves.
 *
 *   primary   secondary   serves      (two pools; the truth table of gdnsd's plugin simplefo)
 *   ok        any         primary
 *   failed    ok          secondary
 *   down      down        primary     never an empty answer
 *
 * A pool that no group lists is a tier of its own behind the listed ones, so a pool that was added to the service and
 * forgotten here is a last resort and not lost.
 */
export const failover: StepRule<Extract<Step, { kind: 'failover' }>> = {
  readsClient: false,
  split(tier, step) {
    const listed = step.tiers.map((group) => tier.filter((state) => group.includes(state.position)))
    const rest: readonly Tier[] = tier
      .filter((state) => !step.tiers.some((group) => group.includes(state.position)))
      .map((state) => [state])
    return [...listed, ...rest].filter((group) => group.length > 0)
  },
}

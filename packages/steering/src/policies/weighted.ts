import type { Step } from '../service.ts'
import type { StepRule } from '../tier.ts'

/**
 * Weighted: prefers no pool, so it leaves the tiers as they are.
 *
 * The draw by weight is how every policy ends, whether this step is written or not: among the endpoints of the tier that
 * serves, each is answered in proportion to its weight. Written alone, all pools of the service share one draw.
 */
export const weighted: StepRule<Extract<Step, { kind: 'weighted' }>> = {
  readsClient: false,
  split: (tier) => [tier],
}

import type { Step } from '../service.ts'
import type { StepRule } from '../tier.ts'

/**
 * Consistent: prefers no pool, as `weighted` does, and gives each client the same answer as long as it is there.
 *
 * Which answer a client gets does not depend on the client's class but on its bucket (see `fillBuckets`), so this step
 * reads no class: for clients of one class the decision is one, and its table tells them apart.
 */
export const consistent: StepRule<Extract<Step, { kind: 'consistent' }>> = {
  readsClient: false,
  split: (tier) => [tier],
}

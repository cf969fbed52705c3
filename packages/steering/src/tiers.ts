import { failover } from './policies/failover.ts'
import { areaOf, geo } from './policies/geo.ts'
import { latency } from './policies/latency.ts'
import { nearest } from './policies/nearest.ts'
import type { PoolState } from './pool-state.ts'
import type { DrawKind, GeoArea, Step } from './service.ts'
import type { Circumstances, StepRule, Tier } from './tier.ts'

/** All pools in order of preference, how answers are drawn, and whether another client could have another order. */
export interface Tiers {
  readonly tiers: readonly Tier[]
  readonly dependsOnClient: boolean
  /** The steps that were run: an area may have its own. */
  readonly steps: readonly Step[]
  readonly draw: DrawKind
  /** The share of answers that come from the next tier. */
  readonly trickle: number
  /** Whether a verdict can move its pool to another tier, so that every pool was consulted. */
  readonly readsVerdicts: boolean
  /** The areas that the client is in, by the order of the geo steps. */
  readonly areas: readonly GeoArea[]
}

/**
 * Runs the steps of a policy over the pools, which start together in one tier.
 *
 * The order depends on the client only if a step that reads the client had something to choose: `nearest` over one pool
 * gives everybody the same, and the answer may then be cached for everybody (ECS scope 0). An area with steps of its own, or
 * with a fence, is something to choose in itself.
 */
export function splitTiers(policy: readonly Step[], pools: readonly PoolState[], circumstances: Circumstances): Tiers {
  let tiers: readonly Tier[] = pools.length === 0 ? [] : [pools]
  let dependsOnClient = false
  let draw: DrawKind = 'weighted'
  let trickle = 0
  const steps: Step[] = []
  const areas: GeoArea[] = []
  const queue = [...policy]
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    steps.push(step)
    if (isDraw(step)) {
      draw = step.kind
      continue
    }
    const rule: StepRule<Exclude<Step, { kind: DrawKind }>> = RULES[step.kind]
    const { kind } = step
    dependsOnClient ||= rule.readsClient && tiers.some((tier) => tier.length > 1)
    const found = step
    tiers = tiers.flatMap((tier) => rule.split(tier, found, circumstances))
    if (kind === 'failover') trickle = Math.max(trickle, step.trickle)
    if (step.kind !== 'geo') continue
    const area = areaOf(step, circumstances.client)
    areas.push(area)
    dependsOnClient ||= step.areas.some((other) => other.fence || other.steps !== undefined)
    if (area.steps !== undefined) queue.splice(0, queue.length, ...area.steps)
  }
  const readsVerdicts = steps.some(({ kind }) => kind === 'latency')
  return { tiers, dependsOnClient, steps, draw, trickle, readsVerdicts, areas }
}

function isDraw(step: Step): step is Extract<Step, { kind: DrawKind }> {
  return !(step.kind in RULES)
}

type SplitKind = Exclude<Step['kind'], DrawKind>

/** Every kind of step that splits tiers. A new one is a file beside these and a line here. */
const RULES: { readonly [K in SplitKind]: StepRule<Extract<Step, { kind: K }>> } = {
  geo,
  failover,
  latency,
  nearest,
}

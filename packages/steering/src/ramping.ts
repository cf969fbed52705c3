import type { Variant } from './decision.ts'
import { cellAt, cellRamp, type HealthTable } from './health-table.ts'
import { FULL_RAMP, rampPercent } from './ramp.ts'
import type { Endpoint } from './service.ts'

/** Who has less than its whole weight because it came back lately: percent of the weight, by endpoint index. */
export type Ramping = ReadonlyMap<number, number>

export const NOT_RAMPING: Ramping = new Map()

/**
 * Asked only where up endpoints serve: in panic health is ignored, and an endpoint that came back must not have less than
 * one that is dead. Whether a pool has enough up is judged by whole weights, so a ramp makes no pool fail.
 */
export function findRamping(endpoints: readonly Endpoint[], view: number, health: HealthTable): Ramping {
  const ramping = new Map<number, number>()
  for (const { index } of endpoints) {
    const step = cellRamp(cellAt(health, view, index))
    if (step !== FULL_RAMP) ramping.set(index, rampPercent(step))
  }
  return ramping.size === 0 ? NOT_RAMPING : ramping
}

/** The weights of a draw are whole numbers and only their proportions count: hundredths, where somebody is ramping. */
export function weighForDraw(endpoints: readonly Endpoint[], ramping: Ramping): readonly Endpoint[] {
  return reweigh(endpoints, ramping, ({ index, weight }) => weight * (ramping.get(index) ?? 100))
}

/** In a contest each weight stands for itself: those that are not ramping keep theirs, and so keep their clients. */
export function weighForContest(endpoints: readonly Endpoint[], ramping: Ramping): readonly Endpoint[] {
  return reweigh(endpoints, ramping, ({ index, weight }) => (weight * (ramping.get(index) ?? 100)) / 100)
}

/** The same answers of the endpoints as they are configured. */
export function withOwnWeights(variants: readonly Variant[], own: readonly Endpoint[]): readonly Variant[] {
  const byIndex = new Map(own.map((endpoint) => [endpoint.index, endpoint]))
  return variants.map(({ endpoints, share }) => ({
    endpoints: endpoints.map((endpoint) => byIndex.get(endpoint.index) ?? endpoint),
    share,
  }))
}

function reweigh(
  endpoints: readonly Endpoint[],
  ramping: Ramping,
  weigh: (endpoint: Endpoint) => number,
): readonly Endpoint[] {
  return ramping.size === 0 ? endpoints : endpoints.map((endpoint) => ({ ...endpoint, weight: weigh(endpoint) }))
}

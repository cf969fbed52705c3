import { type HealthTable, roundTripAt } from '../health-table.ts'
import type { PoolState } from '../pool-state.ts'
import type { LatencyTolerance, Step } from '../service.ts'
import type { StepRule } from '../tier.ts'
import { bySites } from './nearest.ts'

/**
 * Latency: pools by the round trip that agents at the client's vantage measure to them (connect times of checks).
 *
 * The best pool and those within the tolerance of it are one tier, in which weights decide; of the others again the best
 * and those within the tolerance of it, and so on. A band and not an order, so that noise moves nobody (NetScaler's
 * tolerance, NS1's `performance stabilize`). That a round trip moves only after it has been another one for a while is
 * settled where it is measured: this step has no memory.
 *
 * A pool is as near as the nearest of its up endpoints. Pools that too little is known of come last, by distance; where
 * nothing is known of any, this is `nearest`.
 */
export const latency: StepRule<Extract<Step, { kind: 'latency' }>> = {
  readsClient: true,
  split(tier, { tolerance }, { client, health }) {
    if (client.rule >= 0) return bySites(tier, client.sites)
    const measured = tier
      .map((state) => ({ state, microseconds: roundTripOf(state, client.view, health) }))
      .filter(({ microseconds }) => microseconds > 0)
      .sort((a, b) => a.microseconds - b.microseconds)
    const known = new Set(measured.map(({ state }) => state))
    const bands: PoolState[][] = []
    let limit = 0
    for (const { state, microseconds } of measured) {
      if (microseconds > limit) {
        bands.push([])
        limit = limitOf(microseconds, tolerance)
      }
      bands.at(-1)!.push(state)
    }
    const inFileOrder = bands.map((band) => band.sort((a, b) => a.position - b.position))
    const unknown = tier.filter((state) => !known.has(state))
    return [...inFileOrder, ...bySites(unknown, client.sites)]
  },
}

/** The slowest round trip that counts as good as this one, in microseconds. */
function limitOf(microseconds: number, { milliseconds, percent }: LatencyTolerance): number {
  return microseconds + Math.max(milliseconds * 1000, (microseconds * percent) / 100)
}

function roundTripOf(state: PoolState, view: number, health: HealthTable): number {
  let least = 0
  for (const { index } of state.inService.up) {
    const microseconds = roundTripAt(health, view, index)
    if (microseconds > 0 && (least === 0 || microseconds < least)) least = microseconds
  }
  return least
}

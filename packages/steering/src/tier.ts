import type { ClientClass } from './client-class.ts'
import type { HealthTable } from './health-table.ts'
import type { PoolState } from './pool-state.ts'

/** Pools that are equally preferred, in the order of the file. A policy makes a list of tiers, most preferred first. */
export type Tier = readonly PoolState[]

/** What a step may know besides the pools. */
export interface Circumstances {
  readonly client: ClientClass
  readonly health: HealthTable
}

/** What one kind of step does: it splits a tier into tiers, most preferred first. It loses no pool but behind a fence. */
export interface StepRule<S> {
  split(tier: Tier, step: S, circumstances: Circumstances): readonly Tier[]
  /** Whether the order of the new tiers depends on the client. */
  readonly readsClient: boolean
}

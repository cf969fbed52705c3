import type { ClientClass } from './client-class.ts'
import type { PoolState } from './pool-state.ts'

/** Pools that are equally preferred, in the order of the file. A policy makes a list of tiers, most preferred first. */
export type Tier = readonly PoolState[]

/** What one kind of step does: it splits a tier into tiers, most preferred first, and loses no pool. */
export interface StepRule<S> {
  split(tier: Tier, step: S, client: ClientClass): readonly Tier[]
  /** Whether the order of the new tiers depends on the client. */
  readonly readsClient: boolean
}

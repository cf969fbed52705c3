import type { Override } from '@windrose/health'
import type { CheckSet } from './check-set.ts'
import type { Lease } from './lease.ts'
import type { LoadBook } from './load-book.ts'
import type { OverrideAction } from './override-action.ts'
import type { BatchOutcome, ReportBatch } from './report-batch.ts'
import type { ReportBook } from './report-book.ts'
import type { ServerLoad } from './server-load.ts'
import type { LastSigned } from './signed-memory.ts'

/**
 * Where agents and servers meet: reports on their way to verdicts, what is to be probed, the state that verdicts follow
 * from, and the operators' overrides.
 *
 * A store judges nothing: verdicts are made by whoever reads. Every promise rejects when the store cannot be reached or
 * is closed; then the caller may try again, and doing a thing twice is harmless.
 */
export interface Store extends AgentSide, ServerSide {
  readonly kind: 'memory' | 'redis'
  close(): Promise<void>
}

/** What agents ask of a store. */
export interface AgentSide {
  /**
   * A number for an agent that starts, larger than `floor` and any it was given before. Whoever held an earlier one is
   * fenced from now on.
   */
  enroll(agent: string, floor: number): Promise<number>
  /** Renews the lease for as long as it says. */
  renew(lease: Lease): Promise<BatchOutcome>
  /** Adds to what the agent said: the reports and droppings of one moment. */
  publish(batch: ReportBatch): Promise<BatchOutcome>
  /**
   * Says everything anew: what is not in the batch has no report any more. To be called after an enrolment, and now and
   * then instead of publishing, so that what readers must catch up with stays short.
   */
  publishWhole(batch: ReportBatch): Promise<BatchOutcome>
  /** Gives the lease up, if it is still this incarnation's. */
  leave(agent: string, incarnation: number): Promise<void>
  /** What the servers want probed: the sets of all servers that live, each different one once. */
  checkSets(): Promise<readonly CheckSet[]>
}

/** What servers ask of a store. */
export interface ServerSide {
  /** Says what a server wants probed, for so many milliseconds. */
  publishChecks(server: string, set: CheckSet, ttlMs: number): Promise<void>
  /**
   * Follows the store from now on. `follower.onAll` comes first, and again whenever the store was lost in between.
   * Nothing is ever told within a call that made it. Gives what ends that.
   */
  follow(follower: Follower): () => void
  /**
   * A server stops, to come again or not: its load ends. What it wants probed stands until its time is over, for agents to
   * go on while it is away; but where another server wants the same and said so (with `aliveMs` to go at least), its name
   * is removed.
   */
  withdraw(server: string, aliveMs: number): Promise<void>
  /** A number for a server that starts: as `enroll` gives it to agents. */
  enrollServer(server: string, floor: number): Promise<number>
  /** Says what a server has answered, for so many milliseconds. */
  publishLoad(load: ServerLoad, ttlMs: number): Promise<BatchOutcome>
  /** What all servers have answered lately, as far as it is known here. Of itself a server tells the book, too. */
  readonly loads: LoadBook
  /** What the store says now, as far as it is known here. */
  readonly book: ReportBook
  /** Whether the store is within reach, as far as is known. */
  readonly link: StoreLink
  /** The latest that each agent has signed: for a server to remember over its restarts. Empty where nobody need sign. */
  readonly signed: ReadonlyMap<string, LastSigned>
  /** Adds an override, or replaces the one with the same id. */
  putOverride(override: Override): Promise<OverrideOutcome>
  /** Removes one; `by` is who wants that. */
  removeOverride(id: string, by?: string): Promise<OverrideOutcome>
  /** Removes one whose time is over by the store's clock, unless it has been changed meanwhile. */
  endOverride(override: Override): Promise<OverrideOutcome>
  /** All overrides, also expired ones, oldest first. */
  overrides(): Promise<readonly Override[]>
  /** What was done to overrides, newest first. */
  audit(most: number): Promise<readonly OverrideAction[]>
  /**
   * Takes or renews the keeper's lease. Gives the fence to write the state with, or undefined while another server keeps
   * it.
   */
  keep(server: string, ttlMs: number): Promise<number | undefined>
  /** Writes verdict states by target; false where a later keeper has written. */
  putStates(keeper: Keeper, states: StateChanges): Promise<boolean>
}

export interface Keeper {
  readonly server: string
  readonly fence: number
}

/** States in octets by target id. */
export interface StateChanges {
  readonly sequence: number
  readonly states: ReadonlyMap<string, Uint8Array>
  /** Whether `states` are all there are; else those of other targets stand. */
  readonly whole: boolean
}

export interface OverrideOutcome {
  /** Whether anything is different now. */
  readonly changed: boolean
  /** A sentence when the change is in force but would not survive a restart. */
  readonly warning?: string
}

/** What happens in a store, as a server hears of it. Each call is in a turn of its own. */
export interface Follower {
  /** Take everything from the book and from here. */
  onAll(image: { readonly overrides: readonly Override[]; readonly states: ReadonlyMap<string, Uint8Array> }): void
  /** The book has something new on the targets with these keys. */
  onReports(keys: readonly number[]): void
  /** Who is alive, isolated or of which incarnation has changed. */
  onAgents(): void
  onOverrides(overrides: readonly Override[]): void
  /** The keeper has written these. */
  onStates(states: ReadonlyMap<string, Uint8Array>): void
  onLink(link: StoreLink): void
  /** Something in the store was refused. */
  onRefused(refusal: Refusal): void
}

/** What a server found in the store and does not take. */
export interface Refusal {
  /** Who is named as its author; empty where that is a server. */
  readonly agent: string
  readonly problem: string
}

export interface StoreLink {
  readonly up: boolean
  /** Epoch milliseconds. */
  readonly since: number
  /** Why it is down. */
  readonly reason: string
}

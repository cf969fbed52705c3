import type { Override, Report } from '@windrose/health'

/**
 * Where agents and servers meet: reports on their way to verdicts, and the operators' overrides.
 *
 * A store holds the latest report of every agent and target. It judges nothing: verdicts are made by whoever reads.
 * Every promise rejects when the store cannot be reached or is closed; then nothing has changed for the caller, who may
 * try again (publishing twice is harmless).
 */
export interface Store {
  /** A number for an agent that starts, larger than any it was given before. */
  enroll(agent: string): Promise<number>
  /** Takes the reports that are newer than what is held, and gives back those it refused. */
  publish(reports: readonly Report[]): Promise<readonly Report[]>
  /**
   * Says what an agent now probes: its reports on anything else are dropped. Refused (false) when a later incarnation
   * of the agent is known.
   */
  retain(agent: AgentIncarnation, targets: readonly string[]): Promise<boolean>
  /** The latest report of every agent and target. */
  reports(): Promise<readonly Report[]>
  /** Adds an override, or replaces the one with the same id. */
  putOverride(override: Override): Promise<OverrideOutcome>
  removeOverride(id: string): Promise<OverrideOutcome>
  /** All overrides, also expired ones, oldest first. */
  overrides(): Promise<readonly Override[]>
  /** Calls the listener for every change from now on, never within the call that made it. Gives what ends that. */
  subscribe(listener: StoreListener): () => void
  close(): Promise<void>
}

export interface AgentIncarnation {
  readonly agent: string
  readonly incarnation: number
}

export interface OverrideOutcome {
  /** Whether anything is different now. */
  readonly changed: boolean
  /** A sentence when the change is in force but would not survive a restart. */
  readonly warning?: string
}

export type StoreEvent =
  /** These reports were taken, also where they repeat what was known. */
  | { readonly kind: 'reports'; readonly reports: readonly Report[] }
  /** These reports are no longer held. */
  | { readonly kind: 'withdrawn'; readonly reports: readonly Report[] }
  /** The overrides are now these. */
  | { readonly kind: 'overrides'; readonly overrides: readonly Override[] }

export type StoreListener = (event: StoreEvent) => void

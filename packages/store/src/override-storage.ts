import type { Override } from '@windrose/health'

/** Where a store without a database of its own keeps its overrides over a restart. */
export interface OverrideStorage {
  /** What was there at the start. */
  readonly loaded: readonly Override[]
  /** Sentences for the operator about what could not be loaded. */
  readonly problems: readonly string[]
  /** Keeps the whole list. Gives a sentence when that failed; never rejects. Lists are saved in the order of the calls. */
  save(overrides: readonly Override[]): Promise<string | undefined>
  /** Resolves when nothing is being saved. */
  settled(): Promise<void>
}

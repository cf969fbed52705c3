import type { Snapshot } from '@windrose/nameserver'
import type { ServedConfiguration } from '../compile/compiled.ts'

/** One of the two states that are compared: a configuration with verdicts, as it would be served. */
export interface Side {
  readonly configuration: ServedConfiguration
  readonly snapshot: Snapshot
}

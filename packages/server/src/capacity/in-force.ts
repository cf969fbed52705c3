import type { ServicePlacementRecord } from './placement-record.ts'

/** By service and `classKey`: the site that the policy preferred when the class was last looked at; empty for none. */
export type Homes = ReadonlyMap<string, ReadonlyMap<string, string>>

/** What is in force. */
export interface InForce {
  readonly placed: ReadonlyMap<string, ServicePlacementRecord>
  readonly homes: Homes
}

import type { Name } from './name.ts'
import type { Place } from './problem.ts'

/**
 * A resource record. Its rdata is always in uncompressed wire format: one representation for files, messages and
 * compiled zones. `ttl` is in seconds.
 */
export interface Rr {
  readonly owner: Name
  readonly rtype: number
  readonly rclass: number
  readonly ttl: number
  readonly rdata: Uint8Array
}

/** A record and where it was read: the place of its owner, or of its first word where the owner is left blank. */
export interface PlacedRr extends Rr {
  readonly place: Place
}

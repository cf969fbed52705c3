import type { Name, Place, PlacedRr } from '@windrose/dns'

/** A zone as a value: what its master file and the configuration say about it, checked by buildZone and never edited. */
export interface Zone {
  readonly apex: Name
  /** All at the apex or below it. As readMasterFile gives them: class IN, no two equal, one TTL for an RRset. */
  readonly records: readonly PlacedRr[]
  readonly steered: readonly SteeredName[]
}

/** A name whose A and AAAA answers come from steering. Its first label may be `*`: then it is a wildcard (RFC 4592). */
export interface SteeredName {
  readonly owner: Name
  /** Index of the service that decides, in the configuration's order. */
  readonly service: number
  /** Where the configuration steers it. */
  readonly place: Place
}

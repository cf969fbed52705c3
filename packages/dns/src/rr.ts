import type { Name } from './name.ts'

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

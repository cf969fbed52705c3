/**
 * A service as steering reads it: built once from the configuration, never edited.
 *
 * Steering knows no DNS: an endpoint's target is opaque octets that the name server turns into rdata.
 */

/** The two address families a question can be about: A asks for ipv4, AAAA for ipv6. */
export type Family = 'ipv4' | 'ipv6'

/** One address (or CNAME target) at a site. */
export interface Endpoint {
  /** Row in the health table. */
  readonly index: number
  /** `service/site/target`: the same on every server and over reloads; ties are broken by its hash. */
  readonly id: string
  /** A `name` endpoint (CNAME target) serves both families. */
  readonly kind: Family | 'name'
  /** 4 or 16 octets of an address, or a name in wire format. */
  readonly target: Uint8Array
  /** The target as the configuration writes it, for traces. */
  readonly label: string
  /** Integer, 0 or more; 0 is never served. */
  readonly weight: number
}

/** The endpoints of one service at one site. */
export interface Pool {
  /** Index into the configuration's sites. */
  readonly site: number
  readonly siteName: string
  readonly endpoints: readonly Endpoint[]
}

/**
 * One step of a policy. Steps run in order over tiers of pools, starting with all pools in one tier.
 *
 * - `failover` splits each tier by the listed order: `tiers` holds groups of pool indexes, most preferred first;
 *   a pool that no group lists comes last, in the order of the file.
 * - `nearest` splits each tier into one tier a pool, in the order of the client's class.
 * - `weighted` ends a policy: among the endpoints of the first serviceable tier, answers are drawn by weight.
 * - `consistent` ends a policy as well: there, each client is given the answer that its bucket holds, filled by weight.
 */
export type Step =
  | { readonly kind: 'failover'; readonly tiers: readonly (readonly number[])[] }
  | { readonly kind: 'nearest' }
  | { readonly kind: 'weighted' }
  | { readonly kind: 'consistent' }

/** What to serve when nothing is up, unknown or drained. */
export type OnAllDown = 'serve_all' | 'nodata' | 'servfail'

export interface Service {
  readonly name: string
  /** Position in the configuration; the service's epoch cell has the same number. */
  readonly index: number
  /** In the order of the file. */
  readonly pools: readonly Pool[]
  readonly steps: readonly Step[]
  /** Most endpoints in one answer; Infinity for all of them. */
  readonly answers: number
  /** A pool whose share of up weight is below this is in panic: 0 to 1, 0.5 by default. */
  readonly panic: number
  readonly onAllDown: OnAllDown
  /** Bounds of the answer's TTL, in seconds. */
  readonly ttl: { readonly max: number; readonly min: number }
  /** Index of the client map whose classes this service is decided by, or -1 when no step depends on the client. */
  readonly clientMap: number
}

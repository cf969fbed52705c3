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
  /** A name that is not answered as a CNAME, but with the addresses that it has. */
  readonly isAlias?: boolean
  /** Served only when nothing else is up (a record of weight 0 means that in Amazon Route 53). */
  readonly standby?: boolean
  /** At most one endpoint of a group is in an answer: those of one site, or of sites that share a risk. Left out: no limit. */
  readonly group?: number
}

/** The endpoints of one service at one site. */
export interface Pool {
  /** Index into the configuration's sites; -1 for a nested service that is at none. */
  readonly site: number
  readonly siteName: string
  /** None where the pool is another service. */
  readonly endpoints: readonly Endpoint[]
  /** The service that this pool stands for, and its weight against endpoints and other services of the same tier. */
  readonly nested?: { readonly service: Service; readonly weight: number }
}

/**
 * One step of a policy. Steps run in order over tiers of pools, starting with all pools in one tier.
 *
 * - `geo` splits each tier by the list of the client's area, most preferred first; pools that the list leaves out come
 *   last, in one tier, or are left out where the area has a fence. An area may have steps of its own, which then follow
 *   instead of the service's.
 * - `failover` splits each tier by the listed order: `tiers` holds groups of pool indexes, most preferred first;
 *   a pool that no group lists comes last, in the order of the file. `trickle` is the share of answers that come from
 *   the next tier that could serve, so that one knows it works.
 * - `nearest` splits each tier into one tier a pool, in the order of the client's class.
 * - `latency` splits each tier by the round trip from the client's vantage: pools within the tolerance of the best
 *   together, then those within the tolerance of the best that is left, and so on; pools that nothing is known of come
 *   last, by distance.
 *
 * The last step may say how answers are drawn from the endpoints of the tier that serves:
 *
 * - `weighted` (also where nothing is written): a draw by weight.
 * - `consistent`: each client is given the answer that its bucket holds, filled by weight.
 * - `round_robin`: a draw in which all count alike.
 * - `all`: every endpoint in each answer, the first by weight.
 */
export type Step =
  | { readonly kind: 'geo'; readonly table: number; readonly areas: readonly GeoArea[] }
  | { readonly kind: 'failover'; readonly tiers: readonly (readonly number[])[]; readonly trickle: number }
  | { readonly kind: 'nearest' }
  | { readonly kind: 'latency'; readonly tolerance: LatencyTolerance }
  | { readonly kind: DrawKind }

export type DrawKind = 'weighted' | 'consistent' | 'round_robin' | 'all'

/** What the clients of an area get. The first of a step's areas is the one of those that no other holds. */
export interface GeoArea {
  /** As the configuration writes it: `country:DE`. */
  readonly label: string
  /** Groups of pool indexes, most preferred first. */
  readonly tiers: readonly (readonly number[])[]
  /** Whether its clients never leave the pools that are listed. */
  readonly fence: boolean
  /** Steps that follow for its clients; left out, those of the service. */
  readonly steps?: readonly Step[]
}

/** How much slower than the best a pool may be and still count as good: the larger of both. */
export interface LatencyTolerance {
  readonly milliseconds: number
  readonly percent: number
}

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
  /** Where fewer endpoints serve, the answer is filled up from the next tiers; 1 for never. At most `answers`. */
  readonly minAnswers: number
  /** What a question for a family gets that the chosen site lacks: the next site that has it, or no address. */
  readonly missingFamily: 'next_site' | 'same_site'
  /** A pool whose share of up weight is below this is in panic: 0 to 1, 0.5 by default. */
  readonly panic: number
  readonly onAllDown: OnAllDown
  /** Bounds of the answer's TTL, in seconds. */
  readonly ttl: { readonly max: number; readonly min: number }
  /** How load is placed when sites are full; left out: whatever their load. */
  readonly capacity?: 'spill' | 'balance' | 'shed' | 'shed_uncapped'
  /** Index of the client map whose classes this service is decided by, or -1 when no step depends on the client. */
  readonly clientMap: number
}

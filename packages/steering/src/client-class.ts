/**
 * Everything about a client that steering depends on, interned: two clients with the same class get the same decision.
 */
export interface ClientClass {
  /** The override that matched, as an index of the configuration's rules; -1 when the database decided. */
  readonly rule: number
  /** The vantage whose view of the health table applies; 0 is the global view. */
  readonly view: number
  /** The first sites in the client's order, as site indexes. A site not listed follows in the configuration's order. */
  readonly sites: readonly number[]
  /** By area table of the service's `geo` steps: the area that the client is in; DEFAULT_AREA where none of them is written. */
  readonly areas: readonly number[]
}

/** The area of those that no other area of a table holds. */
export const DEFAULT_AREA = 0

/** The class of a client that cannot be placed: the area `default`, where the configuration's order of sites holds. */
export const UNPLACED: ClientClass = { rule: -1, view: 0, sites: [], areas: [] }

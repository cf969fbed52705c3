/** Where to put loads at the least cost. */
export interface Transport {
  readonly sites: number
  /** By area: load, 0 or more. */
  readonly demand: Float64Array
  /** By area: the sites it may be put to. */
  readonly options: readonly ArrayLike<number>[]
  /** Area times sites plus site: what a unit of load costs there. */
  readonly cost: Float64Array
  /**
   * Limits of load by site, one list a level, none below the one before. The load above a level's limits is made as little
   * as can be, first for the first level, then for the next; among all ways to do that, the cheapest is taken. What is
   * above the last level has room nowhere.
   */
  readonly levels: readonly Float64Array[]
}

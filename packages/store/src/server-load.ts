/** What one server has answered, as it says itself. */
export interface ServerLoad {
  readonly server: string
  /** Of the server's start: the number that it was enrolled with. */
  readonly incarnation: number
  /** Grows with every record of an incarnation. */
  readonly sequence: number
  /** Milliseconds from the server's start to when this was counted. */
  readonly upMs: number
  readonly pools: readonly PoolLoad[]
  /** Of services whose load is placed: where the queries come from. Classes that nobody asks from are left out. */
  readonly classes: readonly ClassLoad[]
}

/** Queries of one class of clients to one service. */
export interface ClassLoad {
  readonly service: string
  /** `classKey` of steering. */
  readonly key: string
  /** Queries a second, smoothed as those of pools are. */
  readonly smoothed: number
}

/** Answers that led to a pool. One that leads to several counts for each by its part of the records. */
export interface PoolLoad extends Rate {
  readonly service: string
  readonly site: string
  /** Since the server's start; less than before where the pool was not in its configuration in between. */
  readonly answers: number
}

/** Answers a second. */
export interface Rate {
  /** Since the server's record before. */
  readonly perSecond: number
  /** The exponentially weighted mean of that, as the server reckons it. */
  readonly smoothed: number
}

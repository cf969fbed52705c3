/**
 * What a thread counts, as positions in one Float64Array (exact to 2^53; one writer, any reader). The order is the
 * layout: readers of neighbouring threads share it.
 */
export const Counter = {
  queriesUdp4: 0,
  queriesUdp6: 1,
  queriesTcp4: 2,
  queriesTcp6: 3,
  /** Runts and responses: never answered. */
  dropped: 4,
  edns: 5,
  clientSubnet: 6,
  truncated: 7,
  steered: 8,
  cacheHits: 9,
  cacheMisses: 10,
  chains: 11,
  /** 16 cells, by the low four bits of the rcode. */
  rcodes: 16,
  badvers: 32,
} as const

/** Cells of a thread's counter array. */
export const COUNTER_CELLS: number = 40

import type { Service } from '@windrose/steering'

/**
 * Where answers are counted: a cell for each pool, numbered in the order of the services and of their pools. A cell holds
 * how many answers led there; one that leads to several pools counts for each by its part of the records.
 */
export function countLoadCells(services: readonly Service[]): number {
  return services.reduce((sum, { pools }) => sum + pools.length, 0)
}

/** The cell of each endpoint, by its index. */
export function cellsByEndpoint(services: readonly Service[], endpoints: number): Int32Array {
  const cells = new Int32Array(endpoints)
  let cell = 0
  for (const service of services) {
    for (const pool of service.pools) {
      for (const { index } of pool.endpoints) cells[index] = cell
      cell++
    }
  }
  return cells
}

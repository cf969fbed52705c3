import type { ClientMap, Service } from '@windrose/steering'

/**
 * Where answers are counted: a cell for each pool, numbered in the order of the services and of their pools. A cell holds
 * how many answers led there; one that leads to several pools counts for each by its part of the records.
 */
export function countLoadCells(services: readonly Service[], maps: Maps): number {
  return services.reduce((sum, service) => sum + classesOf(service, maps), countPools(services))
}

/**
 * The first cell of the classes of each service whose load is placed, by service, behind the cells of the pools; -1 for
 * the others. There a cell holds how many queries clients of the class have asked.
 */
export function demandBases(services: readonly Service[], maps: Maps): Int32Array {
  const bases = new Int32Array(services.length).fill(-1)
  let base = countPools(services)
  for (const service of services) {
    const classes = classesOf(service, maps)
    if (classes > 0) bases[service.index] = base
    base += classes
  }
  return bases
}

type Maps = readonly Pick<ClientMap, 'classes'>[]

function countPools(services: readonly Service[]): number {
  return services.reduce((sum, { pools }) => sum + pools.length, 0)
}

function classesOf({ capacity, clientMap }: Service, maps: Maps): number {
  if (capacity === undefined) return 0
  return clientMap < 0 ? 1 : maps[clientMap]!.classes.length
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

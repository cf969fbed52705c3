import { countLoadCells, type Snapshot } from '@windrose/nameserver'

type Services = Snapshot['services']

/**
 * What one thread has answered since the start, by pool.
 *
 * A thread counts in cells that belong to the services of its snapshot. Other services have other cells, and the old ones
 * are looked at for as long as the thread may still count in them.
 */
export class ThreadLoad {
  #counted: Counted = { services: [], cells: cellsFor([]) }
  /** What the thread counted in before, and the version of the snapshot that took its place. */
  #left: { readonly counted: Counted; readonly until: number }[] = []
  /** What it counted in cells that are gone, of pools that are still there. */
  #before: ReadonlyMap<string, number> = new Map()

  /** The cells to count in for these services, from this version of the snapshot on. */
  cellsOf(services: Services, version: number): Float64Array {
    if (services === this.#counted.services) return this.#counted.cells
    this.#left.push({ counted: this.#counted, until: version })
    this.#counted = { services, cells: cellsFor(services) }
    return this.#counted.cells
  }

  /** Answers by `poolName`, for all pools of the latest services. `taken` is the version that the thread answers from. */
  read(taken: number): ReadonlyMap<string, number> {
    const over = this.#left.filter(({ until }) => until <= taken)
    this.#left = this.#left.filter(({ until }) => until > taken)
    this.#before = this.#sum(over.map(({ counted }) => counted))
    return this.#sum([...this.#left.map(({ counted }) => counted), this.#counted])
  }

  #sum(parts: readonly Counted[]): ReadonlyMap<string, number> {
    const sums = new Map(poolsOf(this.#counted.services).map((pool) => [pool, this.#before.get(pool) ?? 0]))
    for (const { services, cells } of parts) {
      poolsOf(services).forEach((pool, cell) => {
        const sum = sums.get(pool)
        if (sum !== undefined) sums.set(pool, sum + cells[cell]!)
      })
    }
    return sums
  }
}

interface Counted {
  readonly services: Services
  readonly cells: Float64Array
}

export function poolName(service: string, site: string): string {
  return `${service}/${site}`
}

/** In the order of the cells. */
function poolsOf(services: Services): string[] {
  return services.flatMap(({ name, pools }) => pools.map(({ siteName }) => poolName(name, siteName)))
}

function cellsFor(services: Services): Float64Array {
  return new Float64Array(new SharedArrayBuffer(countLoadCells(services) * 8))
}

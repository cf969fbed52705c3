import { countLoadCells, demandBases, type Snapshot } from '@windrose/nameserver'

/** What cells are laid out by. */
export type CountedSnapshot = Pick<Snapshot, 'services' | 'maps' | 'placements'>

/**
 * What one thread has answered since the start: answers by pool, and where load is placed queries by class of clients.
 *
 * A thread counts in cells that belong to the services of its snapshot. Other services have other cells, and the old ones
 * are looked at for as long as the thread may still count in them.
 */
export class ThreadLoad {
  #counted: Counted = countFor({ services: [], maps: [], placements: [] })
  /** What the thread counted in before, and the version of the snapshot that took its place. */
  #left: { readonly counted: Counted; readonly until: number }[] = []
  /** What it counted in cells that are gone, of pools that are still there. */
  #before: ReadonlyMap<string, number> = new Map()

  /** The cells to count in for this snapshot, from this version of it on. */
  cellsOf(snapshot: CountedSnapshot, version: number): Float64Array {
    const { services, maps } = this.#counted.snapshot
    if (snapshot.services === services && snapshot.maps === maps) return this.#counted.cells
    this.#left.push({ counted: this.#counted, until: version })
    this.#counted = countFor(snapshot)
    return this.#counted.cells
  }

  /**
   * Answers by `poolName` and queries by `className`, for all pools and classes of the latest snapshot. `taken` is the
   * version that the thread answers from.
   */
  read(taken: number): ReadonlyMap<string, number> {
    const over = this.#left.filter(({ until }) => until <= taken)
    this.#left = this.#left.filter(({ until }) => until > taken)
    this.#before = this.#sum(over.map(({ counted }) => counted))
    return this.#sum([...this.#left.map(({ counted }) => counted), this.#counted])
  }

  #sum(parts: readonly Counted[]): ReadonlyMap<string, number> {
    const sums = new Map(this.#counted.names.map((name) => [name, this.#before.get(name) ?? 0]))
    for (const { names, cells } of parts) {
      names.forEach((name, cell) => {
        const sum = sums.get(name)
        if (sum !== undefined) sums.set(name, sum + cells[cell]!)
      })
    }
    return sums
  }
}

interface Counted {
  readonly snapshot: CountedSnapshot
  readonly cells: Float64Array
  /** What each cell counts. */
  readonly names: readonly string[]
}

function countFor(snapshot: CountedSnapshot): Counted {
  const { services, maps, placements } = snapshot
  const names = services.flatMap(({ name, pools }) => pools.map(({ siteName }) => poolName(name, siteName)))
  for (const [service, base] of demandBases(services, maps).entries()) {
    if (base < 0) continue
    const keys = placements[service]?.keys ?? []
    for (const [number, key] of keys.entries()) names[base + number] = className(services[service]!.name, key)
  }
  return { snapshot, cells: cellsFor(snapshot), names }
}

/** No pool has such a name: a site's name has no space. */
export function className(service: string, key: string): string {
  return `${service} ${key}`
}

export function poolName(service: string, site: string): string {
  return `${service}/${site}`
}

function cellsFor({ services, maps }: CountedSnapshot): Float64Array {
  return new Float64Array(new SharedArrayBuffer(countLoadCells(services, maps) * 8))
}

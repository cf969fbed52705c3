import type { Snapshot } from '@windrose/nameserver'
import {
  balanceLoad,
  type CapacityRule,
  DEFAULT_STEP,
  encodeShares,
  type Placement,
  type Service,
  shedLoad,
  spillLoad,
  WHOLE,
} from '@windrose/steering'
import type { LoadBook } from '@windrose/store'
import type { ServedConfiguration } from '../compile/compiled.ts'
import { assignmentOf, type GatheredWorkload, gatherWorkload, type KnownLoads } from './gather-workload.ts'
import { layPlacement } from './lay-placement.ts'
import {
  decodePlacements,
  encodePlacements,
  type PlacedClass,
  type ServicePlacementRecord,
} from './placement-record.ts'

/** What is served now. */
export interface ServedNow {
  readonly configuration: Pick<ServedConfiguration, 'sites' | 'services'>
  readonly snapshot: Pick<Snapshot, 'maps' | 'health' | 'placements' | 'epochs'>
}

export interface CapacityLoopOptions {
  readonly served: () => ServedNow
  readonly loads: Pick<LoadBook, 'byClass' | 'bySite' | 'byPool' | 'age'>
  /** Whether this server is the one that places, and the others follow. */
  readonly isKeeper: () => boolean
  /** Tells the other servers what was placed. */
  readonly publish: (record: Uint8Array) => void
  readonly onRefused: (problem: string) => void
}

/** What capacity does to a site. */
export interface SiteUse {
  readonly site: string
  /** Answers a second under the present shares, of the services that are placed; and all there is room for. */
  readonly load: number
  readonly room: number
  /** What is above the room, and of that what has room nowhere. */
  readonly excess: number
  readonly unspilled: number
}

/**
 * Places load when sites are full: every interval the keeper looks at what is asked from where, moves shares by the rule of
 * each service, and tells the others. What was placed is laid over each new snapshot before it is served.
 *
 * Nothing of it is on the answering path: shares lie in shared memory, and a service's epoch moves when they do.
 */
export class CapacityLoop {
  readonly #options: CapacityLoopOptions
  readonly #timer: NodeJS.Timeout
  #placed: ReadonlyMap<string, ServicePlacementRecord> = new Map()
  #uses: readonly SiteUse[] = []

  constructor(options: CapacityLoopOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.step(), INTERVAL_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** By site that has a capacity, as of the last step; empty on a server that follows. */
  get uses(): readonly SiteUse[] {
    return this.#uses
  }

  /** By service: what is in force. */
  get placed(): ReadonlyMap<string, ServicePlacementRecord> {
    return this.#placed
  }

  /** One recomputation, on the server that places. */
  step(): void {
    const { served, isKeeper, publish } = this.#options
    const { configuration, snapshot } = served()
    if (!isKeeper() || configuration.services.every(({ capacity }) => capacity === undefined)) {
      this.#uses = []
      return
    }
    const known = this.#knownLoads()
    const placed = new Map<string, ServicePlacementRecord>()
    const uses: SiteUse[] = []
    for (const [kind, rule] of Object.entries(RULES)) {
      const services = configuration.services.filter(({ capacity }) => capacity === kind)
      if (services.length === 0) continue
      const gathered = gatherWorkload(services, snapshot, configuration, known)
      const { areas, workload } = gathered
      const before = assignmentOf(areas, workload, {
        sites: configuration.sites,
        before: ({ service, key }) => this.#placed.get(service.name)?.classes.get(key),
      })
      const placement = rule(workload, before, DEFAULT_STEP)
      for (const record of recordsOf(services, gathered, { placement, sites: configuration.sites })) {
        placed.set(record.service, record)
      }
      uses.push(...usesOf(gathered, placement, configuration))
    }
    this.#uses = uses
    this.#placed = placed
    this.lay(served())
    publish(encodePlacements([...placed.values()]))
  }

  /** What the keeper has placed. */
  follow(record: Uint8Array): void {
    const read = decodePlacements(record)
    if ('problem' in read) {
      this.#options.onRefused(read.problem)
      return
    }
    this.#placed = new Map(read.map((placement) => [placement.service, placement]))
    this.lay(this.#options.served())
  }

  /** Writes what is placed into a snapshot; the epochs of services whose shares are others move. */
  lay({ configuration, snapshot }: ServedNow): void {
    for (const service of configuration.services) {
      const placement = snapshot.placements[service.index]
      if (placement === undefined) continue
      const isNew = layPlacement(service, placement, this.#placed.get(service.name))
      if (isNew) Atomics.add(snapshot.epochs, service.index, 1)
    }
  }

  #knownLoads(): KnownLoads {
    const { loads } = this.#options
    const pools = new Map(loads.byPool().map(({ service, site, smoothed }) => [`${service}/${site}`, smoothed]))
    return {
      demand: loads.byClass(),
      bySite: new Map([...loads.bySite()].map(([site, { smoothed }]) => [site, smoothed])),
      byPool: (service, site) => pools.get(`${service}/${site}`) ?? 0,
      age: (loads.age() ?? Number.POSITIVE_INFINITY) / COUNT_MS,
    }
  }
}

const RULES: Readonly<Record<NonNullable<Service['capacity']>, CapacityRule>> = {
  spill: spillLoad,
  balance: balanceLoad,
  shed: shedLoad,
}

/** Classes that are not where the policy sends them, of each service. */
function recordsOf(
  services: readonly Service[],
  { areas, workload }: GatheredWorkload,
  { placement, sites }: { readonly placement: Placement; readonly sites: ServedConfiguration['sites'] },
): readonly ServicePlacementRecord[] {
  const { shares, homes } = placement.assignment
  const width = workload.sites.length
  const parts = new Uint16Array(width)
  const classes = new Map(services.map(({ name }) => [name, new Map<string, PlacedClass>()]))
  for (const [row, { service, key }] of areas.entries()) {
    const home = sites[homes[row]!]?.name
    if (home === undefined) continue
    encodeShares(shares.subarray(row * width, (row + 1) * width), parts)
    const isMoved = parts[homes[row]!] !== WHOLE && parts.some((part) => part > 0)
    if (!isMoved) continue
    const placed = [...parts].flatMap((part, site): [string, number][] => (part > 0 ? [[sites[site]!.name, part]] : []))
    classes.get(service.name)!.set(key, { home, shares: new Map(placed) })
  }
  return [...classes].map(([service, ofService]) => ({ service, classes: ofService }))
}

function usesOf(
  { workload }: GatheredWorkload,
  { loads, excess, unspilled }: Placement,
  { sites }: Pick<ServedConfiguration, 'sites'>,
): readonly SiteUse[] {
  return sites.flatMap(({ name, capacity }, site): SiteUse[] => {
    if (capacity === undefined) return []
    const { capacity: room, target } = workload.sites[site]!
    return [{ site: name, load: loads[site]!, room: room * target, excess: excess[site]!, unspilled: unspilled[site]! }]
  })
}

const INTERVAL_MS = 10_000
/** How often servers say what they have answered. */
const COUNT_MS = 5000

import type { Snapshot } from '@windrose/nameserver'
import {
  type Assignment,
  balanceLoad,
  type CapacityRule,
  DEFAULT_STEP,
  loadsOf,
  placeDisplaced,
  type Service,
  shedLoad,
  shedLoadUncapped,
  spillLoad,
  UNPLACED,
  type Workload,
} from '@windrose/steering'
import type { LoadBook, ReportBook } from '@windrose/store'
import type { ServedConfiguration } from '../compile/compiled.ts'
import { type GatheredWorkload, gatherWorkload, preferredSites } from './gather-workload.ts'
import type { InForce } from './in-force.ts'
import { layPlacement } from './lay-placement.ts'
import { type CountedLoads, LoadLedger } from './load-ledger.ts'
import { assignmentOf, type FreshClasses, PlacedClasses } from './placed-classes.ts'
import { decodePlacements, encodePlacements, type ServicePlacementRecord } from './placement-record.ts'
import type { SiteLoad } from './site-load.ts'
import { SiteLoads } from './site-loads.ts'

/** What is served now. */
export interface ServedNow {
  readonly configuration: Pick<ServedConfiguration, 'sites' | 'services'>
  readonly snapshot: Pick<Snapshot, 'maps' | 'health' | 'placements' | 'epochs'>
}

export interface CapacityLoopOptions {
  readonly served: () => ServedNow
  readonly loads: Pick<LoadBook, 'byClass' | 'bySite' | 'byPool' | 'age'>
  /** What agents say of the loads of endpoints. */
  readonly book: Pick<ReportBook, 'reports' | 'agents'>
  /** Whether this server is the one that places, and the others follow. */
  readonly isKeeper: () => boolean
  /** Tells the other servers what was placed. */
  readonly publish: (record: Uint8Array) => void
  readonly onRefused: (problem: string) => void
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number
}

/** What capacity does to a site, in answers a second. */
export interface SiteUse {
  readonly site: string
  /** What all services send there under the present shares, and up to where it is filled. */
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
 * Health does not wait for that: soon after it changes, those whose site is gone are spread over the others by what room these
 * have. Nobody else moves then, so that a recomputation never moves more of an area than its step.
 *
 * Nothing of it is on the answering path: shares lie in shared memory, and a service's epoch moves when they do.
 */
export class CapacityLoop {
  readonly #options: CapacityLoopOptions
  readonly #siteLoads: SiteLoads
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout
  #afterHealth: NodeJS.Timeout | undefined
  #inForce: InForce = { placed: new Map(), homes: new Map() }
  #record: Uint8Array | undefined
  /** When another server has placed last, as far as is known here. */
  #followedAt = Number.NEGATIVE_INFINITY
  /** By service: the keys of its classes when load was placed last. */
  #keys: ReadonlyMap<string, readonly string[]> = new Map()
  #uses: readonly SiteUse[] = []
  /** By site, of the last recomputation. */
  #unspilled: ReadonlyMap<string, number> = new Map()

  constructor(options: CapacityLoopOptions) {
    this.#options = options
    const { book, loads, now = () => performance.now() } = options
    this.#now = now
    this.#siteLoads = new SiteLoads({ book, loads, now })
    this.#timer = setInterval(() => this.step(), INTERVAL_MS).unref()
  }

  stop(): void {
    clearInterval(this.#timer)
    clearTimeout(this.#afterHealth)
  }

  /** By site that has a capacity, as of the last step; empty on a server that follows. */
  get uses(): readonly SiteUse[] {
    return this.#uses
  }

  /** By service: what is in force. */
  get placed(): ReadonlyMap<string, ServicePlacementRecord> {
    return this.#inForce.placed
  }

  /** What is in force, as servers tell each other; undefined as long as nothing was placed. */
  get record(): Uint8Array | undefined {
    return this.#record
  }

  /** By site that has a capacity: its load as it is known now. */
  siteLoads(): readonly SiteLoad[] {
    return this.#siteLoads.look(this.#options.served().configuration.sites)
  }

  /** One recomputation, on the server that places. */
  step(): void {
    this.#siteLoads.remember(this.#options.served().configuration.sites)
    // Who has just taken over does not take the step again that another has taken in this interval.
    this.#place(this.#now() - this.#followedAt < INTERVAL_MS ? 0 : DEFAULT_STEP)
  }

  /** Verdicts, overrides or what else decides where clients may go are others now. Many changes at once are one step. */
  healthChanged(): void {
    this.#afterHealth ??= setTimeout(() => {
      this.#afterHealth = undefined
      this.#place(0)
    }, AFTER_HEALTH_MS).unref()
  }

  /** What the keeper has placed. */
  follow(record: Uint8Array): void {
    const read = decodePlacements(record)
    if ('problem' in read) {
      this.#options.onRefused(read.problem)
      return
    }
    this.#record = record
    this.#followedAt = this.#now()
    const placed = new Map(read.placements.map((placement) => [placement.service, placement]))
    this.#inForce = { placed, homes: this.#homesBeside(placed) }
    this.#siteLoads.adopt(read.factors)
    this.lay(this.#options.served())
  }

  /** Writes what is placed into a snapshot; the epochs of services whose shares are others move. */
  lay({ configuration, snapshot }: ServedNow): void {
    for (const service of configuration.services) {
      const placement = snapshot.placements[service.index]
      if (placement === undefined) continue
      const isNew = layPlacement(service, placement, this.#inForce.placed.get(service.name))
      if (isNew) Atomics.add(snapshot.epochs, service.index, 1)
    }
  }

  /** `step`: the part of an area's clients that may move without health moving them; none after a change of health. */
  #place(step: number): void {
    const { served, isKeeper, loads, publish } = this.#options
    // Until somebody has counted, load seems to have room everywhere: what a server has started with stands.
    if (loads.age() === undefined) return
    const { configuration, snapshot } = served()
    const services = configuration.services.filter(({ capacity }) => capacity !== undefined)
    if (!isKeeper() || services.length === 0) {
      this.#uses = []
      return
    }
    const { sites } = configuration
    const names = services.map(({ name }) => name)
    const ledger = new LoadLedger(sites, this.#siteLoads.look(sites), names, this.#counted())
    const plans = this.#plans(services, { configuration, snapshot }, ledger)
    // Who has lost a site is placed before anybody else may take the room.
    for (const plan of plans) {
      const draft = placeDisplaced(workloadOf(plan, ledger), plan.inForce)
      plan.inForce = draft
      ledger.plan(plan.way, draft.loads)
    }
    if (step > 0) this.#moveOn(plans, ledger, { sites, step })
    this.#uses = this.#usesOf(ledger, sites)
    const classes = new PlacedClasses(names, this.#inForce.homes)
    for (const { gathered, inForce } of plans) classes.take(gathered.areas, inForce, sites)
    this.#inForce = classes
    this.lay(served())
    this.#record = encodePlacements([...classes.placed.values()], this.#siteLoads.factors)
    publish(this.#record)
  }

  #plans(services: readonly Service[], { configuration, snapshot }: ServedNow, ledger: LoadLedger): Plan[] {
    const { sites } = configuration
    const demand = this.#options.loads.byClass()
    const { placed } = this.#inForce
    const fresh = this.#freshClasses(services, snapshot)
    const isPlaced = (service: string, key: string): boolean =>
      placed.get(service)?.classes.has(key) === true || fresh.get(service)?.has(key) === true
    return Object.keys(RULES).flatMap((way): Plan[] => {
      const own = services.filter(({ capacity }) => capacity === way)
      if (own.length === 0) return []
      const gathered = gatherWorkload(own, snapshot, configuration, { demand, isPlaced })
      const inForce = assignmentOf(gathered, sites, this.#inForce, { demand, fresh })
      ledger.plan(way, loadsOf({ ...gathered, sites: ledger.limits(way) }, inForce.shares))
      return [{ way: way as Way, gathered, inForce }]
    })
  }

  /** By service of which somebody is placed: the classes that its clients did not have the last time. */
  #freshClasses(services: readonly Service[], { placements }: ServedNow['snapshot']): FreshClasses {
    const known = this.#keys
    this.#keys = new Map(services.map(({ name, index }) => [name, placements[index]?.keys ?? []]))
    const fresh = new Map<string, ReadonlySet<string>>()
    for (const [service, keys] of this.#keys) {
      const before = known.get(service)
      const isPlaced = (this.#inForce.placed.get(service)?.classes.size ?? 0) > 0
      if (before === undefined || before === keys || !isPlaced) continue
      const old = new Set(before)
      fresh.set(service, new Set(keys.filter((key) => !old.has(key))))
    }
    return fresh
  }

  #moveOn(plans: readonly Plan[], ledger: LoadLedger, { sites, step }: { sites: Sites; step: number }): void {
    const unspilled = new Map<string, number>()
    for (const plan of plans) {
      const placement = RULES[plan.way](workloadOf(plan, ledger), plan.inForce, step)
      plan.inForce = placement.assignment
      ledger.plan(plan.way, placement.loads)
      for (const [site, { name }] of sites.entries()) {
        unspilled.set(name, (unspilled.get(name) ?? 0) + placement.unspilled[site]!)
      }
    }
    this.#unspilled = unspilled
  }

  #usesOf(ledger: LoadLedger, sites: Sites): readonly SiteUse[] {
    const loads = ledger.loads()
    const targets = ledger.targets()
    return sites.flatMap(({ name }, site): SiteUse[] => {
      const [load, room] = [loads[site]!, targets[site]!]
      if (room === Number.POSITIVE_INFINITY) return []
      const over = load - room
      const excess = over > load * ROUNDING ? over : 0
      return [{ site: name, load, room, excess, unspilled: Math.min(excess, this.#unspilled.get(name) ?? 0) }]
    })
  }

  /** Where the policy sends the classes that the keeper has not placed elsewhere: whoever keeps next goes on from there. */
  #homesBeside(placed: ReadonlyMap<string, ServicePlacementRecord>): InForce['homes'] {
    const { configuration, snapshot } = this.#options.served()
    const demand = this.#options.loads.byClass()
    const homes = new Map<string, ReadonlyMap<string, string>>()
    for (const service of configuration.services) {
      if (service.capacity === undefined) continue
      const { name, clientMap, index } = service
      const keys = snapshot.placements[index]?.keys ?? []
      const own = new Map(this.#inForce.homes.get(name))
      for (const [number, one] of (snapshot.maps[clientMap]?.classes ?? [UNPLACED]).entries()) {
        const key = keys[number]!
        if (demand.get(name)?.has(key) !== true || placed.get(name)?.classes.has(key) === true) continue
        const [home] = preferredSites(service, one, snapshot.health)
        own.set(key, home === undefined ? '' : configuration.sites[home]!.name)
      }
      homes.set(name, own)
    }
    return homes
  }

  #counted(): CountedLoads {
    const { loads } = this.#options
    const pools = new Map(loads.byPool().map(({ service, site, smoothed }) => [`${service}/${site}`, smoothed]))
    return {
      bySite: new Map([...loads.bySite()].map(([site, { smoothed }]) => [site, smoothed])),
      byPool: (service, site) => pools.get(`${service}/${site}`) ?? 0,
      age: (loads.age() ?? Number.POSITIVE_INFINITY) / COUNT_MS,
    }
  }
}

type Sites = ServedConfiguration['sites']
type Way = NonNullable<Service['capacity']>

/** One way of placing, while it is at work. */
interface Plan {
  readonly way: Way
  readonly gathered: GatheredWorkload
  inForce: Assignment
}

function workloadOf({ way, gathered }: Plan, ledger: LoadLedger): Workload {
  return { ...gathered, sites: ledger.limits(way) }
}

const RULES: Readonly<Record<Way, CapacityRule>> = {
  spill: spillLoad,
  balance: balanceLoad,
  shed: shedLoad,
  shed_uncapped: shedLoadUncapped,
}

const INTERVAL_MS = 10_000
/** How soon after a change of health: what fails at one time is heard of over a moment. */
const AFTER_HEALTH_MS = 250
/** How often servers say what they have answered. */
const COUNT_MS = 5000
/** Loads are sums of many products: what is over by less than this part is not over. */
const ROUNDING = 1e-9

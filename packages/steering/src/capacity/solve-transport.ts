import { type Exchange, openExchange } from './exchange.ts'
import type { Transport } from './transport.ts'

/**
 * Puts each area's load to sites, at the least cost under all limits: area times sites plus site, the load there. An
 * area may be split. Exact, but for rounding, and always the same for the same numbers.
 *
 * It is a minimum-cost flow, found by successive shortest paths with potentials (Edmonds and Karp 1972). Everybody starts
 * at their cheapest site; then what is above the limits is moved, each time by the way that costs least by the unit. On
 * such a way a client of the full site goes to a second one, one of that to a third, until one has room. For each pair
 * of sites only the area counts that loses least by the change, so ways are looked for among a few dozen sites, whatever
 * the number of areas.
 */
export function solveTransport(problem: Transport): Float64Array {
  const exchange = openExchange(problem)
  const paths = openPaths(problem.sites)
  for (const limits of problem.levels) {
    paths.sinkPotential = 0
    while (findPath(exchange, paths, limits)) pushAlong(exchange, paths, limits)
  }
  return exchange.flow
}

/** The search for ways among sites. */
interface Paths {
  /** By site: the length of the shortest way to it from any full site, as far as known. It only grows. */
  readonly potential: Float64Array
  /** As `potential`, for having come to some site with room. */
  sinkPotential: number
  readonly distance: Float64Array
  readonly isDone: Uint8Array
  /** By site: the one before it on the way; itself at the start. */
  readonly before: Int32Array
  /** Where the way ends that was found. */
  end: number
}

function openPaths(sites: number): Paths {
  return {
    potential: new Float64Array(sites),
    sinkPotential: 0,
    distance: new Float64Array(sites),
    isDone: new Uint8Array(sites),
    before: new Int32Array(sites),
    end: -1,
  }
}

/** Dijkstra's search over reduced lengths, from all sites above their limits to the nearest with room. False if none is reached. */
function findPath(exchange: Exchange, paths: Paths, limits: Float64Array): boolean {
  const { loads } = exchange
  const { potential, distance, isDone, before } = paths
  isDone.fill(0)
  distance.fill(Number.POSITIVE_INFINITY)
  for (let site = 0; site < distance.length; site++) {
    if (!isAbove(loads[site]!, limits[site]!)) continue
    distance[site] = Math.max(0, -potential[site]!)
    before[site] = site
  }
  let least = Number.POSITIVE_INFINITY
  paths.end = -1
  for (let site = nearest(paths, least); site >= 0; site = nearest(paths, least)) {
    isDone[site] = 1
    if (isBelow(loads[site]!, limits[site]!)) {
      const length = distance[site]! + Math.max(0, potential[site]! - paths.sinkPotential)
      if (length < least) {
        least = length
        paths.end = site
      }
    }
    relax(exchange, paths, site)
  }
  if (paths.end < 0) return false
  for (let site = 0; site < distance.length; site++) potential[site]! += Math.min(distance[site]!, least)
  paths.sinkPotential += least
  return true
}

/** The nearest site that is not done and could be on a shorter way than the least known; -1 for none. */
function nearest({ distance, isDone }: Paths, least: number): number {
  let best = -1
  for (let site = 0; site < distance.length; site++) {
    if (isDone[site] === 1 || distance[site]! >= least) continue
    if (best < 0 || distance[site]! < distance[best]!) best = site
  }
  return best < 0 || distance[best] === Number.POSITIVE_INFINITY ? -1 : best
}

function relax(exchange: Exchange, { potential, distance, isDone, before }: Paths, from: number): void {
  const row = from * distance.length
  exchange.open(from)
  for (let to = 0; to < distance.length; to++) {
    if (isDone[to] === 1) continue
    // Rounding may leave a reduced length a little below 0.
    const length = distance[from]! + Math.max(0, exchange.price[row + to]! + potential[from]! - potential[to]!)
    if (length >= distance[to]!) continue
    distance[to] = length
    before[to] = from
  }
}

/** Moves as much along the way as there is to move, has room, and the areas on it have. */
function pushAlong(exchange: Exchange, { before, end }: Paths, limits: Float64Array): void {
  const { loads, flow, mover, sites } = exchange
  let amount = limits[end]! - loads[end]!
  let start = end
  for (; before[start] !== start; start = before[start]!) {
    const from = before[start]!
    amount = Math.min(amount, flow[mover[from * sites + start]! * sites + from]!)
  }
  amount = Math.min(amount, loads[start]! - limits[start]!)
  // From the end, so that the areas of the way are still those that were counted with.
  for (let to = end; to !== start; to = before[to]!) exchange.move(before[to]!, to, amount)
}

function isAbove(load: number, limit: number): boolean {
  return load - limit > load * ROUNDING
}

function isBelow(load: number, limit: number): boolean {
  return limit - load > limit * ROUNDING || limit === Number.POSITIVE_INFINITY
}

/** Loads are sums of many parts: a difference of less than this part is none. */
const ROUNDING = 1e-11

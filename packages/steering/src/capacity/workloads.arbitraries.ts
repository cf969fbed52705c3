import fc from 'fast-check'
import { type Assignment, NO_HOME, type SiteLimits, type Workload } from './workload.ts'

/** A workload in a few words: sites with their limits, areas with demand, list and costs by site name. */
export interface WorkloadText {
  /** By name: capacity; or limits, of which those that are left out are 0.8, 0.65 and fresh. */
  readonly sites: Readonly<Record<string, number | (Partial<SiteLimits> & { readonly capacity: number })>>
  /** Demand, and costs by site, the preferred first unless `list` says otherwise. */
  readonly areas: readonly {
    readonly demand: number
    readonly costs: Readonly<Record<string, number>>
    readonly list?: readonly string[]
  }[]
}

export function workload({ sites, areas }: WorkloadText): Workload {
  const names = Object.keys(sites)
  const cost = new Float64Array(areas.length * names.length)
  const preference = areas.map(({ costs, list }, area) => {
    for (const [name, value] of Object.entries(costs)) cost[area * names.length + names.indexOf(name)] = value
    return (list ?? Object.keys(costs)).map((name) => names.indexOf(name))
  })
  return {
    sites: Object.values(sites).map((limits) => ({
      target: 0.8,
      low: 0.65,
      reportAge: 0,
      ...(typeof limits === 'number' ? { capacity: limits } : limits),
    })),
    demand: Float64Array.from(areas, ({ demand }) => demand),
    preference,
    cost,
  }
}

/** Shares that somebody wrote down, one row an area; homes are first in the lists unless given. */
export function assignment(
  { preference }: Workload,
  rows: readonly (readonly number[])[],
  homes?: readonly number[],
): Assignment {
  return {
    shares: Float64Array.from(rows.flat()),
    homes: Int16Array.from(homes ?? preference.map((list) => list[0] ?? NO_HOME)),
  }
}

/** Shares of one area as numbers that are good to read. */
export function rowOf({ sites }: Workload, { shares }: Assignment, area: number): number[] {
  return Array.from(
    shares.subarray(area * sites.length, (area + 1) * sites.length),
    (share) => Math.round(share * 1e9) / 1e9,
  )
}

/** A workload at several times: demand, what is up and what is known change; sites, capacities and costs do not. */
export interface Story {
  readonly times: readonly Workload[]
  /** What is in force before the first time; it may be of another world. */
  readonly start: Assignment | undefined
}

/** What a story is made of: few numbers, so that one that fails can be kept as an example. */
export interface StorySeed {
  readonly seed: number
  readonly sites: number
  readonly areas: number
  readonly times: number
  /** Every area lists every site. */
  readonly isFull: boolean
}

export function anyStorySeed(times: number): fc.Arbitrary<StorySeed> {
  return fc.record({
    seed: fc.nat(),
    sites: fc.integer({ min: 2, max: 8 }),
    areas: fc.integer({ min: 1, max: 12 }),
    times: fc.constant(times),
    isFull: fc.boolean(),
  })
}

/** The world of a seed. With one time only, all that is listed is up, and every report is fresh. */
export function tellStory({ seed, sites, areas, times, isFull }: StorySeed): Story {
  const random = seededRandom(seed)
  const below = (bound: number): number => Math.floor(random() * bound)
  const pick = <T>(...choices: readonly T[]): T => choices[below(choices.length)]!
  const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)
  const limits = many(sites, () => {
    const target = pick(0.8, 0.8, 0.5, 1)
    const capacity = below(10) === 0 ? Number.POSITIVE_INFINITY : below(300)
    return { capacity, target, low: target * pick(0.65, 0.8, 0.95) }
  })
  const lists = many(areas, () => {
    const order = many(sites, random).map((key, site) => ({ key, site }))
    const list = order.sort((a, b) => a.key - b.key).map(({ site }) => site)
    return isFull ? list : list.slice(0, below(sites + 1))
  })
  // Ties are likely, and in half of the worlds what is preferred is not what is near.
  const cost = Float64Array.from(many(areas * sites, () => below(100)))
  if (below(2) === 0) {
    lists.forEach((list, area) => {
      const sorted = list.map((site) => cost[area * sites + site]!).sort((a, b) => a - b)
      list.forEach((site, rank) => {
        cost[area * sites + site] = sorted[rank]!
      })
    })
  }
  const anyDemand = () => many(areas, () => (below(8) === 0 ? 0 : random() * 200))
  const start = below(3) === 0 ? undefined : anyAssignment(areas, sites, below)
  let demand = anyDemand()
  const moment = (): Workload => {
    if (below(2) === 0) demand = anyDemand()
    const isUp = many(sites, () => times === 1 || below(7) > 0)
    return {
      sites: limits.map((limit) => ({ ...limit, reportAge: times === 1 || below(7) > 0 ? 0 : 4 })),
      demand: Float64Array.from(demand),
      preference: lists.map((list) => list.filter((site) => isUp[site])),
      cost,
    }
  }
  return { times: many(times, moment), start }
}

/** Any rows that sum to 1 over any sites, listed or not, and any homes. */
function anyAssignment(areas: number, sites: number, below: (bound: number) => number): Assignment {
  const shares = new Float64Array(areas * sites)
  for (let area = 0; area < areas; area++) {
    const row = Array.from({ length: sites }, () => below(4))
    const sum = row.reduce((total, part) => total + part, 0)
    row.forEach((part, site) => {
      shares[area * sites + site] = sum > 0 ? part / sum : 0
    })
  }
  return { shares, homes: Int16Array.from({ length: areas }, () => below(sites + 1) - 1) }
}

/** Numbers from 0 to 1 that are the same in every run: the mulberry32 generator. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), 1 | state)
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32
  }
}

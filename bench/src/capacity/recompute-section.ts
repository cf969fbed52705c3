import { type CapacityRule, costOf, type Workload } from '@windrose/steering'
import { SeededRandom } from '../load/seeded-random.ts'
import type { Section } from '../report/section.ts'
import { RULES } from './rules.ts'

const AREAS = 30_000
const SITES = 30
const ROUNDS = 5

/** What one recomputation costs for many areas and sites, and how good what comes of it is. */
export function recomputeSection(say: (line: string) => void): Section {
  const rows: string[][] = []
  let slowest = 0
  for (const use of [0.6, 0.9, 1.05]) {
    say(`${AREAS} areas, ${SITES} sites, demand ${use} of all targets`)
    const world = makeScatteredWorld(use)
    const least = costOf(world, RULES['off']!(world, undefined, 1).assignment.shares)
    for (const name of ['spill', 'balance', 'shed', 'shed, uncapped']) {
      const { seconds, cost, excess } = measure(RULES[name]!, world)
      if (name === 'balance') slowest = Math.max(slowest, seconds)
      rows.push([
        name,
        `${(use * 100).toFixed(0)} %`,
        `${(seconds * 1000).toFixed(0)} ms`,
        `${((cost / least - 1) * 100).toFixed(1)} %`,
        `${(excess * 100).toFixed(1)} %`,
      ])
    }
  }
  return {
    title: 'A recomputation',
    text: `
${AREAS} areas and ${SITES} sites, scattered over the globe, with sizes that are drawn; every area lists every site. An assignment from
nothing: CPU time of the process (all threads), median of ${ROUNDS}. "cost more" is against everybody at the nearest site, which is
not possible. "above targets" is the part of the demand that has room nowhere.`,
    columns: ['rule', 'demand of targets', 'CPU time', 'cost more', 'above targets'],
    rows,
    goals: [{ what: 'balance: slowest recomputation', value: slowest * 1000, most: 1000, unit: ' ms' }],
  }
}

function measure(rule: CapacityRule, world: Workload): { seconds: number; cost: number; excess: number } {
  const demand = world.demand.reduce((total, load) => total + load, 0)
  const times: number[] = []
  let cost = 0
  let excess = 0
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.cpuUsage()
    const placement = rule(world, undefined, 1)
    const { user, system } = process.cpuUsage(start)
    times.push((user + system) / 1e6)
    cost = costOf(world, placement.assignment.shares)
    excess = placement.excess.reduce((total, load) => total + load, 0) / demand
  }
  return { seconds: times.sort((a, b) => a - b)[ROUNDS >> 1]!, cost, excess }
}

function makeScatteredWorld(use: number): Workload {
  const random = new SeededRandom(3)
  const unit = (): number => (random.below(1e9) + 0.5) / 1e9
  const point = (): readonly number[] => {
    const z = 2 * unit() - 1
    const around = 2 * Math.PI * unit()
    const radius = Math.sqrt(1 - z * z)
    return [radius * Math.cos(around), radius * Math.sin(around), z]
  }
  const places = Array.from({ length: SITES }, point)
  const sizes = places.map(() => 0.3 + unit())
  const demand = Float64Array.from({ length: AREAS }, () => -Math.log(unit()))
  const cost = new Float64Array(AREAS * SITES)
  const preference = Array.from({ length: AREAS }, (_, area) => {
    const from = point()
    places.forEach((to, site) => {
      const cosine = from[0]! * to[0]! + from[1]! * to[1]! + from[2]! * to[2]!
      cost[area * SITES + site] = EARTH_RADIUS_KM * Math.acos(Math.max(-1, Math.min(1, cosine)))
    })
    return [...places.keys()].sort((a, b) => cost[area * SITES + a]! - cost[area * SITES + b]!)
  })
  const total = demand.reduce((sum, load) => sum + load, 0)
  const size = sizes.reduce((sum, part) => sum + part, 0)
  const sites = sizes.map((part) => ({
    capacity: ((part / size) * total) / (0.8 * use),
    target: 0.8,
    low: 0.65,
    reportAge: 0,
  }))
  return { sites, demand, preference, cost }
}

const EARTH_RADIUS_KM = 6371

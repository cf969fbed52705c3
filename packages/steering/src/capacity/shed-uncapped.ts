import { fractionAtRest } from './shed-fraction.ts'
import type { Workload } from './workload.ts'

/**
 * The shares under which every site sheds by its marks, whatever comes in.
 *
 * How much a site sheds depends on how much others shed to it. The more all shed, the more arrives, and the more is shed:
 * starting from nothing, repeating only ever grows, up to the least shares at which all sites rest. `fixed`: by site,
 * load that is there whatever is shed.
 */
export function shedUncapped(workload: Workload, fixed: Float64Array): Float64Array {
  const { sites } = workload
  const fractions = new Float64Array(sites.length)
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { arriving, returned } = flowsOf(workload, fractions)
    let change = 0
    sites.forEach((site, position) => {
      const next = fractionAtRest(site, arriving[position]!, returned[position]! + fixed[position]!)
      change = Math.max(change, next - fractions[position]!)
      fractions[position] = Math.max(fractions[position]!, next)
    })
    if (change < SETTLED) break
  }
  return sharesOf(workload, fractions)
}

interface Flows {
  /** By site: what comes to it and may be shed. */
  readonly arriving: Float64Array
  /** By site: what comes back, because all the others of the list shed it too. */
  readonly returned: Float64Array
}

function flowsOf({ demand, preference, sites }: Workload, fractions: Float64Array): Flows {
  const arriving = new Float64Array(sites.length)
  const returned = new Float64Array(sites.length)
  preference.forEach((list, area) => {
    let flow = demand[area]!
    for (let rank = 0; rank < list.length && flow > 0; rank++) {
      arriving[list[rank]!]! += flow
      flow *= fractions[list[rank]!]!
    }
    if (list.length > 0) returned[list[0]!]! += flow
  })
  return { arriving, returned }
}

function sharesOf({ demand, preference, sites }: Workload, fractions: Float64Array): Float64Array {
  const shares = new Float64Array(demand.length * sites.length)
  preference.forEach((list, area) => {
    const row = area * sites.length
    let left = 1
    for (let rank = 0; rank < list.length; rank++) {
      const passed = left * fractions[list[rank]!]!
      shares[row + list[rank]!] = left - passed
      left = passed
    }
    if (list.length > 0) shares[row + list[0]!]! += left
  })
  return shares
}

/** Where nearly all sites shed nearly all it is slow; so many rounds come within a percent of the rest. */
const ROUNDS_MAX = 200
const SETTLED = 1e-9

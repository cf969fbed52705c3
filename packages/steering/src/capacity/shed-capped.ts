import { fractionAtRest } from './shed-fraction.ts'
import { targetLoad, type Workload } from './workload.ts'

/**
 * The shares under which every site sheds by its marks and takes in only what it has room for. What has no room at any
 * site of its list stays. `fixed`: by site, load that is there whatever is shed.
 */
export function shedCapped(workload: Workload, fixed: Float64Array): Float64Array {
  const { demand, preference, sites } = workload
  const width = sites.length
  const arriving = new Float64Array(width)
  preference.forEach((list, area) => {
    if (list.length > 0) arriving[list[0]!]! += demand[area]!
  })
  const fraction = new Float64Array(width)
  const room = new Float64Array(width)
  sites.forEach((site, position) => {
    fraction[position] = fractionAtRest(site, arriving[position]!, fixed[position]!)
    // As if it shed nothing itself: what it sheds may have to stay.
    room[position] = Math.max(0, targetLoad(site) - arriving[position]! - fixed[position]!)
  })
  const shares = new Float64Array(demand.length * width)
  const left = Float64Array.from(preference, (list) => (list.length > 0 ? fraction[list[0]!]! : 0))
  const depth = preference.reduce((most, list) => Math.max(most, list.length), 0)
  for (let rank = 1; rank < depth; rank++) giveRank(workload, { rank, left, room, shares })
  preference.forEach((list, area) => {
    if (list.length === 0) return
    const home = list[0]!
    shares[area * width + home]! += 1 - fraction[home]! + left[area]!
  })
  return shares
}

interface Round {
  readonly rank: number
  /** By area: the share that is still to be placed. */
  readonly left: Float64Array
  readonly room: Float64Array
  readonly shares: Float64Array
}

/** The sites of one rank take in what is left, each area's part alike where it is more than there is room for. */
function giveRank({ demand, preference, sites }: Workload, { rank, left, room, shares }: Round): void {
  const asked = new Float64Array(sites.length)
  preference.forEach((list, area) => {
    if (rank < list.length) asked[list[rank]!]! += left[area]! * demand[area]!
  })
  const granted = asked.map((load, site) => (load > room[site]! ? room[site]! / load : 1))
  preference.forEach((list, area) => {
    if (rank >= list.length) return
    const site = list[rank]!
    const share = left[area]! * granted[site]!
    shares[area * sites.length + site] = share
    left[area]! -= share
    room[site] = Math.max(0, room[site]! - share * demand[area]!)
  })
}

import {
  balanceLoad,
  type CapacityRule,
  loadsOf,
  NO_HOME,
  shedLoad,
  shedLoadUncapped,
  spillLoad,
} from '@windrose/steering'

/** What is compared, by name. */
export const RULES: Readonly<Record<string, CapacityRule>> = {
  off: withoutCapacity(),
  spill: spillLoad,
  balance: balanceLoad,
  shed: shedLoad,
  'shed, uncapped': shedLoadUncapped,
}

/** Everybody at the site that policy prefers, whatever its load. */
function withoutCapacity(): CapacityRule {
  return (workload) => {
    const width = workload.sites.length
    const shares = new Float64Array(workload.demand.length * width)
    const homes = Int16Array.from(workload.preference, (list) => list[0] ?? NO_HOME)
    homes.forEach((home, area) => {
      if (home !== NO_HOME) shares[area * width + home] = 1
    })
    const none = new Float64Array(width)
    return { assignment: { shares, homes }, loads: loadsOf(workload, shares), excess: none, unspilled: none }
  }
}

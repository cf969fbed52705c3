import { equalNames, isWithin, nameKey, type Place, type Problem, printName, Rtype } from '@windrose/dns'
import type { Zone } from './zone.ts'
import { closestZone, closestZoneAbove, mapApexes } from './zone-of-name.ts'
import { printPlace, refuse, sortProblems, warn } from './zone-problem.ts'

/**
 * Checks zones against each other, each built without errors: no apex twice; a zone inside another is delegated there,
 * and takes no steered name away from it. A name belongs to the zone with the closest apex.
 */
export function checkZones(zones: readonly Zone[]): Problem[] {
  const zoneOf = mapApexes(zones)
  const hasChildren = new Set<number>()
  const problems: Problem[] = []
  zones.forEach((zone, i) => {
    const key = nameKey(zone.apex)
    const first = zoneOf.get(key)!
    if (first !== i) problems.push(twiceProblem(zone, zones[first]!))
    const parent = closestZoneAbove(zoneOf, key)
    if (parent === undefined) return
    hasChildren.add(parent)
    problems.push(...checkDelegated(zone, zones[parent]!))
  })
  for (const i of hasChildren) {
    for (const { owner, place } of zones[i]!.steered) {
      const child = zones[closestZone(zoneOf, nameKey(owner))!]!
      if (child === zones[i]) continue
      problems.push(
        refuse(place, {
          message: `the steered name ${printName(owner)} belongs to the zone ${printName(child.apex)}, which is served here too`,
          hint: 'steer it in that zone',
        }),
      )
    }
  }
  return sortProblems(problems)
}

function twiceProblem(zone: Zone, first: Zone): Problem {
  return refuse(soaPlace(zone), {
    message: `the zone ${printName(zone.apex)} is served already, from ${printPlace(soaPlace(first))}`,
    hint: 'keep one of them',
  })
}

/** Resolvers that know the parent find a child without a delegation only because the same server answers for both. */
function checkDelegated(child: Zone, parent: Zone): Problem[] {
  const cut = parent.records.some(
    ({ owner, rtype }) => rtype === Rtype.NS && isWithin(child.apex, owner) && !equalNames(owner, parent.apex),
  )
  if (cut) return []
  const shadowed = parent.records.filter(({ owner }) => isWithin(owner, child.apex)).length
  const lost = shadowed === 0 ? '' : `; ${shadowed} of its records are at or below that name and never answered`
  return [
    warn(soaPlace(child), {
      message: `the zone ${printName(child.apex)} is inside ${printName(parent.apex)}, which does not delegate it${lost}`,
      hint: `add NS records for ${printName(child.apex)} to ${printPlace(soaPlace(parent))}`,
    }),
  ]
}

function soaPlace(zone: Zone): Place {
  return zone.records.find(({ rtype }) => rtype === Rtype.SOA)!.place
}

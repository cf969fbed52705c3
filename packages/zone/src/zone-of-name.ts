import { nameKey } from '@windrose/dns'
import type { Zone } from './zone.ts'
import { parentKey } from './zone-tree.ts'

/** The number of the zone at each apex, by nameKey. Of two zones with one apex the first stands. */
export function mapApexes(zones: readonly Zone[]): ReadonlyMap<string, number> {
  const zoneOf = new Map<string, number>()
  zones.forEach(({ apex }, zone) => {
    const key = nameKey(apex)
    if (!zoneOf.has(key)) zoneOf.set(key, zone)
  })
  return zoneOf
}

/** The zone with the closest apex at a name or above it; undefined when there is none. */
export function closestZone(zoneOf: ReadonlyMap<string, number>, key: string): number | undefined {
  return zoneOf.get(key) ?? closestZoneAbove(zoneOf, key)
}

/** The zone with the closest apex above a name. */
export function closestZoneAbove(zoneOf: ReadonlyMap<string, number>, key: string): number | undefined {
  for (let above = key; above.length > 1; ) {
    above = parentKey(above)
    const zone = zoneOf.get(above)
    if (zone !== undefined) return zone
  }
  return undefined
}

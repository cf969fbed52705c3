import { type Draft, note } from '../draft.ts'
import { siteNamed } from '../site-name.ts'
import type { GeoMaps } from './geo-map.ts'

/**
 * Puts the sites of maps by distance in the order of their datacenters: it is what clients get that nothing places. windrose
 * has one such order for all services, so that of the first map counts.
 */
export function orderSites(draft: Draft, maps: GeoMaps): void {
  const order: string[] = []
  for (const { name, place, datacenters, coordinates } of maps.values()) {
    if (coordinates.size === 0) continue
    const placed = datacenters.filter((datacenter) => coordinates.has(datacenter))
    const sites = placed.map((datacenter) => siteNamed(draft, datacenter, { at: coordinates.get(datacenter)! }))
    const known = sites.filter((site) => order.includes(site))
    const isAsBefore = known.every((site, i) => i === 0 || order.indexOf(site) > order.indexOf(known[i - 1]!))
    order.push(...sites.filter((site) => !order.includes(site)))
    if (isAsBefore) continue
    const source = `map ${name}: datacenters => [${datacenters.join(', ')}]`
    const why = 'another map has them in another order, and clients that nothing places get the sites in one order'
    note(draft, 'changed', place, { source, why, instead: 'see the order of "sites"' })
  }
}

import { countryCodes, countryCoordinates, greatCircleKm } from '@windrose/geo'
import { type Site, sitesOf, type World } from './world.ts'

/** The nearest site of each country, by its code: for servers that know countries and no distances. */
export function nearestSites(world: World): Map<string, Site> {
  const sites = sitesOf(world)
  const nearest = new Map<string, Site>()
  for (const code of countryCodes()) {
    const client = countryCoordinates(code)!
    const distance = ({ at: [latitude, longitude] }: Site): number => greatCircleKm(client, { latitude, longitude })
    nearest.set(code, [...sites].sort((a, b) => distance(a) - distance(b))[0]!)
  }
  return nearest
}

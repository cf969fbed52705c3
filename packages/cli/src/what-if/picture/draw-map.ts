import type { SimulatedServiceBody, SimulatedSiteBody } from '@windrose/server'
import { drawCountries, MAP_WIDTH, type Moment } from './draw-countries.ts'
import { drawSites } from './draw-sites.ts'
import { equalEarth } from './equal-earth.ts'
import type { SiteFills } from './site-fills.ts'

/** Above the equator there is land up to 84 degrees, below it people down to 56. */
const NORTH = 84
const SOUTH = -57

const TOP: number = -equalEarth(NORTH, 0, MAP_WIDTH)[1] + 2
export const MAP_HEIGHT: number = Math.ceil(TOP + equalEarth(SOUTH, 0, MAP_WIDTH)[1] + 2)

/** One map: MAP_WIDTH by MAP_HEIGHT units, from its upper left corner. */
export function drawMap(
  sites: readonly SimulatedSiteBody[],
  service: SimulatedServiceBody,
  moment: Moment,
  fills: SiteFills,
): string {
  const parts = [
    `<path class="globe" d="${outline()}"/>`,
    drawCountries(service, moment, fills),
    drawSites(sites, service, moment, fills),
  ]
  return `<g transform="translate(0 ${TOP.toFixed(1)})">${parts.join('')}</g>`
}

/** The edge of the map: along 180 degrees east and back along 180 degrees west. */
function outline(): string {
  const latitudes = Array.from({ length: (NORTH - SOUTH) / 3 + 1 }, (_, i) => SOUTH + i * 3)
  const east = latitudes.map((latitude) => equalEarth(latitude, 180, MAP_WIDTH))
  const west = latitudes.map((latitude) => equalEarth(latitude, -180, MAP_WIDTH)).reverse()
  return `M${[...east, ...west].map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`
}

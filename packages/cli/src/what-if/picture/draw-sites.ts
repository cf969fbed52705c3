import type { SimulatedServiceBody, SimulatedSiteBody } from '@windrose/server'
import { printShare } from '../print-shares.ts'
import { MAP_WIDTH, type Moment } from './draw-countries.ts'
import { equalEarth } from './equal-earth.ts'
import { escapeXml } from './escape-xml.ts'
import type { SiteFills } from './site-fills.ts'

/** The sites of a service as dots with their names; one that nobody is sent to is hollow. */
export function drawSites(
  sites: readonly SimulatedSiteBody[],
  service: SimulatedServiceBody,
  moment: Moment,
  fills: SiteFills,
): string {
  const placed = sites.flatMap(({ name, latitude, longitude }): PlacedLabel[] => {
    if (latitude === null || longitude === null || !service.sites.includes(name)) return []
    const [x, y] = equalEarth(latitude, longitude, MAP_WIDTH)
    return [{ name, x, y }]
  })
  const share = (population: SimulatedServiceBody['ipv4'], name: string): number =>
    (moment === 'after' ? population.after : population.before).find(({ site }) => site === name)?.share ?? 0
  const boxes: Box[] = placed.map(({ x, y }) => ({ left: x - DOT, right: x + DOT, top: y - DOT, bottom: y + DOT }))
  return placed
    .map((site) => {
      const { name, x, y } = site
      const [ipv4, ipv6] = [share(service.ipv4, name), share(service.ipv6, name)]
      const label = placeLabel(site, boxes)
      boxes.push(label.box)
      const isIdle = ipv4 === 0 && ipv6 === 0
      const title = escapeXml(`${name}\n${printShare(ipv4)} of the /24s\n${printShare(ipv6)} of the /48s`)
      const dot = `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${isIdle ? 3.5 : 4.5}" class="${isIdle ? 'idle' : 'site'}"${
        isIdle ? '' : ` fill="${fills.fill(name)}"`
      }/>`
      const text = `<text x="${label.x.toFixed(1)}" y="${label.y.toFixed(1)}" class="label">${escapeXml(name)}</text>`
      return `<g>${dot}${text}<title>${title}</title></g>`
    })
    .join('')
}

interface PlacedLabel {
  readonly name: string
  readonly x: number
  readonly y: number
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const DOT = 5
const LABEL_HEIGHT = 11
/** Of a character of the font; a little more than most have. */
const CHARACTER_WIDTH = 6.6

/** Right of the dot, else left, above or below it, where nothing else is; right if everywhere is something. */
function placeLabel({ name, x, y }: PlacedLabel, taken: readonly Box[]): { x: number; y: number; box: Box } {
  const width = name.length * CHARACTER_WIDTH
  const spots = [
    { x: x + DOT + 3, y: y + 4 },
    { x: x - DOT - 3 - width, y: y + 4 },
    { x: x - width / 2, y: y - DOT - 4 },
    { x: x - width / 2, y: y + DOT + LABEL_HEIGHT },
  ].map((spot) => ({
    ...spot,
    box: { left: spot.x, right: spot.x + width, top: spot.y - LABEL_HEIGHT, bottom: spot.y + 2 },
  }))
  return spots.find(({ box }) => isInside(box) && !taken.some((other) => overlaps(box, other))) ?? spots[0]!
}

function isInside({ left, right }: Box): boolean {
  return left >= 0 && right <= MAP_WIDTH
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

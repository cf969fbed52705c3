import { countryCoordinates } from '@windrose/geo'
import type { FamiliesBody, PopulationBody, SimulatedServiceBody } from '@windrose/server'
import { printCount, printShare, printSite } from '../print-shares.ts'
import { equalEarth } from './equal-earth.ts'
import { escapeXml } from './escape-xml.ts'
import type { SiteFills } from './site-fills.ts'
import { WORLD_SHAPES, WORLD_WIDTH } from './world-shapes.ts'

/** Which of the two states a map shows; `only` where nothing is tried. */
export type Moment = 'before' | 'after' | 'only'

/** Width of a map, in units of the picture. */
export const MAP_WIDTH = 960

/** The shapes that all maps of a document are drawn with; they stand in <defs>. */
export function shapeDefinitions(): string {
  return Object.entries(WORLD_SHAPES)
    .map(([code, path]) => `<path id="land-${code}" d="${path}"/>`)
    .join('')
}

/** The countries, each in the fill of the site that most of its clients go to, with the numbers to read under the pointer. */
export function drawCountries(service: SimulatedServiceBody, moment: Moment, fills: SiteFills): string {
  const known = new Map(service.countries.map((one) => [one.country, one]))
  const land = Object.keys(WORLD_SHAPES).map((code) => {
    const country = known.get(code)
    const shape = `href="#land-${code}"`
    if (country === undefined) return `<use class="land" ${shape}/>`
    return `<use ${lookOf(country, moment, fills, LAND_SCALE)} ${shape}><title>${tellCountry(code, country, moment)}</title></use>`
  })
  return `<g transform="scale(${1 / LAND_SCALE})">${land.join('')}</g>${drawSmall(known, moment, fills).join('')}`
}

const LAND_SCALE = WORLD_WIDTH / MAP_WIDTH

/** Countries that are too small for a shape are dots. */
function drawSmall(known: ReadonlyMap<string, FamiliesBody>, moment: Moment, fills: SiteFills): string[] {
  return [...known].flatMap(([code, country]) => {
    const point = code in WORLD_SHAPES ? undefined : countryCoordinates(code)
    if (point === undefined) return []
    const [x, y] = equalEarth(point.latitude, point.longitude, MAP_WIDTH)
    const at = `cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="2.4"`
    return `<circle ${lookOf(country, moment, fills, 1)} ${at}><title>${tellCountry(code, country, moment)}</title></circle>`
  })
}

/** By IPv4, which most clients have; by IPv6 where a country has no other. */
function populationOf({ ipv4, ipv6 }: FamiliesBody): PopulationBody {
  return ipv4.units > 0 ? ipv4 : ipv6
}

function lookOf(country: FamiliesBody, moment: Moment, fills: SiteFills, scale: number): string {
  const population = populationOf(country)
  const [first, second] = moment === 'after' ? population.after : population.before
  if (first === undefined) return 'class="land"'
  const both = first.share + (second?.share ?? 0)
  const isMixed = second !== undefined && second.share >= STRIPES_FROM
  const fill = isMixed
    ? fills.stripes([first.site, second.site], first.share / both, scale)
    : fills.fill(first.site, scale)
  // What stays as it is steps back, so that the eye finds what moves.
  const stays = moment === 'after' && population.moved < STAYS_BELOW
  return `class="country${stays ? ' stays' : ''}" fill="${fill}"`
}

/** A second site that has less than this of a country does not show. */
const STRIPES_FROM = 0.2
const STAYS_BELOW = 0.005

function tellCountry(code: string, { ipv4, ipv6 }: FamiliesBody, moment: Moment): string {
  const lines = [
    { name: '/24s', population: ipv4 },
    { name: '/48s', population: ipv6 },
  ].flatMap(({ name, population }) => {
    if (population.units === 0) return []
    const before = tellShares(population.before)
    const after = moment === 'only' || population.moved === 0 ? '' : ` → ${tellShares(population.after)}`
    return `${printCount(population.units)} ${name}: ${before}${after}`
  })
  return escapeXml([`${countryName(code)} (${code})`, ...lines].join('\n'))
}

function tellShares(shares: PopulationBody['before']): string {
  return shares.map(({ site, share }) => `${printSite(site)} ${printShare(share)}`).join(', ')
}

const NAMES = new Intl.DisplayNames(['en'], { type: 'region' })

/** In English; the code where it is none that has a name. */
export function countryName(code: string): string {
  try {
    return NAMES.of(code) ?? code
  } catch {
    return code
  }
}

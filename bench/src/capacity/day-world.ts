import {
  type Continent,
  type Coordinates,
  continentOf,
  countryCodes,
  countryCoordinates,
  greatCircleKm,
} from '@windrose/geo'
import { SeededRandom } from '../load/seeded-random.ts'

/** Sites and countries of a day that is played: where they are, how large they are. */
export interface DayWorld {
  readonly sites: readonly DaySite[]
  readonly areas: readonly DayArea[]
  /** Area times sites plus site: kilometres. */
  readonly distances: Float64Array
  /** By area: all sites, the nearest first. */
  readonly order: readonly (readonly number[])[]
}

export interface DaySite {
  readonly name: string
  readonly at: Coordinates
  /** Queries a second. */
  readonly capacity: number
}

export interface DayArea {
  readonly country: string
  readonly continent: Continent
  readonly at: Coordinates
  /** Its mean demand over the day, in queries a second. */
  readonly mean: number
}

/**
 * Eight sites, and as many countries at their places. Sizes are drawn within the weight of the continent. At their evening
 * peaks Europe and Asia need more than their own sites' targets; the world as a whole never does.
 */
export function makeDayWorld(countries: number): DayWorld {
  const random = new SeededRandom(7)
  const drawn = countryCodes()
    .flatMap((country) => {
      const at = countryCoordinates(country)
      const continent = continentOf(country)
      return at === undefined || continent === undefined || WEIGHTS[continent] === 0 ? [] : [{ country, at, continent }]
    })
    // A few large countries, many small ones.
    .map((area) => ({ ...area, size: 1 / (0.02 + random.below(1000) / 1000) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, countries)
  const sums = new Map<Continent, number>()
  for (const { continent, size } of drawn) sums.set(continent, (sums.get(continent) ?? 0) + size)
  const areas = drawn.map(({ country, at, continent, size }) => ({
    country,
    at,
    continent,
    mean: (MEAN_TOTAL * WEIGHTS[continent] * size) / sums.get(continent)!,
  }))
  const distances = Float64Array.from(areas.flatMap(({ at }) => SITES.map((site) => greatCircleKm(at, site.at))))
  const order = areas.map((_, area) =>
    [...SITES.keys()].sort((a, b) => distances[area * SITES.length + a]! - distances[area * SITES.length + b]!),
  )
  return { sites: SITES, areas, distances, order }
}

const SITES: readonly DaySite[] = [
  { name: 'fra', at: { latitude: 50.11, longitude: 8.68 }, capacity: 30_000 },
  { name: 'iad', at: { latitude: 38.95, longitude: -77.45 }, capacity: 34_000 },
  { name: 'sjc', at: { latitude: 37.36, longitude: -121.93 }, capacity: 20_000 },
  { name: 'gru', at: { latitude: -23.43, longitude: -46.47 }, capacity: 12_000 },
  { name: 'bom', at: { latitude: 19.09, longitude: 72.87 }, capacity: 18_000 },
  { name: 'sin', at: { latitude: 1.36, longitude: 103.99 }, capacity: 24_000 },
  { name: 'nrt', at: { latitude: 35.76, longitude: 140.39 }, capacity: 20_000 },
  { name: 'jnb', at: { latitude: -26.14, longitude: 28.25 }, capacity: 10_000 },
]

const MEAN_TOTAL = 90_000

const WEIGHTS: Readonly<Record<Continent, number>> = {
  africa: 0.06,
  antarctica: 0,
  asia: 0.4,
  europe: 0.26,
  'north-america': 0.18,
  oceania: 0.02,
  'south-america': 0.08,
}

import type { Continent } from '@windrose/geo'
import type { SeededRandom } from '../load/seeded-random.ts'
import type { DayWorld } from './day-world.ts'

/** Seconds between recomputations. */
export const INTERVAL_S = 10
export const STEPS_A_DAY: number = (24 * 3600) / INTERVAL_S

/** What happens besides day and night, by hours of the day (UTC). */
export const EVENTS: { readonly outage: Outage; readonly crowd: Crowd } = {
  /** A site dies at the peak of its own evening, and comes back. */
  outage: { site: 'iad', from: 1, until: 2.5 },
  /** Demand of a continent is twice as large. */
  crowd: { continent: 'europe', factor: 2, from: 8, until: 8.75, rampHours: 2 / 60 },
}

interface Outage {
  readonly site: string
  readonly from: number
  readonly until: number
}

interface Crowd {
  readonly continent: Continent
  readonly factor: number
  readonly from: number
  readonly until: number
  /** How long it takes to come and to go. */
  readonly rampHours: number
}

/** By area: the demand in an interval of the day, with its noise. */
export function demandAt({ areas }: DayWorld, step: number, random: SeededRandom): Float64Array {
  const hour = (step * INTERVAL_S) / 3600
  return Float64Array.from(areas, ({ at, mean, continent }) => {
    const local = hour + at.longitude / 15
    const byDay = 1 + 0.5 * Math.cos(((local - PEAK_HOUR) * Math.PI) / 12)
    return mean * byDay * crowdFactor(continent, hour) * (1 + NOISE * gaussian(random))
  })
}

function crowdFactor(continent: Continent, hour: number): number {
  const { continent: where, factor, from, until, rampHours } = EVENTS.crowd
  if (continent !== where) return 1
  const part = Math.min((hour - from) / rampHours, (until - hour) / rampHours, 1)
  return 1 + (factor - 1) * Math.max(0, part)
}

/** The sum of three even draws, with a standard deviation of 1: as good as a normal distribution here. */
function gaussian(random: SeededRandom): number {
  return (random.below(1e6) + random.below(1e6) + random.below(1e6)) / 5e5 - 3
}

const PEAK_HOUR = 20
/** Standard deviation of an area's demand from one interval to the next. */
const NOISE = 0.03

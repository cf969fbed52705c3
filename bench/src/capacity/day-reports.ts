import { demandWeight, nextLoadFactor, nextSentLong, type SiteLimits } from '@windrose/steering'
import { SeededRandom } from '../load/seeded-random.ts'
import { INTERVAL_S, STEPS_A_DAY } from './day-demand.ts'

/**
 * Sites that say their load in a unit of their own. What a query costs differs from site to site and over the day, and what
 * they say is the load of users, who are late; the capacity in queries is found out from that.
 */
export class DayReports {
  readonly #capacities: readonly number[]
  readonly #factors: (number | undefined)[]
  readonly #sent: Float64Array
  readonly #sentLong: Float64Array
  readonly #reported: (number | undefined)[]
  readonly #random = new SeededRandom(2)

  /** `capacities`: by site, in queries a second at the mean cost of a query. */
  constructor(capacities: readonly number[]) {
    this.#capacities = capacities
    this.#factors = capacities.map(() => undefined)
    this.#reported = capacities.map(() => undefined)
    this.#sent = new Float64Array(capacities.length)
    this.#sentLong = new Float64Array(capacities.length)
  }

  limits(site: number): SiteLimits {
    const factor = this.#factors[site]
    const marks = { target: 0.8, low: 0.65 }
    if (factor === undefined)
      return { ...marks, capacity: Number.POSITIVE_INFINITY, reportAge: Number.POSITIVE_INFINITY }
    return { ...marks, capacity: (this.#capacities[site]! * meanCost(site)) / factor, reportAge: 0 }
  }

  /** What a query costs, against the mean of the day: heavier at one time than at another, by a tenth. */
  dearness(step: number): number {
    return 1 + 0.05 * Math.sin((step / STEPS_A_DAY) * 2 * Math.PI)
  }

  /** What came of an interval: by site, the queries of users that it had, and the answers that named it. */
  note(step: number, felt: Float64Array, answered: Float64Array): void {
    this.#factors.forEach((factor, site) => {
      this.#sent[site]! += (answered[site]! - this.#sent[site]!) * demandWeight(INTERVAL_S * 1000)
      const intervalMs = INTERVAL_S * 1000
      this.#sentLong[site] = nextSentLong(this.#sentLong[site], this.#sent[site]!, intervalMs, step * intervalMs)
      const noise = 1 + NOISE * (this.#random.below(2001) / 1000 - 1)
      const reported = felt[site]! * meanCost(site) * this.dearness(step) * noise
      const [sent, sentLong] = [this.#sent[site]!, this.#sentLong[site]!]
      const reading = { reported, reportedBefore: this.#reported[site], sent, sentLong }
      this.#factors[site] = nextLoadFactor(factor, reading, LEAST_SENT)
      this.#reported[site] = reported
    })
  }
}

/** What a query costs in the mean: more than twice as much at some sites as at others. */
function meanCost(site: number): number {
  return 2 + (site % 5) * 0.7
}

const NOISE = 0.03
const LEAST_SENT = 0.5

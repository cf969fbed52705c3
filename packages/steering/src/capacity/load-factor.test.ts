import { demandWeight } from './demand-weight.ts'
import { nextLoadFactor, nextSentLong, typicalLoadFactor } from './load-factor.ts'
import { spillLoad } from './spill-load.ts'
import type { Assignment } from './workload.ts'
import { seededRandom } from './workloads.arbitraries.ts'

describe('the load of a unit of demand', () => {
  const steady = (reported: number, sent = 100) => ({ reported, reportedBefore: reported, sent, sentLong: sent })

  test.each([
    ['the first reading is believed', undefined, { ...steady(500), reportedBefore: undefined }, 5],
    ['a higher one that is said twice is believed at once', 5, steady(600), 6],
    ['as far as both say it', 5, { ...steady(900), reportedBefore: 600 }, 6],
    ['and by no more than double', 5, steady(90_000), 10],
    ['one that is said once is a slip', 5, { ...steady(90_000), reportedBefore: 500 }, 5],
    ['a lower one moves it a part of the way', 5, steady(400), 4.8],
    ['and by no more than half of it', 5, steady(1), 4.5],
    ['what came when more was sent says nothing', 5, { ...steady(500), sent: 10 }, 5],
    ['nor what is still to come', 5, { ...steady(500), sent: 1000 }, 5],
    ['but it rises where even all that was sent does not make the load', 5, { ...steady(600), sent: 10 }, 6],
    ['and falls where even the little that was sent makes more', 5, { ...steady(400), sent: 1000 }, 4.8],
    ['next to nothing sent says nothing', 5, steady(500, 9), 5],
    ['nothing sent says nothing', undefined, steady(500, 0), undefined],
    ['no load says nothing', 5, steady(0), 5],
  ])('%s', (_, previous, reading, next) => {
    expect(nextLoadFactor(previous, reading, 10)).toEqual(next === undefined ? undefined : expect.closeTo(next))
  })

  test('of a site without readings is the median of the others', () => {
    expect(typicalLoadFactor([3, undefined, 100, 4])).toBe(4)
    expect(typicalLoadFactor([undefined])).toBeUndefined()
  })
})

test('the long mean is of all that is known while that is little, and forgets half in ten minutes', () => {
  let mean: number | undefined
  for (let step = 0; step <= 4; step++) mean = nextSentLong(mean, step * 10, 10_000, step * 10_000)
  expect(mean).toBe(25)
  expect(nextSentLong(100, 0, 600_000, 1e9)).toBeCloseTo(50)
})

describe('a site that reports its load, and spills', () => {
  test.each([
    ['requests, which are gone when their users are', 3],
    ['sessions of three minutes', 18],
    ['sessions of ten minutes', 60],
    ['sessions of an hour', 360],
  ])('is filled to its target and not emptied for the load that stays: %s', (_, stays) => {
    const site = new SpillingSite({ demand: [120, 110, 100, 90], stays, noise: 0.02 })
    const planned = Array.from({ length: 1000 }, () => site.step().planned).slice(30)
    expect(Math.max(...planned)).toBeLessThan(0.83)
    expect(Math.min(...planned)).toBeGreaterThan(0.55)
  })

  test.each([
    ['twice', 2, 8],
    ['eight times', 8, 15],
  ])('that has become %s as dear is relieved as fast as steps go', (_, times, steps) => {
    const site = new SpillingSite({ demand: [80, 70, 60, 30], stays: 3, noise: 0.02 })
    for (let i = 0; i < 50; i++) site.step()
    site.becomeDearer(times)
    const felt = Array.from({ length: 200 }, () => site.step().felt)
    expect(Math.max(...felt)).toBeGreaterThan(1)
    expect(felt.findIndex((use, i) => i > 0 && use < 1)).toBeLessThanOrEqual(steps)
    expect(Math.max(...felt.slice(steps + 2))).toBeLessThan(1)
    expect(felt.at(-1)).toBeLessThan(0.9)
  })

  test('that slips once is not relieved of anybody', () => {
    const site = new SpillingSite({ demand: [80, 70, 60, 30], stays: 3, noise: 0 })
    for (let i = 0; i < 10; i++) site.step()
    const { planned } = site.step(100)
    expect(Array.from({ length: 10 }, () => site.step().planned)).toEqual(Array(10).fill(planned))
  })
})

const INTERVAL_MS = 10_000
const CAPACITY = 1000

/** A site that is everybody's nearest, beside one that takes all the rest. What a query makes is 2.5 units at first. */
class SpillingSite {
  readonly #demand: readonly number[]
  /** How long load stays, in intervals. */
  readonly #stays: number
  readonly #noise: () => number
  #dearness = 2.5
  #factor: number | undefined
  #served: number
  #sent: number
  #sentLong: number
  #reported: number | undefined
  #previous: Assignment | undefined

  constructor({ demand, stays, noise }: { demand: readonly number[]; stays: number; noise: number }) {
    const random = seededRandom(7)
    this.#demand = demand
    this.#stays = stays
    this.#noise = () => 1 + noise * (2 * random() - 1)
    this.#served = this.#sent = this.#sentLong = demand.reduce((total, load) => total + load, 0)
  }

  becomeDearer(times: number): void {
    this.#dearness *= times
  }

  /** One interval: what is planned there and what users make, by capacity. `slip`: how many times too much it says. */
  step(slip = 1): { readonly planned: number; readonly felt: number } {
    const { assignment, loads } = spillLoad(
      {
        sites: [CAPACITY / (this.#factor ?? this.#dearness), 1e9].map((capacity) => ({ capacity, ...MARKS })),
        demand: Float64Array.from(this.#demand, (load) => load * this.#noise()),
        preference: this.#demand.map(() => [0, 1]),
        cost: Float64Array.from(this.#demand.flatMap((_, area) => [area, 90])),
      },
      this.#previous,
      0.1,
    )
    this.#previous = assignment
    const planned = loads[0]!
    this.#served += (planned - this.#served) / this.#stays
    this.#sent += (planned - this.#sent) * demandWeight(INTERVAL_MS)
    this.#sentLong = nextSentLong(this.#sentLong, this.#sent, INTERVAL_MS, Number.POSITIVE_INFINITY)
    const reported = this.#served * this.#dearness * this.#noise() * slip
    const reading = { reported, reportedBefore: this.#reported, sent: this.#sent, sentLong: this.#sentLong }
    this.#factor = nextLoadFactor(this.#factor, reading, 1)
    this.#reported = reported
    return { planned: (planned * this.#dearness) / CAPACITY, felt: (this.#served * this.#dearness) / CAPACITY }
  }
}

const MARKS = { target: 0.8, low: 0.65, reportAge: 0 }

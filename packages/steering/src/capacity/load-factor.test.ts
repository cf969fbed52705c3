import { nextLoadFactor, typicalLoadFactor } from './load-factor.ts'
import { spillLoad } from './spill-load.ts'
import type { Assignment } from './workload.ts'

describe('the load of a unit of demand', () => {
  test.each([
    ['the first reading is believed', undefined, { reported: 500, sent: 100 }, 5],
    ['a later one moves it a part of the way', 5, { reported: 600, sent: 100 }, 5.2],
    ['none moves it by more than double', 5, { reported: 90_000, sent: 100 }, 6],
    ['nor by more than half', 5, { reported: 1, sent: 100 }, 4.5],
    ['next to nothing sent says nothing', 5, { reported: 500, sent: 9 }, 5],
    ['nothing sent says nothing', undefined, { reported: 500, sent: 0 }, undefined],
    ['no load says nothing', 5, { reported: 0, sent: 100 }, 5],
  ])('%s', (_, previous, reading, next) => {
    expect(nextLoadFactor(previous, reading, 10)).toEqual(next === undefined ? undefined : expect.closeTo(next))
  })

  test('of a site without readings is the median of the others', () => {
    expect(typicalLoadFactor([3, undefined, 100, 4])).toBe(4)
    expect(typicalLoadFactor([undefined])).toBeUndefined()
  })

  test('steers a site that reports its own load, late, to its target without swinging', () => {
    // Two sites whose queries cost 2.5 and 4 units; users follow an answer with a TTL of three intervals.
    const dearness = [2.5, 4]
    const capacity = [1000, 4000]
    const demand = Float64Array.of(300, 200, 100)
    const factors: (number | undefined)[] = [2, 2]
    const served = [0, 0]
    const sent = [0, 0]
    let previous: Assignment | undefined
    const atHome: number[] = []
    for (let i = 0; i < 200; i++) {
      const { assignment, loads } = spillLoad(
        {
          sites: factors.map((factor, site) => ({
            capacity: capacity[site]! / factor!,
            target: 0.8,
            low: 0.65,
            reportAge: 0,
          })),
          demand,
          preference: [
            [0, 1],
            [0, 1],
            [0, 1],
          ],
          cost: Float64Array.of(10, 90, 20, 80, 30, 70),
        },
        previous,
        0.1,
      )
      previous = assignment
      atHome.push(loads[0]!)
      for (const site of [0, 1]) {
        served[site]! += (loads[site]! - served[site]!) / 3
        sent[site]! += (loads[site]! - sent[site]!) / 3
        const reported = served[site]! * dearness[site]! * (1 + 0.02 * Math.sin(i))
        factors[site] = nextLoadFactor(factors[site], { reported, sent: sent[site]! }, 1)
      }
    }
    const settled = atHome.slice(50)
    expect(Math.max(...settled) * dearness[0]!).toBeLessThan(1000 * 0.8 * 1.01)
    expect(Math.min(...settled) * dearness[0]!).toBeGreaterThan(1000 * 0.65)
    const steps = settled.slice(1).map((load, i) => Math.sign(Math.round((load - settled[i]!) * 1e6)))
    expect(new Set(steps.filter((step) => step !== 0)).size).toBeLessThanOrEqual(1)
  })
})

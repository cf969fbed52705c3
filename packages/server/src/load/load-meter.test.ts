import { DEMAND_HALF_LIFE_MS as HALF_LIFE_MS } from '@windrose/steering'
import fc from 'fast-check'
import { LoadMeter } from './load-meter.ts'

const fra = (answers: number) => [{ service: 'web', site: 'fra', answers }]

test('a rate is what came since the counts before, by the time that went by', () => {
  const meter = new LoadMeter()
  expect(meter.measure(fra(100), 5000)).toEqual([
    { service: 'web', site: 'fra', answers: 100, perSecond: 20, smoothed: 20 },
  ])
  expect(meter.measure(fra(130), 15_000)).toMatchObject([{ answers: 130, perSecond: 3 }])
})

test('the mean comes half way to a new rate in a half-life, however often it is measured', () => {
  const often = new LoadMeter()
  const once = new LoadMeter()
  often.measure(fra(0), 1000)
  once.measure(fra(0), 1000)
  for (let step = 1; step <= 3; step++) {
    often.measure(fra((step * HALF_LIFE_MS) / 30), 1000 + (step * HALF_LIFE_MS) / 3)
  }
  const [last] = once.measure(fra(HALF_LIFE_MS / 10), 1000 + HALF_LIFE_MS)
  expect(last!.perSecond).toBeCloseTo(100, 9)
  expect(last!.smoothed).toBeCloseTo(50, 9)
  expect(often.measure(fra(HALF_LIFE_MS / 10), 1000 + HALF_LIFE_MS)[0]!.smoothed).toBeCloseTo(50, 1)
})

test('a pool that is new, or is counted from 0 again, has what it has since', () => {
  const meter = new LoadMeter()
  meter.measure(fra(100), 5000)
  const more = [...fra(10), { service: 'api', site: 'iad', answers: 50 }]
  expect(meter.measure(more, 10_000)).toMatchObject([{ perSecond: 2 }, { perSecond: 10, smoothed: 10 }])
})

test('no load is ever below 0, and the mean lies between the lowest and the highest rate', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(10_000), fc.integer({ min: 1, max: 60_000 })), { minLength: 1 }), (steps) => {
      const meter = new LoadMeter()
      let atMs = 0
      let answers = 0
      const rates: number[] = []
      for (const [more, elapsedMs] of steps) {
        atMs += elapsedMs
        answers += more
        const [pool] = meter.measure(fra(answers), atMs)
        rates.push(pool!.perSecond)
        expect(pool!.smoothed).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-6)
        expect(pool!.smoothed).toBeLessThanOrEqual(Math.max(...rates) + 1e-6)
      }
    }),
  )
})

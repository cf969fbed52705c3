import { smoothDemand } from './smooth-demand.ts'

test('smoothed demand follows a crowd by two thirds in three intervals, and noise by a third', () => {
  const demand = Float64Array.of(100, 100)
  for (let i = 0; i < 3; i++) smoothDemand(demand, Float64Array.of(1000, i % 2 === 0 ? 110 : 90))
  expect(demand[0]).toBeCloseTo(100 + 900 * 0.657, 0)
  expect(Math.abs(demand[1]! - 100)).toBeLessThan(4)
})

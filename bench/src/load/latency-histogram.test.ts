import fc from 'fast-check'
import { LatencyHistogram } from './latency-histogram.ts'

test('a quantile is that of the sorted values, within 1.6 %', () => {
  const durations = fc.array(fc.oneof(fc.nat(200), fc.nat(100_000), fc.nat(2 ** 31 - 1)), {
    minLength: 1,
    maxLength: 300,
  })
  fc.assert(
    fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const histogram = new LatencyHistogram()
      for (const value of values) histogram.add(value)
      const sorted = [...values].sort((a, b) => a - b)
      const exact = sorted[Math.max(1, Math.ceil(q * values.length)) - 1]!
      const found = histogram.quantile(q)
      expect(found).toBeGreaterThanOrEqual(exact)
      expect(found).toBeLessThanOrEqual(exact * (1 + 1 / 63) + 1)
    }),
  )
})

test('the largest is exact, what is out of range counts at its ends, and nothing gives no quantile', () => {
  const histogram = new LatencyHistogram()
  expect(histogram.quantile(0.5)).toBeNaN()
  for (const ns of [-5, 12.7, 123_457, 1e12]) histogram.add(ns)
  expect(histogram.count).toBe(4)
  expect(histogram.quantile(0)).toBe(0)
  expect(histogram.quantile(1)).toBe(2 ** 32 - 1)
})

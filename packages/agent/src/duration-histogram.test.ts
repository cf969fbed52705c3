import { DURATION_BOUNDS_MS, DurationHistogram } from './duration-histogram.ts'

describe('a histogram of durations', () => {
  test('counts each bound with all that are below it, the bound itself too', () => {
    const histogram = new DurationHistogram()
    for (const durationMs of [0, 1, 1.1, 2.5, 700, 10_000, 60_000]) histogram.observe(durationMs)
    const { atMost, sumMs } = histogram.counts
    expect(atMost).toEqual([2, 4, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 6, 7])
    expect(atMost).toHaveLength(DURATION_BOUNDS_MS.length + 1)
    expect(sumMs).toBeCloseTo(70_704.6)
  })

  test('has nothing at first', () => {
    expect(new DurationHistogram().counts).toEqual({ atMost: DURATION_BOUNDS_MS.map(() => 0).concat(0), sumMs: 0 })
  })
})

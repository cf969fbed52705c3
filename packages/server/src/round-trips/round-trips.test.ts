import fc from 'fast-check'
import { nextMeasured } from './round-trips.ts'

const tolerance = { milliseconds: 5, percent: 10 }
type State = ReturnType<typeof nextMeasured>

/** What holds after samples in milliseconds, one every five seconds. */
function after(samples: readonly number[], before?: State, startMs = 0): State {
  let state = before
  for (const [i, ms] of samples.entries()) {
    state = nextMeasured(state, { sample: ms * 1000, tolerance, nowMs: startMs + i * 5000 + 1 })
  }
  return state!
}

test('too few samples say nothing', () => {
  expect(after([20, 20]).settled).toBe(0)
  expect(after([20, 20, 20]).settled).toBe(20_000)
})

test('noise within the tolerance moves nothing', () => {
  const settled = after([20, 20, 20])
  expect(after([23, 17, 24, 16, 22, 18, 24], settled).settled).toBe(20_000)
})

test('a change moves it when it has lasted for five minutes, and not before', () => {
  const settled = after([20, 20, 20])
  const before = after(Array(59).fill(60), settled, 100_000)
  expect(before.settled).toBe(20_000)
  const later = after(Array(10).fill(60), before, 100_000 + 59 * 5000)
  expect(later.settled).toBeGreaterThan(55_000)
})

test('a change that goes back before that leaves it where it was', () => {
  const settled = after([20, 20, 20])
  const high = after(Array(40).fill(60), settled, 100_000)
  const back = after(Array(40).fill(20), high, 300_000)
  expect(after(Array(40).fill(60), back, 500_000).settled).toBe(20_000)
})

test('when nobody measures any more nothing is known', () => {
  expect(after([0], after([20, 20, 20])).settled).toBe(0)
})

test('what holds is always within what was measured', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 3, maxLength: 200 }), (samples) => {
      const { settled } = after(samples)
      expect(settled).toBeGreaterThanOrEqual(Math.min(...samples) * 1000 - 1)
      expect(settled).toBeLessThanOrEqual(Math.max(...samples) * 1000 + 1)
    }),
  )
})

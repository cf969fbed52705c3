import { TurnCounter } from './turn-counter.ts'

test.each([
  ['one way', [0, 0.1, 0.2, 0.9], 0],
  ['there and back', [0, 0.5, 0], 1],
  ['a saw', [0, 0.5, 0, 0.5, 0, 0.5], 4],
  ['waves that are too small', [0.5, 0.505, 0.5, 0.505, 0.5], 0],
  ['a slow way back, in small steps', [0, 0.5, 0.495, 0.491, 0.485], 1],
  ['turns that are far from each other', [0, 0.5, 0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0], 1],
])('turns of shares: %s', (_, values, turns) => {
  const counter = new TurnCounter(2, 5)
  for (const value of values) counter.add(Float64Array.of(value, 1))
  expect(counter.most).toBe(turns)
})

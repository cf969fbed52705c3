import type { Transition } from '@windrose/health'
import { TransitionLog } from './transition-log.ts'

const turn = (endpoint: string): Transition => ({ endpoint, from: 'up', to: 'down', at: 1, reason: 'x' })

test('the latest are kept in memory that does not grow, and all are counted', () => {
  const log = new TransitionLog(3)
  for (const name of ['a', 'b', 'c', 'd', 'e']) log.add(turn(name))
  expect(log.count).toBe(5)
  expect(log.latest(10).map(({ endpoint, sequence }) => `${sequence}${endpoint}`)).toEqual(['5e', '4d', '3c'])
  expect(log.latest(2).map(({ sequence }) => sequence)).toEqual([5, 4])
  expect(log.after(3, 10).map(({ sequence }) => sequence)).toEqual([4, 5])
  expect(log.after(0, 1).map(({ sequence }) => sequence)).toEqual([3])
  expect(log.after(5, 10)).toEqual([])
})

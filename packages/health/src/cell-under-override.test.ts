import { cellStability, cellVerdict, DEGRADED, DRAINED, FORCED, healthCell, Verdict } from '@windrose/steering'
import { cellUnderOverride } from './cell-under-override.ts'
import type { Override } from './override.ts'

const CELL = healthCell(Verdict.down, DEGRADED, 12)
const under = (action: Override['action']): number =>
  cellUnderOverride(CELL, {
    id: 'a',
    target: { kind: 'site', site: 'fra' },
    action,
    reason: '',
    author: '',
    createdAt: 1,
  })

test('without an override a cell is what the checks made it', () => {
  expect(cellUnderOverride(CELL, undefined)).toBe(CELL)
})

test('a drain leaves the verdict, and says so beside it', () => {
  expect(under('drain')).toBe(healthCell(Verdict.down, DEGRADED | DRAINED, 12))
})

test.each(['up', 'down'] as const)('forced %s hides what checks say, and no check can change it', (action) => {
  expect(cellVerdict(under(action))).toBe(Verdict[action])
  expect(under(action) & FORCED).toBe(FORCED)
  expect(under(action) & DEGRADED).toBe(0)
  expect(cellStability(under(action))).toBe(Number.POSITIVE_INFINITY)
})

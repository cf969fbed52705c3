import fc from 'fast-check'
import {
  cellAt,
  cellRamp,
  cellStability,
  cellVerdict,
  DEGRADED,
  DRAINED,
  FORCED,
  healthCell,
  RAMP_SHIFT,
  STABILITY_MAX,
  STALE,
  Verdict,
} from './health-table.ts'
import { table } from './scenes.arbitraries.ts'

describe('a cell', () => {
  test.each([
    [0, 0],
    [1.9, 1],
    [-5, 0],
    [STABILITY_MAX - 1, STABILITY_MAX - 1],
    [STABILITY_MAX, Number.POSITIVE_INFINITY],
    [1e9, Number.POSITIVE_INFINITY],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('made with a stability of %d s promises %d s', (given, read) => {
    expect(cellStability(healthCell(Verdict.up, 0, given))).toBe(read)
  })

  test('keeps verdict, flags, ramp and stability apart', () => {
    const anyFlags = fc.constantFrom(0, DRAINED, FORCED, DEGRADED, STALE, DRAINED | FORCED | DEGRADED | STALE)
    const anyVerdict = fc.constantFrom(...Object.values(Verdict))
    fc.assert(
      fc.property(anyVerdict, anyFlags, fc.nat(3), fc.nat(STABILITY_MAX - 1), (verdict, flags, ramp, stability) => {
        const cell = Uint32Array.of(healthCell(verdict, flags | (ramp << RAMP_SHIFT), stability))[0]!
        const read = [cellVerdict(cell), cell & 0b111100, cellRamp(cell), cellStability(cell)]
        expect(read).toEqual([verdict, flags, ramp, stability])
      }),
    )
  })
})

describe('cellAt', () => {
  const health = table([1, 2, 5, 6], 2)

  test.each([
    ['the global view', 0, 1, 2],
    ['another view', 1, 0, 5],
    ['a view that the table does not hold: the global one', 2, 1, 2],
    ['an endpoint that the table does not hold: unknown', 0, 2, 0],
    ['an endpoint beyond its row: not the next row', 0, 3, 0],
  ])('%s', (_, view, endpoint, cell) => expect(cellAt(health, view, endpoint)).toBe(cell))
})

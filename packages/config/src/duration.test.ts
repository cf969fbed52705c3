import fc from 'fast-check'
import { printDuration, readDuration } from './duration.ts'

describe('a duration', () => {
  test.each([
    ['500ms', 500],
    ['5s', 5_000],
    ['2m', 120_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['1d2h3m4s5ms', 93_784_005],
    ['0s', 0],
    ['90m', 5_400_000],
    ['1m500ms', 60_500],
  ])('%s is %d milliseconds', (text, durationMs) => {
    expect(readDuration(text)).toBe(durationMs)
  })

  test.each(['', '5', '5 s', '-5s', '0.5s', '1e3s', 's', 'ms', '1s1s', '30m1h', '5S', '5sec', '1w', '12345678901s'])(
    '%p is none',
    (text) => {
      expect(readDuration(text)).toBeUndefined()
    },
  )

  test('is the same after it was printed and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e14 }), (durationMs) => {
        expect(readDuration(printDuration(durationMs))).toBe(durationMs)
      }),
    )
  })
})

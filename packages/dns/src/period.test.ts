import { readPeriod } from './period.ts'

test.each([
  ['0', 0],
  ['300', 300],
  ['0300', 300],
  ['1h30m', 5400],
  ['1W', 604_800],
  ['1w2D3h4m5S', 604_800 + 2 * 86_400 + 3 * 3600 + 4 * 60 + 5],
  ['2147483648', 2_147_483_648],
  ['', undefined],
  ['h', undefined],
  ['1h30', undefined], // BIND refuses a last number without a unit, too
  ['-1', undefined],
  ['1.5h', undefined],
  ['1y', undefined],
  ['1 h', undefined],
])('%s is %s seconds', (text, seconds) => expect(readPeriod(text)).toBe(seconds))

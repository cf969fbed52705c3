import fc from 'fast-check'
import { apportion, decodeShares, encodeShares, WHOLE } from './share-row.ts'

function encode(shares: readonly number[]): number[] {
  const row = new Uint16Array(shares.length)
  encodeShares(shares, row)
  return [...row]
}

const anyShares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 })

describe('a row of shares', () => {
  test.each([
    [[1], [65535]],
    [
      [0, 1, 0],
      [0, 65535, 0],
    ],
    [
      [0.5, 0.5],
      [32768, 32767],
    ],
    [
      [0.25, 0.5, 0.25],
      [16384, 32767, 16384],
    ],
    [
      [1 / 3, 1 / 3, 1 / 3],
      [21845, 21845, 21845],
    ],
    [
      [2, 2],
      [32768, 32767],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
    [[], []],
  ])('of %j is %j', (shares, row) => {
    expect(encode(shares)).toEqual(row)
  })

  test('sums to the whole, and no part is off by a unit', () => {
    fc.assert(
      fc.property(anyShares, (shares) => {
        const sum = shares.reduce((total, share) => total + share, 0)
        const row = encode(shares)
        expect(row.reduce((total, part) => total + part, 0)).toBe(sum > 0 ? WHOLE : 0)
        expect(row.every((part, i) => sum === 0 || Math.abs(part - (shares[i]! / sum) * WHOLE) < 1)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('is the same after it was read and written again', () => {
    fc.assert(
      fc.property(anyShares, (shares) => {
        const row = encode(shares)
        const read = decodeShares(Uint16Array.from(row))
        expect(read === undefined ? row.map(() => 0) : encode([...read])).toEqual(row)
      }),
      { numRuns: 2000 },
    )
  })

  test('of nothing but zeros is no assignment', () => {
    expect(decodeShares(new Uint16Array(3))).toBeUndefined()
    expect([...decodeShares(Uint16Array.of(WHOLE, 0))!]).toEqual([1, 0])
  })
})

test('units are given by largest remainder, the earlier one first', () => {
  const parts = new Uint16Array(3)
  apportion([0.4, 0.35, 0.25], 10, parts)
  expect([...parts]).toEqual([4, 4, 2])
  apportion([1, 1, 1], 4, parts)
  expect([...parts]).toEqual([2, 1, 1])
})

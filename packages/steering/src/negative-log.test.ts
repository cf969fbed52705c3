import fc from 'fast-check'
import { leastNegativeLog, negativeLog } from './negative-log.ts'

const anyHash = fc.oneof(
  fc.nat(0xffffffff),
  fc.nat(300),
  fc.nat(300).map((below) => 0xffffffff - below),
  fc.nat(31).map((bit) => 2 ** bit),
)

test('the negative logarithm is that of the middle of a hash’s place between 0 and 1', () => {
  fc.assert(
    fc.property(anyHash, (hash) => {
      // Near 1 the quotient has lost digits that log1p still gets.
      const u = (hash + 0.5) / 2 ** 32
      const expected = u > 0.5 ? -Math.log1p((hash - 2 ** 32 + 0.5) / 2 ** 32) : -Math.log(u)
      expect(Math.abs(negativeLog(hash) / expected - 1)).toBeLessThan(4e-15)
    }),
    { numRuns: 5000 },
  )
})

test('the negative logarithm has these bits on every machine', () => {
  const octets = new DataView(new ArrayBuffer(8))
  const bits = [0, 1, 12345, 0x7fffffff, 0x80000000, 0xdeadbeef, 0xffffffff].map((hash) => {
    octets.setFloat64(0, negativeLog(hash))
    return octets.getBigUint64(0).toString(16)
  })
  expect(bits).toEqual(BITS)
})

test('its lower bound is below it', () => {
  fc.assert(
    fc.property(anyHash, (hash) => {
      expect(leastNegativeLog(hash)).toBeGreaterThan(0)
      expect(leastNegativeLog(hash)).toBeLessThan(negativeLog(hash))
    }),
    { numRuns: 5000 },
  )
})

const BITS = [
  '4036dfb516f20bbe',
  '4035c6766f473b8e',
  '402984f28845ea25',
  '3fe62e42ff1a39ef',
  '3fe62e42feda39ef',
  '3fc1d96ac64c5279',
  '3de0000000040000',
]

import fc from 'fast-check'
import { readAddress } from './address.ts'
import { containsAddress, maskAddress, printPrefix, readPrefix } from './prefix.ts'

describe('readPrefix', () => {
  test.each([
    ['192.0.2.0/24', '192.0.2.0/24', false],
    ['192.0.2.1/24', '192.0.2.0/24', true],
    ['192.0.2.1', '192.0.2.1/32', false],
    ['2001:db8::1', '2001:db8::1/128', false],
    ['10.1.2.3/8', '10.0.0.0/8', true],
    ['10.128.0.0/9', '10.128.0.0/9', false],
    ['10.128.0.0/8', '10.0.0.0/8', true],
    ['::/0', '::/0', false],
    ['ffff::/0', '::/0', true],
    ['2001:db8:8000::/33', '2001:db8:8000::/33', false],
  ])('%s is %s', (text, printed, hostBitsSet) => {
    const read = readPrefix(text)!
    expect(printPrefix(read.prefix)).toBe(printed)
    expect(read.hostBitsSet).toBe(hostBitsSet)
  })

  test.each([
    '',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '10.0.0.0/ 8',
    '::/-1',
  ])('%s is refused', (text) => expect(readPrefix(text)).toBeUndefined())
})

describe('containsAddress', () => {
  test.each([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['192.0.2.1/32', '192.0.2.1', true],
    ['192.0.2.1/32', '192.0.2.2', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '::1', false], // another family
    ['::/0', '::ffff:192.0.2.1', true],
    ['2001:db8::/33', '2001:db8:8000::', false],
  ])('%s contains %s: %s', (prefix, address, expected) => {
    expect(containsAddress(readPrefix(prefix)!.prefix, readAddress(address)!)).toBe(expected)
  })
})

describe('any prefix', () => {
  const addressAndLength = fc.constantFrom(4, 16).chain((octets) =>
    fc.record({
      address: fc.uint8Array({ minLength: octets, maxLength: octets }),
      length: fc.integer({ min: 0, max: octets * 8 }),
    }),
  )

  test('survives printing and reading', () => {
    fc.assert(
      fc.property(addressAndLength, ({ address, length }) => {
        const prefix = { address: maskAddress(address, length), length }
        expect(readPrefix(printPrefix(prefix))).toEqual({ prefix, hostBitsSet: false })
      }),
    )
  })

  test('contains an address exactly when their leading bits are the same', () => {
    const bits = (address: Uint8Array) => Array.from(address, (octet) => octet.toString(2).padStart(8, '0')).join('')
    fc.assert(
      fc.property(addressAndLength, fc.nat(), ({ address, length }, flip) => {
        const other = address.slice()
        const bit = flip % (address.length * 8)
        other[bit >> 3]! ^= 0x80 >> (bit & 7)
        const prefix = { address: maskAddress(address, length), length }
        expect(containsAddress(prefix, address)).toBe(true)
        expect(containsAddress(prefix, other)).toBe(bit >= length)
        expect(bits(prefix.address)).toBe(
          bits(address)
            .slice(0, length)
            .padEnd(address.length * 8, '0'),
        )
      }),
    )
  })
})

import { isIP } from 'node:net'
import fc from 'fast-check'
import { equalAddresses, printAddress, readAddress } from './address.ts'

describe('readAddress', () => {
  test.each([
    ['192.0.2.1', [192, 0, 2, 1]],
    ['0.0.0.0', [0, 0, 0, 0]],
    ['255.255.255.255', [255, 255, 255, 255]],
    ['::', new Array(16).fill(0)],
    ['::1', [...new Array(15).fill(0), 1]],
    ['1::', [0, 1, ...new Array(14).fill(0)]],
    ['2001:DB8::ff', [0x20, 1, 0x0d, 0xb8, ...new Array(11).fill(0), 0xff]],
    ['1:2:3:4:5:6:7::', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0]],
    ['::ffff:192.0.2.1', [...new Array(10).fill(0), 255, 255, 192, 0, 2, 1]],
    ['1:2:3:4:5:6:192.0.2.1', [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 192, 0, 2, 1]],
  ])('%s is read', (text, octets) => expect([...readAddress(text)!]).toEqual(octets))

  test.each([
    '',
    '1.2.3',
    '1.2.3.4.5',
    '01.2.3.4',
    '1.2.3.256',
    '1.2.3.4 ',
    '1.2.3.-4',
    '0x1.2.3.4',
    '1..2.3',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1::',
    '12345::',
    'g::',
    ':1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:',
    '192.0.2.1::',
    '::192.0.2.1:1',
    '::1.2.3',
    'fe80::1%eth0',
    '[::1]',
  ])('%s is refused', (text) => expect(readAddress(text)).toBeUndefined())
})

describe('printAddress', () => {
  test.each([
    ['0:0:0:0:0:0:0:0', '::'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'], // RFC 5952 section 4.2.3: the first of equal runs
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], // section 4.2.2: one group is not shortened
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['::c000:201', '::c000:201'],
    ['10.0.0.255', '10.0.0.255'],
  ])('%s is printed as %s', (text, printed) => expect(printAddress(readAddress(text)!)).toBe(printed))
})

describe('any address', () => {
  const addresses = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    // Mostly zeros, so that runs are shortened.
    fc
      .array(fc.constantFrom(0, 0, 0, 0, 255), { minLength: 16, maxLength: 16 })
      .map((octets) => Uint8Array.from(octets)),
  )

  test('is read back as it was printed', () => {
    fc.assert(fc.property(addresses, (address) => equalAddresses(readAddress(printAddress(address))!, address)))
  })

  test('is printed as something that node takes for an address of that family', () => {
    fc.assert(fc.property(addresses, (address) => isIP(printAddress(address)) === (address.length === 4 ? 4 : 6)))
  })

  test('is read where node sees one, and nothing else is', () => {
    const texts = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string({ unit: fc.constantFrom('0', '1', 'f', 'F', ':', '::', '.', '255', '256', '01', 'g', ' ') }),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const address = readAddress(text)
        return (address === undefined ? 0 : address.length === 4 ? 4 : 6) === isIP(text)
      }),
      { numRuns: 2000 },
    )
  })
})

import { readAddress } from './address.ts'
import { printPrefix, readPrefix } from './prefix.ts'
import { isSpecialPurpose, SPECIAL_PURPOSE } from './special-purpose.ts'

test.each([
  ['10.255.255.255', true],
  ['11.0.0.0', false],
  ['100.64.0.1', true],
  ['100.63.255.255', false],
  ['172.31.0.1', true],
  ['172.32.0.1', false],
  ['192.88.99.1', false],
  ['198.19.255.255', true],
  ['223.255.255.255', false],
  ['224.0.0.1', true],
  ['255.255.255.255', true],
  ['::1', true],
  ['::2', false],
  ['fd00::1', true],
  ['fec0::1', false],
  ['2001:db8::1', true],
  ['2001:4860::1', false],
  ['2002:a00:1::', false],
])('%s is special: %s', (text, expected) => expect(isSpecialPurpose(readAddress(text)!)).toBe(expected))

test('every prefix of the table is there once and has no host bits', () => {
  const printed = SPECIAL_PURPOSE.map(printPrefix)
  expect(new Set(printed).size).toBe(printed.length)
  for (const text of printed) expect(readPrefix(text)!.hostBitsSet).toBe(false)
})

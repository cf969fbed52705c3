import fc from 'fast-check'
import { composeClientSubnet, parseClientSubnet } from './client-subnet.ts'

describe('parseClientSubnet', () => {
  test.each<[string, number[], boolean]>([
    ['IPv4 /24', [0, 1, 24, 0, 192, 0, 2], true],
    ['IPv4 /27, last bits zero', [0, 1, 27, 0, 192, 0, 2, 0xe0], true],
    ['IPv4 /27, a bit beyond set', [0, 1, 27, 0, 192, 0, 2, 0xf0], false],
    ['IPv4 /33', [0, 1, 33, 0, 192, 0, 2, 1, 0], false],
    ['IPv4 /32 with three octets', [0, 1, 32, 0, 192, 0, 2], false],
    ['IPv4 /24 with four octets', [0, 1, 24, 0, 192, 0, 2, 0], false],
    ['IPv4 /0', [0, 1, 0, 0], true],
    ['IPv4 scope 33', [0, 1, 24, 33, 192, 0, 2], false],
    ['IPv6 /56', [0, 2, 56, 0, 0x20, 1, 0x0d, 0xb8, 0, 0, 0], true],
    ['IPv6 /128', [0, 2, 128, 0, ...new Array<number>(16).fill(1)], true],
    ['IPv6 /129', [0, 2, 129, 0, ...new Array<number>(17).fill(0)], false],
    ['family 0, both lengths 0', [0, 0, 0, 0], true],
    ['family 0 with a length', [0, 0, 8, 0, 10], false],
    ['family 0 with a scope', [0, 0, 0, 8], false],
    ['family 3', [0, 3, 0, 0], false],
    ['family 42', [0, 42, 8, 0, 1], false],
    ['family 257, low octet 1', [1, 1, 8, 0, 1], false],
    ['three octets', [0, 1, 0], false],
    ['nothing', [], false],
  ])('%s', (_, data, isGood) => expect(parseClientSubnet(Uint8Array.from(data)) !== undefined).toBe(isGood))

  test('gives family, lengths and the octets as sent', () => {
    expect(parseClientSubnet(Uint8Array.of(0, 1, 20, 24, 10, 20, 0x30))).toEqual({
      family: 1,
      sourceLength: 20,
      scopeLength: 24,
      address: Uint8Array.of(10, 20, 0x30),
    })
  })

  test('any octets give a value or undefined, and a value composes to the same octets', () => {
    const data = fc.oneof(
      fc.uint8Array({ maxLength: 24 }),
      fc
        .tuple(fc.constantFrom(0, 1, 2), fc.nat(130), fc.nat(130), fc.uint8Array({ maxLength: 17 }))
        .map(([family, source, scope, address]) => Uint8Array.of(0, family, source, scope, ...address)),
    )
    fc.assert(
      fc.property(data, (octets) => {
        const subnet = parseClientSubnet(octets)
        if (subnet !== undefined) expect(composeClientSubnet(subnet)).toEqual(octets)
      }),
      { numRuns: 2000 },
    )
  })
})

test('composeClientSubnet cuts the address to the source length', () => {
  const address = Uint8Array.of(192, 0, 2, 0xff)
  expect([...composeClientSubnet({ family: 1, sourceLength: 26, scopeLength: 24, address })]).toEqual([
    0, 1, 26, 24, 192, 0, 2, 0xc0,
  ])
  expect([...composeClientSubnet({ family: 1, sourceLength: 16, scopeLength: 0, address })]).toEqual([
    0, 1, 16, 0, 192, 0,
  ])
})

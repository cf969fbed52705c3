import fc from 'fast-check'
import { anyName } from './dns.arbitraries.ts'
import { isName } from './name.ts'
import { printName } from './name-text.ts'
import { Reader } from './reader.ts'

describe('Reader', () => {
  test('reads numbers in network order', () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3, 0xff, 0xff, 0xff, 0xfe))
    expect([reader.u8(), reader.u16(), reader.u32()]).toEqual([1, 0x0203, 0xfffffffe])
    expect(reader.short).toBe(false)
    expect(reader.remaining).toBe(0)
  })

  test('after one short read gives zeros and moves nothing', () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3))
    expect(reader.u32()).toBe(0)
    const { position } = reader
    expect([reader.u8(), reader.u16(), reader.take(1), reader.name()]).toEqual([
      0,
      0,
      new Uint8Array(0),
      Uint8Array.of(0),
    ])
    expect([reader.short, reader.position, reader.remaining]).toEqual([true, position, 0])
  })

  test('never reads beyond its end', () => {
    const reader = new Reader(Uint8Array.of(1, 97, 0, 7), 0, 2)
    reader.name()
    expect(reader.short).toBe(true)
  })

  test('counts pointers from where the message begins', () => {
    // Two octets before the message, then 'a.' at 0 and 'b' with a pointer to it at 3.
    const octets = Uint8Array.of(9, 9, 1, 97, 0, 1, 98, 0xc0, 0, 5)
    const reader = new Reader(octets, 2)
    reader.position = 5
    expect(printName(reader.name())).toBe('b.a.')
    expect(reader.u8()).toBe(5)
  })

  test.each<[string, number[], number]>([
    ['to itself', [0xc0, 0], 0],
    ['forwards', [0xc0, 2, 0], 0],
    ['into its own labels', [1, 97, 0xc0, 0], 0],
    ['in a circle of two', [0xc0, 2, 0xc0, 0], 2],
    ['cut in half', [1, 97, 0, 0xc0], 3],
    ['of an unknown kind', [0x40, 0], 0],
    ['past the end', [0xff, 0xff], 0],
  ])('refuses a pointer %s', (_, octets, at) => {
    const reader = new Reader(Uint8Array.from(octets))
    reader.position = at
    reader.name()
    expect(reader.short).toBe(true)
  })

  test('refuses a name that only pointers make longer than 255 octets', () => {
    const label = [63, ...new Array<number>(63).fill(97)]
    const octets = Uint8Array.of(...label, ...label, ...label, 0, 61, ...new Array<number>(61).fill(98), 0xc0, 0)
    const reader = new Reader(octets)
    reader.position = 193
    expect(reader.name()).toHaveLength(255)
    octets[193] = 62
    const longer = new Reader(Uint8Array.of(...octets.subarray(0, 194), 98, ...octets.subarray(194)))
    longer.position = 193
    longer.name()
    expect(longer.short).toBe(true)
  })

  test('refuses any pointer where none may be', () => {
    const reader = new Reader(Uint8Array.of(1, 97, 0, 0xc0, 0))
    expect(printName(reader.plainName())).toBe('a.')
    reader.plainName()
    expect(reader.short).toBe(true)
  })

  test('reads back any name', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const reader = new Reader(name)
        expect(reader.name()).toEqual(name)
        expect(reader.position).toBe(name.length)
      }),
    )
  })

  test('gives a name for any octets, and never throws', () => {
    const octets = fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(0xc0), fc.nat(255)), { maxLength: 40 })
    fc.assert(
      fc.property(octets, fc.nat(40), (values, at) => {
        const reader = new Reader(Uint8Array.from(values))
        reader.position = Math.min(at, values.length)
        return isName(reader.name()) && reader.position <= values.length
      }),
      { numRuns: 2000 },
    )
  })
})

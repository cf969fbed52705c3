import fc from 'fast-check'
import { anyName, similarName } from './dns.arbitraries.ts'
import { equalNames, type Name } from './name.ts'
import { printName, readName } from './name-text.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const name = (text: string): Name => readName(text) as Name

describe('Writer', () => {
  test('writes numbers in network order', () => {
    const writer = new Writer(new Uint8Array(7))
    writer.u8(1)
    writer.u16(0x0203)
    writer.u32(0xfffefdfc)
    expect([...writer.octets]).toEqual([1, 2, 3, 0xff, 0xfe, 0xfd, 0xfc])
    expect(writer.full).toBe(false)
  })

  test('points to the longest tail that was written before', () => {
    const writer = new Writer(new Uint8Array(100))
    writer.name(name('www.example.org.'), true)
    writer.name(name('mail.example.org.'), true)
    writer.name(name('WWW.Example.org.'), true)
    writer.name(name('org.'), true)
    writer.name(name('.'), true)
    expect([...writer.octets.subarray(17, writer.position)]).toEqual([
      4, 109, 97, 105, 108, 0xc0, 4, 0xc0, 0, 0xc0, 12, 0,
    ])
  })

  test('counts pointers from the start of the message', () => {
    const writer = new Writer(new Uint8Array(100), 50)
    writer.name(name('a.'), true)
    writer.name(name('a.'), true)
    expect([...writer.octets.subarray(50, 55)]).toEqual([1, 97, 0, 0xc0, 0])
  })

  test('writes a name whole that may not be compressed, and lets later ones point to it', () => {
    const writer = new Writer(new Uint8Array(100))
    writer.name(name('a.b.'), false)
    writer.name(name('a.b.'), false)
    writer.name(name('c.b.'), true)
    expect([...writer.octets.subarray(0, writer.position)]).toEqual([1, 97, 1, 98, 0, 1, 97, 1, 98, 0, 1, 99, 0xc0, 2])
  })

  test('takes a name from the middle of other octets', () => {
    const writer = new Writer(new Uint8Array(100))
    writer.name(Uint8Array.of(9, 9, 1, 97, 0, 9), true, 2)
    expect([...writer.octets.subarray(0, writer.position)]).toEqual([1, 97, 0])
  })

  test('stays full after what did not fit, until it is rolled back', () => {
    const writer = new Writer(new Uint8Array(6))
    writer.u16(1)
    const mark = writer.mark()
    writer.name(name('abcdef.'), true)
    writer.u8(7)
    expect([writer.full, writer.position]).toEqual([true, 2])
    writer.rollback(mark)
    writer.u32(9)
    expect([writer.full, [...writer.octets]]).toEqual([false, [0, 1, 0, 0, 0, 9]])
  })

  test('forgets the names after the mark, and keeps those before', () => {
    const writer = new Writer(new Uint8Array(100))
    writer.name(name('org.'), true)
    const mark = writer.mark()
    writer.name(name('a.org.'), true)
    writer.rollback(mark)
    writer.name(name('b.a.org.'), true)
    expect([...writer.octets.subarray(5, writer.position)]).toEqual([1, 98, 1, 97, 0xc0, 0])
  })

  test('forgets all names at a reset', () => {
    const writer = new Writer(new Uint8Array(100))
    writer.name(name('org.'), true)
    writer.reset(new Uint8Array(20), 4, 12)
    writer.name(name('org.'), true)
    expect(writer.position).toBe(9)
    writer.name(name('longer.'), true)
    expect(writer.full).toBe(true)
  })

  test('does not point beyond the 14 bits of a pointer', () => {
    const writer = new Writer(new Uint8Array(0x5000))
    writer.bytes(new Uint8Array(0x4000))
    writer.name(name('a.'), true)
    writer.name(name('a.'), true)
    expect(writer.position).toBe(0x4006)
  })

  test('names are read back as they were written, with whatever rollbacks between', () => {
    const step = fc.record({ name: fc.oneof(similarName, anyName), compress: fc.boolean(), undo: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 600 }), (steps, size) => {
        const writer = new Writer(new Uint8Array(1000), 3, 3 + size)
        const kept: Name[] = []
        for (const { name, compress, undo } of steps) {
          const mark = writer.mark()
          writer.name(name, compress)
          if (writer.full || undo) writer.rollback(mark)
          else kept.push(name)
        }
        const reader = new Reader(writer.octets, 3, writer.position)
        for (const name of kept) {
          const read = reader.name()
          if (!equalNames(read, name)) throw new Error(`${printName(read)} is not ${printName(name)}`)
        }
        expect([reader.remaining, reader.short]).toEqual([0, false])
      }),
    )
  })

  test('more names than it can remember are still written', () => {
    const writer = new Writer(new Uint8Array(0x10000))
    const names = Array.from({ length: 3000 }, (_, i) => name(`n${i}.`))
    for (const each of names) writer.name(each, true)
    writer.name(names[0]!, true)
    const reader = new Reader(writer.octets, 0, writer.position)
    for (const each of [...names, names[0]!]) expect(reader.name()).toEqual(each)
  })
})

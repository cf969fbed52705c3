import fc from 'fast-check'
import { anyName, similarName } from './dns.arbitraries.ts'
import {
  compareNames,
  concatNames,
  equalNames,
  foldName,
  isName,
  isWildcard,
  isWithin,
  labelCount,
  labelsOf,
  type Name,
  nameKey,
  parentName,
  prependLabel,
  ROOT,
} from './name.ts'
import { printName, readName } from './name-text.ts'

const name = (text: string): Name => readName(text) as Name

describe('isName', () => {
  test.each<[string, unknown, boolean]>([
    ['the root', Uint8Array.of(0), true],
    ['no octets', new Uint8Array(0), false],
    ['no root at the end', Uint8Array.of(1, 97), false],
    ['octets after the root', Uint8Array.of(1, 97, 0, 0), false],
    ['a label past the end', Uint8Array.of(5, 97, 0), false],
    ['a pointer', Uint8Array.of(0xc0, 0), false],
    ['a label of 64', Uint8Array.of(64, ...new Array(64).fill(97), 0), false],
    ['255 octets', ofLabels(63, 63, 63, 61), true],
    ['256 octets', ofLabels(63, 63, 63, 62), false],
    ['127 labels', ofLabels(...new Array(127).fill(1)), true],
    ['128 labels', ofLabels(...new Array(128).fill(1)), false],
    ['a string', 'a.', false],
  ])('%s', (_, value, expected) => expect(isName(value)).toBe(expected))
})

describe('isWithin', () => {
  test.each([
    ['www.example.org.', 'example.org.', true],
    ['example.org.', 'example.org.', true],
    ['EXAMPLE.org.', 'example.ORG.', true],
    ['org.', 'example.org.', false],
    ['badexample.org.', 'example.org.', false], // not at a label boundary
    ['a\\007example.org.', 'example.org.', false], // the length octet inside a label
    ['anything.', '.', true],
    ['.', '.', true],
  ])('%s in %s: %s', (below, apex, expected) => expect(isWithin(name(below), name(apex))).toBe(expected))
})

describe('compareNames', () => {
  test('gives the order of RFC 4034 section 6.1', () => {
    const ordered = ['example.', 'a.example.', 'yljkjljk.a.example.', 'Z.a.example.', 'zABC.a.EXAMPLE.', 'z.example.']
    const all = [...ordered, '\\001.z.example.', '*.z.example.', '\\200.z.example.'].map(name)
    for (const [i, a] of all.entries()) {
      for (const [j, b] of all.entries()) expect(Math.sign(compareNames(a, b))).toBe(Math.sign(i - j))
    }
  })

  test('is zero exactly for equal names', () => {
    fc.assert(fc.property(similarName, similarName, (a, b) => (compareNames(a, b) === 0) === equalNames(a, b)))
  })
})

describe('small operations', () => {
  test('labels, parents and folding', () => {
    expect(labelCount(ROOT)).toBe(0)
    expect(labelCount(name('a.b.c.'))).toBe(3)
    expect(labelsOf(name('ab.c.')).map((label) => [...label])).toEqual([[97, 98], [99]])
    expect(printName(parentName(name('a.b.')))).toBe('b.')
    expect(parentName(ROOT)).toEqual(ROOT)
    expect(printName(foldName(name('WwW.\\200[.')))).toBe('www.\\200[.')
    expect(nameKey(name('A.'))).toBe('\u0001a\u0000')
    expect([isWildcard(name('*.a.')), isWildcard(name('**.a.')), isWildcard(name('a.*.'))]).toEqual([
      true,
      false,
      false,
    ])
  })

  test('names are joined up to 255 octets', () => {
    expect(printName(concatNames(name('a.b.'), name('c.'))!)).toBe('a.b.c.')
    expect(concatNames(ofLabels(63, 63), ofLabels(63, 61))).toHaveLength(255)
    expect(concatNames(ofLabels(63, 63), ofLabels(63, 62))).toBeUndefined()
    expect(printName(prependLabel(Uint8Array.of(97), name('b.'))!)).toBe('a.b.')
    expect(prependLabel(new Uint8Array(0), ROOT)).toBeUndefined()
    expect(prependLabel(new Uint8Array(64), ROOT)).toBeUndefined()
    expect(prependLabel(new Uint8Array(63), ofLabels(63, 63, 62))).toBeUndefined()
  })
})

describe('readName', () => {
  const origin = name('example.org.')
  test.each([
    ['www', 'www.example.org.'],
    ['www.', 'www.'],
    ['@', 'example.org.'],
    ['\\@', '\\@.example.org.'],
    ['.', '.'],
    ['a\\.b.c.', 'a\\.b.c.'],
    ['\\097\\098.', 'ab.'],
    ['\\000\\255.', '\\000\\255.'],
    ['\\a\\;.', 'a\\;.'],
    ['a$b(c).', 'a\\$b\\(c\\).'],
  ])('%s is %s', (text, printed) => expect(printName(readName(text, origin) as Name)).toBe(printed))

  test.each([
    ['', 'the name is empty'],
    ['..', 'a name cannot begin with a dot'],
    ['.a.', 'a name cannot begin with a dot'],
    ['a..b.', 'a label is empty (two dots in a row)'],
    ['a..', 'a label is empty (two dots in a row)'],
    ['a\\', 'the name ends in the middle of an escape'],
    ['a\\256.', '\\256 is no octet: three digits, at most 255'],
    ['a\\1x.', '\\1x. is no octet: three digits, at most 255'],
    [`${'a'.repeat(64)}.`, 'a label is longer than 63 octets'],
    [`${'abcdefg.'.repeat(32)}`, 'the name is longer than 255 octets'],
    [`${'abcdefg.'.repeat(30)}abc`, 'the name is longer than 255 octets'],
    ['bücher.', 'the name has a character outside ASCII; write it in its xn-- form, or each octet as \\DDD'],
    ['a\\ü.', 'only a printable ASCII character can follow a backslash'],
  ])('%s is refused', (text, problem) => expect(readName(text, origin)).toEqual({ problem }))

  test('a relative name needs an origin', () => {
    expect(readName('www')).toHaveProperty('problem')
    expect(readName('@')).toHaveProperty('problem')
  })

  test('255 octets and 63 octets in a label are allowed', () => {
    const long = ofLabels(63, 63, 63, 61)
    expect(readName(printName(long))).toEqual(long)
  })

  test('a name of any octets survives printing and reading', () => {
    fc.assert(fc.property(anyName, (any) => expect(readName(printName(any), origin)).toEqual(any)))
  })

  test('a printed name has only ASCII and no blanks', () => {
    fc.assert(fc.property(anyName, (any) => /^[!-~]+$/.test(printName(any))))
  })

  test('any text gives a well-formed name or a problem', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '.', '\\', '0', '9', '@', 'ü', '"') }), (text) => {
        const read = readName(text, origin)
        return 'problem' in read || isName(read)
      }),
    )
  })
})

function ofLabels(...lengths: number[]): Name {
  return Uint8Array.of(...lengths.flatMap((length) => [length, ...new Array<number>(length).fill(0x61)]), 0)
}

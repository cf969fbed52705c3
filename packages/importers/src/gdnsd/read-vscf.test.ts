import fc from 'fast-check'
import { filesInMemory } from '../source-files.ts'
import { isVscfFault, readVscf } from './read-vscf.ts'
import type { VscfValue } from './vscf-value.ts'

type Plain = string | Plain[] | { [key: string]: Plain }

function plain(value: VscfValue): Plain {
  if (value.kind === 'text') return value.text
  if (value.kind === 'list') return value.items.map(plain)
  return Object.fromEntries([...value.entries.values()].map(({ key, value: inner }) => [key, plain(inner)]))
}

function read(text: string, others: Record<string, string> = {}): Plain {
  const found = readVscf(filesInMemory({ config: text, ...others }), 'config')
  if (!isVscfFault(found)) return plain(found)
  const { place, message } = found
  return `${place.file}:${place.line}:${place.column}: ${message}`
}

test.each<[string, string, Plain]>([
  ['nothing', '', {}],
  ['comments alone', '# a\n ; b\n', {}],
  ['entries with => and with =', 'a => 1, b = 2', { a: '1', b: '2' }],
  ['entries without commas', 'a=1 b=2\nc=3', { a: '1', b: '2', c: '3' }],
  ['a comma at the end', 'a => { b => 1, }, ', { a: { b: '1' } }],
  ['lists with and without commas', 'a => [1, 2 3,]', { a: ['1', '2', '3'] }],
  ['lists in lists', 'a => [[1],[],{b=>2}]', { a: [['1'], [], { b: '2' }] }],
  ['quotes', '"a b" => "c # d"', { 'a b': 'c # d' }],
  ['quotes against one another', 'a=>{"b"=>"1""c"=>"2"}', { a: { b: '1', c: '2' } }],
  ['a text over two lines', 'a => "b\nc"', { a: 'b\nc' }],
  ['escapes outside quotes', 'a\\ b => c\\;d\\097', { 'a b': 'c;da' }],
  ['escapes in quotes', 'a => "\\"\\\\\\065"', { a: '"\\A' }],
  ['octets of UTF-8', 'a => Z\\195\\188rich', { a: 'Zürich' }],
  ['comments against words', 'a=>1#x\nb=>2;y', { a: '1', b: '2' }],
  ['a > in a word', 'a => b>c', { a: 'b>c' }],
  ['a list at the top', '[a, b]', ['a', 'b']],
  ['line ends of DOS and a byte order mark', '\ufeffa => 1\r\nb => 2\r\n', { a: '1', b: '2' }],
])('reads %s', (_, text, value) => expect(read(text)).toEqual(value))

test.each<[string, string, string]>([
  ['a key twice', 'a => 1\n a => 2', 'config:2:2: the key "a" is there twice'],
  ['two commas', 'a => [1,,2]', 'config:1:9: there is "," where a value is expected'],
  ['a comma at first', 'a => [,1]', 'config:1:7: there is "," where a value is expected'],
  ['a key without value', 'a => { b }', 'config:1:10: there is "}" where "=>" after the key "b" is expected'],
  ['an open quote', 'a => "b\nc', 'config:1:6: this quote is not closed'],
  ['an open brace', 'a => {\nb => 1', 'config:2:7: the file ends where a key is expected'],
  ['an open bracket', 'a => [', 'config:1:7: the file ends where a value is expected'],
  ['a bracket too many', 'a => 1 }', 'config:1:8: there is "}" where a key is expected'],
  ['something after a list at the top', '[a] b', 'config:1:5: something is left over at the end of the file'],
  ['an octet above 255', 'a => \\256', 'config:1:6: \\256 is no octet'],
  ['an escape at the end', 'a => b\\', 'config:1:7: the text ends in an escape'],
  ['a $ that includes nothing', 'a => $b', 'config:1:6: only $include{...} begins with "$"'],
])('refuses %s, with the place', (_, text, fault) => expect(read(text)).toBe(fault))

describe('$include', () => {
  test('stands for a value, or for entries among others', () => {
    const others = { one: 'b => 2', list: '[x, y]' }
    expect(read('a => $include{one}, c => $include{ "list" }, $include{one}', others)).toEqual({
      a: { b: '2' },
      b: '2',
      c: ['x', 'y'],
    })
  })

  test('is relative to the file that has it', () => {
    expect(read('$include{d/one}', { 'd/one': '$include{two}', 'd/two': 'a => 1' })).toEqual({ a: '1' })
  })

  test('takes a pattern, in the order of names, and a folder', () => {
    const others = { 'd/b.cfg': 'b => 2', 'd/a.cfg': 'a => 1', 'd/.hidden': 'h => 1', 'd/c.txt': 'c => 3' }
    expect(Object.keys(read('$include{d/*.cfg}', others))).toEqual(['a', 'b'])
    expect(Object.keys(read('$include{"d/[!b].*"}', others))).toEqual(['a', 'c'])
    expect(Object.keys(read('$include{d}', others))).toEqual(['a', 'b', 'c'])
  })

  test.each<[string, string, Record<string, string>, string]>([
    ['a file that is not there', 'x => $include{gone}', {}, 'config:1:6: cannot read gone: no such file'],
    ['a pattern that matches nothing', '$include{d/*}', {}, 'config:1:1: no file is d/*'],
    ['a file that includes itself', '$include{config}', {}, 'config:1:1: the file includes itself: config'],
    [
      'a fault in the file',
      'a => $include{one}',
      { one: '\n b' },
      'one:2:3: the file ends where "=>" after the key "b" is expected',
    ],
    [
      'a list among entries',
      '$include{one}',
      { one: '[a]' },
      'config:1:1: an included list has no place among the entries of a hash',
    ],
    [
      'several files as a value',
      'a => $include{d}',
      { 'd/a': '', 'd/b': '' },
      'config:1:6: the value of $include is one file, not 2',
    ],
  ])('says where %s is', (_, text, others, fault) => expect(read(text, others)).toBe(fault))
})

test('values know where they stand', () => {
  const found = readVscf(filesInMemory({ config: 'a => {\n  b => [x,\n    "y"]\n}' }), 'config')
  if (isVscfFault(found) || found.kind !== 'hash') throw new Error('it is a hash')
  const inner = found.entries.get('a')!.value
  if (inner.kind !== 'hash') throw new Error('it is a hash')
  const { place, value } = inner.entries.get('b')!
  const items = value.kind === 'list' ? value.items : []
  expect([place, ...items.map((item) => item.place)].map(({ line, column }) => [line, column])).toEqual([
    [2, 3],
    [2, 9],
    [3, 5],
  ])
})

describe('any text', () => {
  const unit = fc.constantFrom(
    'a',
    '1',
    ' ',
    '\n',
    '{',
    '}',
    '[',
    ']',
    '=',
    '>',
    ',',
    '"',
    '\\',
    '#',
    '$',
    ';',
    'é',
    '\ud800',
  )
  const text = fc.oneof(fc.string({ unit, maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }))

  test('is read or refused, and a fault is in the text', () => {
    fc.assert(
      fc.property(text, (source) => {
        const found = readVscf(filesInMemory({ config: source }), 'config')
        if (!isVscfFault(found)) return
        const lines = source.split('\n')
        const { line, column } = found.place
        expect(line).toBeLessThanOrEqual(lines.length)
        expect(column).toBeGreaterThanOrEqual(1)
        expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1)
      }),
      { numRuns: 3000 },
    )
  })

  test('deep nesting is refused, not run out of stack for', () => {
    expect(read(`a => ${'['.repeat(100_000)}`)).toMatch(/more than 100 brackets/)
    expect(read(`a => ${'{b=>'.repeat(100_000)}`)).toMatch(/more than 100 brackets/)
  })
})

test('what is written comes back, whatever is in it', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  const { value } = fc.letrec<{ value: Plain }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      word,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(word, tie('value'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(fc.dictionary(word, value, { maxKeys: 5 }), fc.boolean(), (whole, isQuoted) => {
      const quote = (text: string): string =>
        isQuoted
          ? `"${text.replace(/["\\]/g, '\\$&')}"`
          : text.replace(/[^A-Za-z0-9é-]/gu, (c) => (/^\d/.test(c) ? c : `\\${c}`)).replace(/\\\n/g, '\\010')
      const print = (item: Plain): string => {
        if (typeof item === 'string') return quote(item)
        if (Array.isArray(item)) return `[${item.map(print).join(' ')}]`
        return `{${Object.entries(item)
          .map(([key, inner]) => `${quote(key)}=>${print(inner)}`)
          .join(', ')}}`
      }
      const text = print(whole).slice(1, -1)
      expect(read(text)).toEqual(whole)
    }),
    { numRuns: 500 },
  )
})

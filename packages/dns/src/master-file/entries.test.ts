import fc from 'fast-check'
import { EntryReader } from './entries.ts'

/** Each entry as its words, quoted ones in quotes, with a blank in front when indented; faults as text. */
function split(text: string): string[] {
  const reader = new EntryReader(text)
  const entries: string[] = []
  for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
    const words = entry.words.map((word) => (word.quoted ? `"${word.text}"` : word.text)).join('|')
    const fault = entry.fault
    entries.push(
      fault === undefined ? `${entry.isIndented ? ' ' : ''}${words}` : `${fault.line}:${fault.column} ${fault.message}`,
    )
  }
  return entries
}

test.each<[string, string, string[]]>([
  ['nothing', '', []],
  ['blank lines and comments', '\n  \n; a\n\t;b\r\n', []],
  ['words', 'a  b\tc\nd', ['a|b|c', 'd']],
  ['an indented line', ' a\n\tb', [' a', ' b']],
  ['a comment after words', 'a b;c "\nd', ['a|b', 'd']],
  ['line ends of DOS', 'a b\r\nc\r\n', ['a|b', 'c']],
  ['parentheses over lines', 'a ( b ; c\n\n  d\n) e\nf', ['a|b|d|e', 'f']],
  ['parentheses against words', 'a(b)c', ['a|b|c']],
  ['an entry that begins in parentheses', '(a\nb)\nc', ['a|b', 'c']],
  ['quotes', '"a b" "c;d" "(" ""', ['"a b"|"c;d"|"("|""']],
  ['quotes side by side', '"a""b"', ['"a"|"b"']],
  ['escapes outside quotes', 'a\\ b\\;c\\"d\\(', ['a\\ b\\;c\\"d\\(']],
  ['escapes within quotes', '"a\\"b\\\\" c', ['"a\\"b\\\\"|c']],
  ['a quoted value', 'alpn="h2, h3" b=""', ['alpn=h2, h3|b=']],
  ['a byte order mark', '\ufeffa b', ['a|b']],
  ['an open quote', 'a "b\nc', ['1:3 this quote is not closed on its line', 'c']],
  ['a quote that only an escape ends', 'a "b\\"\nc', ['1:3 this quote is not closed on its line', 'c']],
  [
    'a backslash at the end of a line',
    'a "b\\\nc d\\\ne\\',
    ['1:3 this quote is not closed on its line', 'c|d\\', 'e\\'],
  ],
  ['a quote in a word', 'a b"c" d\ne', ['1:4 a quote in the middle of a word', 'e']],
  ['a parenthesis never opened', 'a b )\nc', ['1:5 this parenthesis was never opened', 'c']],
  [
    'an open parenthesis',
    'a ( b\n c\nd e\nf',
    ['1:3 this parenthesis is not closed before the end of the file', 'd|e', 'f'],
  ],
  [
    'an open parenthesis before another',
    'a ( b\nc d\ne ( f )',
    ['1:3 this parenthesis is not closed before another one opens in line 3', 'c|d', 'e|f'],
  ],
  ['a fault within parentheses', 'a ( b "c\n d )\ne', ['1:7 this quote is not closed on its line', 'e']],
])('%s', (_, text, entries) => expect(split(text)).toEqual(entries))

test('words carry their line and column, counted from 1', () => {
  const { words } = new EntryReader('\n  a (\n "b c"\n\td)').next()!
  expect(words.map(({ line, column }) => [line, column])).toEqual([
    [2, 3],
    [3, 2],
    [4, 2],
  ])
})

test('an entry knows its lines, and comments before it are not among them', () => {
  const text = '; a\na b\n\n c (\n d )\ne'
  const reader = new EntryReader(text)
  const lines: string[] = []
  while (reader.next() !== undefined) lines.push(text.slice(reader.start, reader.end))
  expect(lines).toEqual(['a b\n', ' c (\n d )\n', 'e'])
})

test('any text comes to an end, and every word stands where its place says', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '\n', '(', ')', '"', ';', '\\', '=', '\t', '\r'),
    maxLength: 60,
  })
  fc.assert(
    fc.property(text, (source) => {
      const lines = source.split('\n')
      const reader = new EntryReader(source)
      for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
        expect(entry.words.length > 0 || entry.fault !== undefined).toBe(true)
        for (const { text, quoted, line, column } of entry.words) {
          const at = lines[line - 1]!.slice(column - 1)
          expect(at.startsWith(quoted ? `"${text}` : text.slice(0, text.indexOf('=') + 1) || text)).toBe(true)
        }
      }
    }),
    { numRuns: 2000 },
  )
})

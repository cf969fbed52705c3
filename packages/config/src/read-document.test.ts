import fc from 'fast-check'
import { readDocument } from './read-document.ts'
import { listProblems, type WrittenFiles } from './written-configuration.arbitraries.ts'

/** What is written, and exactly what is printed. */
const MISTAKES: readonly (readonly [mistake: string, files: WrittenFiles, listing: string])[] = [
  [
    'a key that is there twice',
    `control: {}
server: {}
control: {}
`,
    `windrose.yaml:3:1: the key "control" is given twice
    control: {}
    ^^^^^^^`,
  ],
  [
    'a bracket that is not closed',
    `sites:
  fra: { at: [50.11, 8.68]
  iad: { at: [38.95, -77.45] }
`,
    `windrose.yaml:3:3: not valid YAML: flow map in block collection must be sufficiently indented and end with a }
    iad: { at: [38.95, -77.45] }
    ^^^`,
  ],
  [
    'a tab in the indentation',
    `sites:
	fra: {}
`,
    `windrose.yaml:2:1: a tab in the indentation
     fra: {}
    ^
    indent with spaces`,
  ],
  [
    'a wildcard without quotes',
    `zones:
  example.org:
    records: org.zone
    steer: { *.app: web }
`,
    `windrose.yaml:4:14: reads as an alias
    steer: { *.app: web }
             ^^^^^
    put it in quotes`,
  ],
  [
    'an at sign without quotes',
    `zones:
  example.org:
    steer:
      @: web
`,
    `windrose.yaml:4:7: a plain text cannot start with "@"
    @: web
    ^
    put the text in quotes`,
  ],
  [
    'a text with a colon',
    `state_dir: a: b
`,
    `windrose.yaml:1:12: a mapping inside a line
    state_dir: a: b
               ^
    put a text that holds ": " in quotes`,
  ],
  [
    'a key without its colon',
    `listen
control: {}
`,
    `windrose.yaml:1:1: a line without a key
    listen
    ^^^^^^
    a key is followed by ": ", with a space`,
  ],
  [
    'an alias to nothing',
    `state_dir: *here
`,
    `windrose.yaml:1:12: nothing is named by the anchor "here"
    state_dir: *here
               ^^^^^
    "&here" must come before it; a text that starts with "*" needs quotes`,
  ],
  [
    'an anchor inside itself',
    `listen: &all [*all]
`,
    `windrose.yaml:1:15: the anchor "all" holds itself
    listen: &all [*all]
                  ^^^^`,
  ],
  [
    'a tag',
    `state_dir: !path x
`,
    `windrose.yaml:1:12: the tag "!path" is not known
    state_dir: !path x
               ^^^^^`,
  ],
  [
    'a second document',
    `control: {}
---
server: {}
`,
    `windrose.yaml:2:1: a second document
    ---
    ^^^
    one file holds one document: remove the "---"`,
  ],
  [
    'YAML 1.1',
    `%YAML 1.1
---
control: {}
`,
    `windrose.yaml:1:1: YAML 1.1 is not read
    %YAML 1.1
    ^^^^^
    remove the line`,
  ],
  [
    'a bad escape',
    `state_dir: "\\q"
`,
    `windrose.yaml:1:13: not valid YAML: invalid escape sequence \\q
    state_dir: "\\q"
                ^^^`,
  ],
  [
    'a key that is a list',
    `[a, b]: c
`,
    `windrose.yaml:1:1: a key must be a text
    [a, b]: c
    ^
    put it in quotes`,
  ],
  [
    '__proto__ as a key',
    `__proto__: { a: 1 }
`,
    `windrose.yaml:1:1: "__proto__" cannot be a key
    __proto__: { a: 1 }
    ^^^^^^^^^`,
  ],
  [
    'nothing at all',
    `# nothing
`,
    `windrose.yaml:1:1: the file holds no configuration
    # nothing
    ^`,
  ],
  [
    'a list instead of a mapping',
    `- a
`,
    `windrose.yaml:1:1: expected a mapping (KEY: VALUE)
    - a
    ^`,
  ],
]

describe('a document', () => {
  test.each(MISTAKES)('with %s is refused, at the place of it', async (_mistake, files, listing) => {
    expect(await listProblems(files)).toBe(listing)
  })

  test('lists a mistake on each of its lines', () => {
    const { problems } = readDocument('f', 'a: @x\nb: @y\nc: 1\n')
    expect(problems.map(({ place }) => [place.line, place.column])).toEqual([
      [1, 4],
      [2, 4],
    ])
  })

  test('may be JSON, may begin with a byte order mark, may end its lines as Windows does', () => {
    expect(readDocument('f', '{"a": [1, "b"]}').document?.value).toEqual({ a: [1, 'b'] })
    expect(readDocument('f', '\ufeffa: b\r\nc: d\r\n').document?.value).toEqual({ a: 'b', c: 'd' })
  })

  test('takes every key for a text, as it is written', () => {
    expect(readDocument('f', '1.10: a\n0x1f: b\ntrue: c\n').document?.value).toEqual({
      '1.10': 'a',
      '0x1f': 'b',
      true: 'c',
    })
  })

  test('takes words like no, on and 1:30 for texts', () => {
    expect(readDocument('f', '[NO, on, yes, 1:30]').document?.value).toEqual(['NO', 'on', 'yes', '1:30'])
  })

  test('may use an alias, within bounds', () => {
    expect(readDocument('f', 'a: &x [1, 2]\nb: *x\n').document?.value).toEqual({ a: [1, 2], b: [1, 2] })
    const bomb = [
      'a0: &a0 [x]',
      ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`),
    ]
    const { document, problems } = readDocument('f', bomb.join('\n'))
    expect(document).toBeUndefined()
    expect(problems.map(({ message }) => message)).toEqual(['more than 1000 aliases'])
  })

  test('with tens of thousands of names is read in a moment, and a name that comes twice is found', () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `n${i}: web`)
    const { document, problems } = readDocument('f', [...lines, 'n7: web'].join('\n'))
    expect(Object.keys(document?.value as object)).toHaveLength(50_000)
    expect(problems.map(({ place, message }) => [place.line, message])).toEqual([
      [50_001, 'the key "n7" is given twice'],
    ])
  })

  test.each([
    ['brackets', '['.repeat(300_000)],
    ['closed brackets', `a: ${'{b: '.repeat(5_000)}${'}'.repeat(5_000)}`],
    ['lists', '- '.repeat(300_000)],
    ['explicit keys', '? '.repeat(300_000)],
  ])('with %s without end is refused, and the process lives', (_, text) => {
    const { document, problems } = readDocument('f', text)
    expect(document).toBeUndefined()
    expect(problems).toHaveLength(1)
  })

  test('of any characters gives a value or a problem, never an exception', () => {
    const yamlish = fc.array(fc.constantFrom(...'ab1:-[]{},&*!|>\'"%@`#?~ \n\t\\.<='), { maxLength: 60 })
    const text = fc.oneof(
      yamlish.map((characters) => characters.join('')),
      fc.string({ unit: 'binary', maxLength: 60 }),
    )
    fc.assert(
      fc.property(text, (any) => {
        const { document, problems } = readDocument('f', any)
        expect(document !== undefined || problems.length > 0).toBe(true)
        for (const { place } of problems) {
          expect(place.line).toBeGreaterThanOrEqual(1)
          expect(place.line).toBeLessThanOrEqual(any.split('\n').length)
          expect(place.column).toBeGreaterThanOrEqual(1)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

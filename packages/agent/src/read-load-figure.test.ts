import type { LoadField, LoadFigure } from '@windrose/health'
import fc from 'fast-check'
import { sumSamples } from './metric-samples.ts'
import { readLoadFigure } from './read-load-figure.ts'

function read(
  field: LoadField,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  isCut = false,
): LoadFigure {
  return readLoadFigure(field, { header: (name) => headers[name], body: Buffer.from(body), isCut })
}

describe('a load in a header', () => {
  const field: LoadField = { in: 'header', name: 'X-Load' }

  test.each<[Record<string, string>, LoadFigure]>([
    [{ 'x-load': '130' }, { figure: 130 }],
    [{ 'x-load': ' 0.25 ' }, { figure: 0.25 }],
    [{ 'x-load': '1.5e3' }, { figure: 1500 }],
    [{}, { problem: 'there is no header X-Load' }],
    [{ 'x-load': '' }, { problem: 'the header X-Load is not a number: ""' }],
    [{ 'x-load': '12 %' }, { problem: 'the header X-Load is not a number: "12 %"' }],
    [{ 'x-load': '0x10' }, { problem: 'the header X-Load is not a number: "0x10"' }],
    [{ 'x-load': 'Infinity' }, { problem: 'the header X-Load is not a number: "Infinity"' }],
    [{ 'x-load': '-3' }, { problem: 'the header X-Load is below 0: -3' }],
  ])('%j', (headers, figure) => {
    expect(read(field, '', headers)).toEqual(figure)
  })
})

describe('a load in a JSON body', () => {
  test.each<[string, string, LoadFigure]>([
    ['/load', '{"load":12}', { figure: 12 }],
    ['/nodes/1/load', '{"nodes":[{"load":1},{"load":"2.5"}]}', { figure: 2.5 }],
    ['/a~1b/m~0n', '{"a/b":{"m~n":3}}', { figure: 3 }],
    ['/load', 'ok', { problem: 'the body is not JSON' }],
    ['/load', '[]', { problem: 'the body has nothing at /load' }],
    ['/load/current', '{"load":null}', { problem: 'the body has nothing at /load/current' }],
    ['/load', '{"load":null}', { problem: '/load is not a number' }],
    ['/load', '{"load":true}', { problem: '/load is not a number' }],
    ['/load', '{"load":-1}', { problem: '/load is below 0: -1' }],
    ['/constructor/length', '{}', { problem: 'the body has nothing at /constructor/length' }],
  ])('at %s of %s', (pointer, body, figure) => {
    expect(read({ in: 'json', pointer }, body)).toEqual(figure)
  })

  test('that was cut off is said to be', () => {
    expect(read({ in: 'json', pointer: '/load' }, '{"a":', {}, true)).toEqual({
      problem: 'not all of it is in the first 5 octets of the body: expect.body_limit is how much is read',
    })
  })
})

describe('a load in a metric', () => {
  const BODY = [
    '# HELP in_flight Requests.',
    '# TYPE in_flight gauge',
    'in_flight{pool="web",zone="a"} 12',
    'in_flight{zone="b", pool="web",} 30.5 1700000000000',
    'in_flight{pool="o\\"ther\\n"} 7',
    'in_flight_total 999',
    'load1 0.5',
    'broken NaN',
    '',
  ].join('\n')

  test.each<[string, Record<string, string>, LoadFigure]>([
    ['in_flight', { pool: 'web' }, { figure: 42.5 }],
    ['in_flight', {}, { figure: 49.5 }],
    ['in_flight', { pool: 'o"ther\n' }, { figure: 7 }],
    ['load1', {}, { figure: 0.5 }],
    ['in_flight', { pool: 'none' }, { problem: 'the body has no metric in_flight with these labels' }],
    ['load', {}, { problem: 'the body has no metric load' }],
    ['broken', {}, { problem: 'the metric broken is not a number' }],
  ])('%s %j', (name, labels, figure) => {
    expect(read({ in: 'metric', name, labels }, BODY)).toEqual(figure)
  })

  test('is not read of a line that may be cut off', () => {
    expect(sumSamples('load 1', 'load', {})).toEqual({ sum: 0, count: 0, isLast: false })
    expect(sumSamples('load 1\nload 12', 'load', {})).toEqual({ sum: 1, count: 1, isLast: true })
  })

  test('is not read in part: where the body is cut off there may be more samples, unless another metric follows', () => {
    const field = { in: 'metric', name: 'load', labels: {} } as const
    const problem = (octets: number) =>
      `not all of it is in the first ${octets} octets of the body: expect.body_limit is how much is read`
    const cut = (text: string) =>
      readLoadFigure(field, { header: () => undefined, body: Buffer.from(text), isCut: true })
    const open = 'load{a="1"} 1\nload{a="2"} 2\nload{a="3'
    expect(cut(open)).toEqual({ problem: problem(open.length) })
    expect(cut('load{a="1"} 1\nload{a="2"} 2\n# TYPE other gau')).toEqual({
      problem: problem('load{a="1"} 1\nload{a="2"} 2\n# TYPE other gau'.length),
    })
    expect(cut('load{a="1"} 1\nload{a="2"} 2\nother 1\nmore')).toEqual({ figure: 3 })
  })
})

test('any answer gives a figure of 0 or more, or a problem, and nothing is thrown', () => {
  const anyField = fc.oneof(
    fc.record({ in: fc.constant('json' as const), pointer: fc.constantFrom('/a', '/a/0', '/') }),
    fc.record({ in: fc.constant('metric' as const), name: fc.constantFrom('a', 'b'), labels: fc.constant({ l: 'v' }) }),
    fc.record({ in: fc.constant('header' as const), name: fc.constant('a') }),
  )
  const anyBody = fc.oneof(
    fc.string(),
    fc.json(),
    fc.string().map((text) => `a{l="v"} ${text}\na{${text}\n`),
  )
  fc.assert(
    fc.property(anyField, anyBody, (field, body) => {
      const read = readLoadFigure(field, { header: () => body, body: Buffer.from(body), isCut: false })
      expect('problem' in read ? read.problem !== '' : read.figure >= 0 && Number.isFinite(read.figure)).toBe(true)
    }),
  )
})

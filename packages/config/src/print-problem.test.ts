import type { Problem } from '@windrose/dns'
import { printProblem } from './print-problem.ts'

const UNKNOWN_KEY: Problem = {
  severity: 'error',
  place: { file: 'windrose.yaml', line: 12, column: 5 },
  message: 'services.web: unknown key "polcy"',
  hint: 'did you mean "policy"?',
  sourceLine: '    polcy: nearest',
}

describe('a printed problem', () => {
  test('has the place, the line, carets under the word, and the hint', () => {
    expect(printProblem(UNKNOWN_KEY)).toBe(`windrose.yaml:12:5: services.web: unknown key "polcy"
    polcy: nearest
    ^^^^^
    did you mean "policy"?`)
  })

  test('says when it is a warning', () => {
    expect(printProblem({ ...UNKNOWN_KEY, severity: 'warning' })).toMatch(
      /^windrose\.yaml:12:5: warning: services\.web: unknown key/,
    )
  })

  test('is one line when neither line nor hint is known', () => {
    const { severity, place } = UNKNOWN_KEY
    expect(printProblem({ severity, place, message: 'no such file' })).toBe('windrose.yaml:12:5: no such file')
    expect(printProblem({ severity, place, message: 'no such file', sourceLine: '  ' })).toBe(
      'windrose.yaml:12:5: no such file',
    )
  })

  test.each([
    ['a: "b c" d', 4, '^^^^^'],
    ["a: 'b c' d", 4, '^^^^^'],
    ['a: [1, 2]', 4, '^'],
    ['a: 192.0.2.1, b', 4, '^^^^^^^^^'],
    ['a: 2001:db8::1, b', 4, '^^^^^^^^^^^'],
    ['fra: { at: 5 }', 1, '^^^'],
    ['ab', 3, '^'],
    ['a: "open', 4, '^^^^^'],
  ])('in %s at column %d has the carets %s', (sourceLine, column, carets) => {
    const printed = printProblem({ ...UNKNOWN_KEY, sourceLine, place: { file: 'f', line: 1, column } })
    expect(printed.split('\n')[2]).toBe(`    ${' '.repeat(column - 1)}${carets}`)
  })

  test('of a long line shows the part that matters, with the carets in it', () => {
    const sourceLine = `${'a, '.repeat(500)}wrong, ${'b, '.repeat(500)}`
    const printed = printProblem({ ...UNKNOWN_KEY, sourceLine, place: { file: 'f', line: 1, column: 1501 } })
    const [, line = '', carets = ''] = printed.split('\n')
    expect(line.length).toBeLessThanOrEqual(104)
    expect(line.slice(carets.indexOf('^'), carets.length)).toBe('wrong')
  })

  test('cannot write to the terminal but what can be seen', () => {
    const printed = printProblem({
      ...UNKNOWN_KEY,
      message: 'a\u001b[2Jb',
      sourceLine: '\tp\u001b]0;x\u0007: \u202ey',
      hint: '\r',
    })
    expect(printed.replaceAll('\n', '')).not.toMatch(/\p{C}/u)
  })

  test('has colour only when asked', () => {
    expect(printProblem(UNKNOWN_KEY)).not.toContain('\u001b')
    expect(printProblem(UNKNOWN_KEY, { color: true })).toContain('\u001b[31m^^^^^\u001b[39m')
  })
})

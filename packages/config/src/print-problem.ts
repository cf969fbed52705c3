import { styleText } from 'node:util'
import type { Problem } from '@windrose/dns'

/**
 * A problem as people read it, without a final newline:
 *
 *     windrose.yaml:12:5: services.web: unknown key "polcy"
 *         polcy: nearest
 *         ^^^^^
 *         did you mean "policy"?
 *
 * A warning has the word before its message. `color` is for terminals.
 */
export function printProblem(problem: Problem, options: { readonly color?: boolean } = {}): string {
  const paint: Paint = (style, text) =>
    options.color === true ? styleText(style, text, { validateStream: false }) : text
  const { file, line, column } = problem.place
  const where = paint('bold', `${file}:${line}:${column}:`)
  const severity = problem.severity === 'warning' ? `${paint('yellow', 'warning:')} ` : ''
  const lines = [`${where} ${severity}${printable(problem.message)}`]
  if (problem.sourceLine !== undefined && problem.sourceLine.trim() !== '') {
    const { text, caret, length } = excerpt(problem.sourceLine, column)
    lines.push(`${INDENT}${text}`)
    lines.push(
      `${INDENT}${' '.repeat(caret)}${paint(problem.severity === 'warning' ? 'yellow' : 'red', '^'.repeat(length))}`,
    )
  }
  if (problem.hint !== undefined) lines.push(`${INDENT}${paint('cyan', printable(problem.hint))}`)
  return lines.join('\n')
}

/** Several problems, one after the other. */
export function printProblems(problems: readonly Problem[], options: { readonly color?: boolean } = {}): string {
  return problems.map((problem) => printProblem(problem, options)).join('\n')
}

type Paint = (style: 'bold' | 'red' | 'yellow' | 'cyan', text: string) => string

const INDENT = '    '
const WIDTH_MAX = 100

/** The part of a line around a column (counted from 1), and what the carets go under. */
function excerpt(sourceLine: string, column: number): { text: string; caret: number; length: number } {
  const at = Math.min(column - 1, sourceLine.length)
  const margin = Math.min(at, sourceLine.length - sourceLine.trimStart().length)
  const start = at - margin > WIDTH_MAX - 30 ? at - 30 : margin
  const text = printable(sourceLine.slice(start, start + WIDTH_MAX).trimEnd())
  const length = Math.max(1, Math.min(wordLength(sourceLine.slice(at)), start + WIDTH_MAX - at))
  return { text, caret: at - start, length }
}

/** The length of the word, quoted text or bracket that a text starts with. */
function wordLength(text: string): number {
  const word = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,[\]{}:]+(?::(?!\s|$)[^\s,[\]{}:]*)*|.)/.exec(text)
  return word === null ? 1 : word[0].length
}

/** Control characters could paint or move on the terminal: each becomes one visible character. */
function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u00b7')
}

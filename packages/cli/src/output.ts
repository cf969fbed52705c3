import { styleText } from 'node:util'

/** Data goes to standard output, everything else to standard error. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

type Style = Parameters<typeof styleText>[0]

/** Colour where standard output is a terminal that wants it. */
export function paint(style: Style, text: string): string {
  return process.stdout.isTTY ? styleText(style, text) : text
}

/** Rows under headings, each column as wide as its widest cell. Styles do not count. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, i) => Math.max(...[heading, ...rows.map((row) => row[i] ?? '')].map(width)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell + ' '.repeat(Math.max(0, widths[i]! - width(cell))))
      .join('  ')
      .trimEnd()
  return [paint('bold', line(headings)), ...rows.map(line)].join('\n')
}

const ESCAPE = String.fromCharCode(27)

function width(text: string): number {
  return text.replaceAll(new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g'), '').length
}

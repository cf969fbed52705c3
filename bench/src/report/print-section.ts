import type { Goal, Section } from './section.ts'

/** A section as Markdown that is also good to read as it is. */
export function printSection({ title, text, columns, rows }: Section): string {
  return `## ${title}\n\n${text.trim()}\n\n${printTable(columns, rows)}`
}

/** All goals with what was measured. */
export function printGoals(goals: readonly Goal[]): string {
  const rows = goals.map(({ what, value, most, unit }) => [
    what,
    `${round(value)}${unit}`,
    `${most}${unit}`,
    value <= most ? 'yes' : '**no**',
  ])
  return printTable(['figure', 'measured', 'at most', 'reached'], rows)
}

function printTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${columns.map((_, i) => pad(cells[i] ?? '', widths[i]!, i > 0)).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i > 0 ? `${'-'.repeat(width + 1)}:` : '-'.repeat(width + 2))).join('|')}|`
  return `${[line(columns), rule, ...rows.map(line)].join('\n')}\n`
}

function pad(text: string, width: number, right: boolean): string {
  return right ? text.padStart(width) : text.padEnd(width)
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2)
}

import { table } from '../output.ts'

/** A table whose columns are numbers but for the first, and those after the column `last`: numbers stand right-aligned. */
export function numberTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  last: number = Number.POSITIVE_INFINITY,
): string {
  const lines = [headings, ...rows]
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const [heads, ...cells] = lines.map((line) =>
    line.map((cell, column) => (column === 0 || column > last ? cell : cell.padStart(widths[column]!))),
  )
  return table(heads!, cells)
}

import type { Place } from '@windrose/dns'

/** The text of one file, and how its offsets become places. */
export interface SourceText {
  readonly file: string
  readonly text: string
  /** Offsets at which lines start; the first is 0. */
  readonly lineStarts: readonly number[]
}

export function sourceText(file: string, text: string): SourceText {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  return { file, text, lineStarts }
}

/** The place of an offset; one past the end is on the last line that says something. */
export function placeAt(source: SourceText, offset: number): Place {
  let low = 0
  let high = source.lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (source.lineStarts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return { file: source.file, line: low + 1, column: offset - source.lineStarts[low]! + 1 }
}

/** A line without its end, by its number counted from 1. */
export function lineAt(source: SourceText, line: number): string {
  const start = source.lineStarts[line - 1] ?? 0
  const end = source.lineStarts[line] ?? source.text.length + 1
  return source.text.slice(start, end - 1).replace(/\r$/, '')
}

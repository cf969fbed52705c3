/**
 * Durations as people write them: `500ms`, `5s`, `2m`, `1h30m`, `1d`.
 *
 * Units go from large to small, each at most once, whole numbers only. A bare number is refused: nobody remembers
 * whether a tool counts seconds or milliseconds.
 */

/** Matches exactly what readDuration reads; also the `pattern` of the JSON Schema. */
export const DURATION_PATTERN: RegExp = /^(?=\d)(\d{1,9}d)?(\d{1,9}h)?(\d{1,9}m)?(\d{1,9}s)?(\d{1,9}ms)?$/

/** Milliseconds, or undefined when the text is no duration. */
export function readDuration(text: string): number | undefined {
  const parts = DURATION_PATTERN.exec(text)
  if (parts === null) return undefined
  return UNIT_MS.reduce((sum, unitMs, i) => sum + Number.parseInt(parts[i + 1] ?? '0', 10) * unitMs, 0)
}

/** The shortest way to write so many milliseconds. */
export function printDuration(durationMs: number): string {
  let rest = durationMs
  let text = ''
  UNIT_MS.forEach((unitMs, i) => {
    const count = Math.floor(rest / unitMs)
    if (count > 0) text += `${count}${UNITS[i]}`
    rest -= count * unitMs
  })
  return text === '' ? '0s' : text
}

const UNITS = ['d', 'h', 'm', 's', 'ms'] as const
const UNIT_MS = [86_400_000, 3_600_000, 60_000, 1_000, 1] as const

/** The most that a reason takes over from somebody else. */
const LIMIT = 160

/** Text of somebody else as it may stand in a reason: one line, without control characters, bounded. */
export function printableText(text: string): string {
  const line = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
  return line.length > LIMIT ? `${line.slice(0, LIMIT - 1)}\u2026` : line
}

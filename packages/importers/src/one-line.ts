/** A text that can stand in a comment: what the source wrote may hold anything, and a comment ends with its line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}

/** The one candidate that is a slip of the finger away from the text: one letter, or two in words of five or more. */
export function suggest(text: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let least = text.length >= 5 ? 3 : 2
  for (const candidate of candidates) {
    const edits = editDistance(text, candidate)
    // In short words one changed letter makes any word of any other: only a missing, doubled or swapped one counts.
    if (edits < least && (text.length > 2 || candidate.length > 2)) {
      best = candidate
      least = edits
    }
  }
  return best
}

/** Levenshtein's distance, with the swap of two neighbours counted as one edit. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, change)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, beforeLast[j - 2]! + 1)
      }
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

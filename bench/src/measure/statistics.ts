/** The middle of some values, or the mean of the two in the middle. NaN where there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * An interval that holds the median of what the values are drawn from with at least 95 % confidence, whatever their
 * distribution: between two order statistics, by the binomial distribution (as in the sign test). With fewer than six
 * values there is none so narrow, and all of them are in it.
 */
export function medianInterval(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b)
  const count = sorted.length
  let rank = 0
  let tail = 0.5 ** count
  let probability = tail
  while (tail + (probability * (count - rank)) / (rank + 1) <= 0.025) {
    probability = (probability * (count - rank)) / (rank + 1)
    rank++
    tail += probability
  }
  return [sorted[rank] ?? Number.NaN, sorted[count - 1 - rank] ?? Number.NaN]
}

/** Each value divided by the one of the same round. */
export function ratios(values: readonly number[], others: readonly number[]): number[] {
  return values.map((value, i) => value / others[i]!)
}

/** The value below which this share (0 to 1) of the values lies; `sorted` ascending, and not empty. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

/** What a site said about its load. */
export interface LoadReading {
  /** Its load, in a unit of its own. */
  readonly reported: number
  /** The demand that was sent there while that load arose: about one TTL before, for users come when they have the answer. */
  readonly sent: number
}

/**
 * How much load a site has, in the unit that it reports, for each unit of demand that it is sent: after one more reading, or
 * undefined as long as none said anything. A site's capacity divided by its factor is its capacity in demand, in which sites
 * with different units can be weighed against each other.
 *
 * It moves a part of the way to what was read, and at most by half or double: a report lags behind what was sent, and a factor
 * that believed it at once would take the lag for a site that has become dear, and swing. A reading with next to nothing sent
 * says nothing about a unit of it: `leastSent`, in units of demand.
 */
export function nextLoadFactor(
  previous: number | undefined,
  { reported, sent }: LoadReading,
  leastSent: number,
): number | undefined {
  if (sent < leastSent || sent <= 0 || !(reported > 0)) return previous
  const read = reported / sent
  if (previous === undefined) return read
  const bounded = Math.min(previous * 2, Math.max(previous / 2, read))
  return previous + (bounded - previous) * FACTOR_WEIGHT
}

/**
 * What a factor is taken to be at a site that has none yet: the median of the others that report in the same unit.
 * Undefined where nobody knows.
 */
export function typicalLoadFactor(factors: readonly (number | undefined)[]): number | undefined {
  const known = factors.filter((factor) => factor !== undefined).sort((a, b) => a - b)
  return known[known.length >> 1]
}

/** What a new reading counts against all before. */
const FACTOR_WEIGHT = 0.2

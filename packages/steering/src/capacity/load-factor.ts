import { demandWeight } from './demand-weight.ts'

/** What a site said about its load. */
export interface LoadReading {
  /** Its load, in a unit of its own. */
  readonly reported: number
  /** What it said at the reading before; undefined at the first. */
  readonly reportedBefore: number | undefined
  /** The demand that was sent there lately: over about one TTL, for users come when they have the answer. */
  readonly sent: number
  /** The demand that was sent there over as long as load stays at most, in the mean. See `nextSentLong`. */
  readonly sentLong: number
}

/**
 * How much load a site has, in the unit that it reports, for each unit of demand that it is sent: after one more reading, or
 * undefined as long as none said anything. A site's capacity divided by its factor is its capacity in demand, in which sites
 * with different units can be weighed against each other.
 *
 * Nobody knows how long load stays: requests are gone at once, sessions live for an hour. So a reading gives bounds only. The
 * demand that made the load lies between that of late and that of the long mean, and a factor that is between the two results is
 * left alone. Otherwise sessions that stay while their site is sent nobody any more look like a site that has become dear, and
 * it is emptied.
 *
 * Below the bounds a factor rises at once, to at most double, if two readings in a row say so: overload does not wait, but
 * one reading may be a slip. Above them it falls a part of the way. A reading with next to nothing sent says nothing about a
 * unit of it: `leastSent`, in units of demand.
 */
export function nextLoadFactor(
  previous: number | undefined,
  { reported, reportedBefore, sent, sentLong }: LoadReading,
  leastSent: number,
): number | undefined {
  if (sent < leastSent || sent <= 0 || !(reported > 0)) return previous
  if (previous === undefined) return reported / sent
  const confirmed = Math.min(reported, reportedBefore ?? 0) / Math.max(sent, sentLong)
  if (previous < confirmed) return Math.min(previous * 2, confirmed)
  const most = reported / Math.min(sent, sentLong)
  return previous > most ? previous + (Math.max(previous / 2, most) - previous) * FALL_WEIGHT : previous
}

/**
 * The long mean of what was sent, after so many milliseconds more. `knownMs` is how long it has been kept: as long as that is
 * short, it is the mean of that time, or else what a server saw first would count for long.
 */
export function nextSentLong(before: number | undefined, sent: number, elapsedMs: number, knownMs: number): number {
  if (before === undefined || knownMs <= 0) return sent
  const weight = Math.max(demandWeight(elapsedMs, SENT_LONG_HALF_LIFE_MS), Math.min(1, elapsedMs / knownMs))
  return before + (sent - before) * weight
}

/**
 * What a factor is taken to be at a site that has none yet: the median of the others that report in the same unit.
 * Undefined where nobody knows.
 */
export function typicalLoadFactor(factors: readonly (number | undefined)[]): number | undefined {
  const known = factors.filter((factor) => factor !== undefined).sort((a, b) => a - b)
  return known[known.length >> 1]
}

/**
 * Half-life of the long mean of what was sent. Load that stays ten minutes is reckoned with; of load that stays an hour a site
 * gives away a little more than it has to, before it is believed that it stays. A longer mean would be slow to believe
 * that a site is dear while clients are leaving it.
 */
const SENT_LONG_HALF_LIFE_MS = 600_000

/** What a lower reading counts against all before. */
const FALL_WEIGHT = 0.2

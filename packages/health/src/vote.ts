import { Verdict } from '@windrose/steering'

/** One voice in a vote: an agent's within its vantage, or a vantage's globally. */
export interface Vote {
  /** Orders the voters, so that the same votes always give the same reason. */
  readonly voter: string
  readonly verdict: Verdict
  readonly reason: string
  readonly stability: number
  readonly degraded: boolean
}

export interface VoteResult {
  readonly verdict: Verdict
  readonly reason: string
  /** Seconds before enough voters can have changed their mind. */
  readonly stability: number
  readonly degraded: boolean
}

/**
 * Down when `needed` voters say down, else up. Voters that say unknown must have been left out.
 *
 * The result can turn only after enough voters have turned, and each holds for its own stability at least: with k to
 * turn, that is the k-th shortest stability on the winning side.
 */
export function countVotes(votes: readonly Vote[], needed: number, voters: string): VoteResult {
  const down = votes.filter((vote) => vote.verdict === Verdict.down)
  const up = votes.filter((vote) => vote.verdict === Verdict.up)
  const isDown = down.length >= needed
  const winners = isDown ? down : up
  const toTurn = isDown ? down.length - needed + 1 : needed - down.length
  return {
    verdict: isDown ? Verdict.down : Verdict.up,
    reason: reasonOf(winners, votes.length, voters),
    stability: kthShortest(winners, toTurn),
    degraded: !isDown && up.some((vote) => vote.degraded),
  }
}

/** Fewer winners than must turn cannot turn the result by themselves: then the last of them is the bound. */
function kthShortest(winners: readonly Vote[], k: number): number {
  const stabilities = winners.map((vote) => vote.stability).sort((a, b) => a - b)
  return stabilities[Math.min(k, stabilities.length) - 1] ?? 0
}

function reasonOf(winners: readonly Vote[], votes: number, voters: string): string {
  const [first, ...others] = winners
  if (first === undefined) return ''
  const spokesman = others.reduce((best, vote) => (speaksBefore(vote, best) ? vote : best), first)
  return votes === 1 ? spokesman.reason : `${winners.length} of ${votes} ${voters}: ${spokesman.reason}`
}

/** A voter with something to say about a degraded target speaks for the others. */
function speaksBefore(a: Vote, b: Vote): boolean {
  return a.degraded === b.degraded ? a.voter < b.voter : a.degraded
}

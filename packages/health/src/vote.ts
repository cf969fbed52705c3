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

export interface VotingRule {
  /** How many of these many votes must say down. */
  readonly needed: (votes: number) => number
  /** Voters that have a vote and have not cast it: they may at any time. */
  readonly silent: number
  /** What they are called. */
  readonly voters: string
}

/**
 * Down when enough voters say down, else up. Voters that say unknown must have been left out.
 *
 * The result can turn only after enough voters have turned, and each holds for its own stability at least: with k to
 * turn, that is the k-th shortest stability on the winning side. Silent voters hold for nothing: whether they come to say
 * what the winners say or the other thing is not known, so the worse is taken.
 */
export function countVotes(votes: readonly Vote[], { needed, silent, voters }: VotingRule): VoteResult {
  const down = votes.filter((vote) => vote.verdict === Verdict.down)
  const up = votes.filter((vote) => vote.verdict === Verdict.up)
  const isDown = down.length >= needed(votes.length)
  const winners = isDown ? down : up
  return {
    verdict: isDown ? Verdict.down : Verdict.up,
    reason: reasonOf(winners, votes.length, voters),
    stability: soonestTurn(
      winners,
      (spoken) => {
        const needs = needed(votes.length + spoken)
        return isDown ? down.length - needs + 1 : needs - down.length - spoken
      },
      silent,
    ),
    degraded: !isDown && up.some((vote) => vote.degraded),
  }
}

/** Over all numbers of silent voters that come to speak against the winners: the time at which enough winners can turn. */
function soonestTurn(winners: readonly Vote[], toTurn: (spoken: number) => number, silent: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let spoken = 0; spoken <= silent; spoken++) least = Math.min(least, kthShortest(winners, toTurn(spoken)))
  return least
}

/** Fewer winners than must turn cannot turn the result by themselves: then the last of them is the bound. */
export function kthShortest(holders: readonly { readonly stability: number }[], k: number): number {
  if (k <= 0) return 0
  const stabilities = holders.map(({ stability }) => stability).sort((a, b) => a - b)
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

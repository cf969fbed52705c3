import { Verdict } from '@windrose/steering'

/**
 * Those who say the same thing in a vote. A step counts hundreds of thousands of votes: they are counted one after the
 * other, in memory that is used again.
 */
export class Side {
  #votes = 0
  /** Ascending; behind as many as there are votes it holds what is left of an earlier vote. */
  readonly #stabilities: number[] = []
  #spokesman = ''
  #reason = ''
  #degraded = false

  get votes(): number {
    return this.#votes
  }

  /** The spokesman's: the first by name, so that the same votes always give the same one. */
  get reason(): string {
    return this.#votes === 0 ? '' : this.#reason
  }

  /** Whether any of them says so. */
  get degraded(): boolean {
    return this.#degraded
  }

  clear(): void {
    this.#votes = 0
    this.#degraded = false
  }

  /** `stability` in seconds. */
  add(voter: string, reason: string, stability: number, degraded: boolean): void {
    // A voter with something to say about a degraded target speaks for the others.
    const isFirst = degraded === this.#degraded ? voter < this.#spokesman : degraded
    if (this.#votes === 0 || isFirst) {
      this.#spokesman = voter
      this.#reason = reason
      this.#degraded = degraded
    }
    const stabilities = this.#stabilities
    let place = this.#votes++
    for (; place > 0 && stabilities[place - 1]! > stability; place--) stabilities[place] = stabilities[place - 1]!
    stabilities[place] = stability
  }

  /**
   * The time at which k of them can have changed their mind: the k-th shortest stability, in seconds. Fewer than must
   * turn cannot turn the result by themselves: then the last of them is the bound.
   */
  turnedAt(k: number): number {
    const place = Math.min(k, this.#votes)
    return place <= 0 ? 0 : this.#stabilities[place - 1]!
  }
}

/** All that is said in one vote. Whoever says unknown says nothing. */
export class Tally {
  /** What the voters are called. */
  readonly #voters: string
  readonly up: Side = new Side()
  readonly down: Side = new Side()
  /** What was told last, and of what: it is told of target after target, and made anew only when it is another. */
  #told = ''
  #toldOf = ''
  #toldWinners = 0
  #toldVotes = 0

  constructor(voters: string) {
    this.#voters = voters
  }

  get votes(): number {
    return this.up.votes + this.down.votes
  }

  clear(): void {
    this.up.clear()
    this.down.clear()
  }

  add(verdict: Verdict, voter: string, reason: string, stability: number, degraded: boolean): void {
    if (verdict === Verdict.up) this.up.add(voter, reason, stability, degraded)
    if (verdict === Verdict.down) this.down.add(voter, reason, stability, degraded)
  }

  /** `2 of 3 agents: refused`, or what the only voter says. */
  tell(winners: Side): string {
    const { votes } = this
    const { reason } = winners
    if (votes === 1 || winners.votes === 0) return reason
    if (reason !== this.#toldOf || winners.votes !== this.#toldWinners || votes !== this.#toldVotes) {
      this.#toldOf = reason
      this.#toldWinners = winners.votes
      this.#toldVotes = votes
      this.#told = `${winners.votes} of ${votes} ${this.#voters}: ${reason}`
    }
    return this.#told
  }
}

export interface VoteResult {
  readonly verdict: Verdict
  readonly reason: string
  /** Seconds before enough voters can have changed their mind. */
  readonly stability: number
  readonly degraded: boolean
}

/** How many of these many votes must say down. */
export type Needed = (votes: number) => number

/**
 * Down when enough voters say down, else up.
 *
 * The result can turn only after enough voters have turned, and each holds for its own stability at least: with k to
 * turn, that is the k-th shortest stability on the winning side. `silent` voters have a vote and have not cast it: they
 * hold for nothing. Whether they come to say what the winners say or the other thing is not known, so the worse is taken.
 */
export function countVotes(tally: Tally, needed: Needed, silent: number): VoteResult {
  const { up, down, votes } = tally
  const isDown = down.votes >= needed(votes)
  const winners = isDown ? down : up
  let stability = Number.POSITIVE_INFINITY
  for (let spoken = 0; spoken <= silent; spoken++) {
    const needs = needed(votes + spoken)
    const toTurn = isDown ? down.votes - needs + 1 : needs - down.votes - spoken
    stability = Math.min(stability, winners.turnedAt(toTurn))
  }
  return {
    verdict: isDown ? Verdict.down : Verdict.up,
    reason: tally.tell(winners),
    stability,
    degraded: !isDown && up.degraded,
  }
}

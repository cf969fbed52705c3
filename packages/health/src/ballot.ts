import { Verdict } from '@windrose/steering'
import { leastAbove } from './least-above.ts'
import type { Report } from './report.ts'
import { UNHEARD } from './standing.ts'
import { countVotes, type Needed, Tally, type VoteResult } from './vote.ts'

/**
 * What the agents of one vantage say of a target, and the vantage's word that comes of it. Used again for every target of
 * a step.
 */
export class Ballot {
  readonly vantage: string
  /** As many agents as must speak for the vantage to have a word: a set of agents. */
  readonly #set: number
  /** How many agents have a vote here. */
  agents = 0
  readonly tally: Tally = new Tally('agents')
  /** Whether any agent has a report, and be it that it does not know. */
  isCast = false
  word: VoteResult = UNHEARD
  /** Of those that do not know the first by name, and why it does not. */
  #silent = ''
  #silence = ''

  constructor(vantage: string, set: number) {
    this.vantage = vantage
    this.#set = set
  }

  clear(): void {
    this.tally.clear()
    this.isCast = false
    this.word = UNHEARD
    this.#silent = ''
  }

  take({ agent, verdict, reason, stability, degraded = false }: Report): void {
    this.isCast = true
    if (verdict !== Verdict.unknown) this.tally.add(verdict, agent, reason, stability, degraded)
    else if (this.#silent === '' || agent < this.#silent) {
      this.#silent = agent
      this.#silence = reason
    }
  }

  /** To be called when all have been taken. */
  close(): void {
    const { votes } = this.tally
    if (votes >= this.#set) this.word = countVotes(this.tally, MAJORITY, this.agents - votes)
    else {
      const reason = votes > 0 ? `${votes} of the ${this.#set} agents that are needed` : this.#silence
      this.word = { ...UNHEARD, reason }
    }
  }

  /** Whether two disjoint sets of agents say down. */
  get isDownTwice(): boolean {
    return this.tally.down.votes >= 2 * this.#set
  }

  /** For how many seconds at least they do. */
  get downTwiceFor(): number {
    const { down } = this.tally
    return down.turnedAt(down.votes - 2 * this.#set + 1)
  }

  /** Whether there are enough agents for two sets. */
  get hasTwoSets(): boolean {
    return this.agents >= 2 * this.#set
  }
}

const MAJORITY: Needed = (votes) => leastAbove(0.5, votes)

import { Verdict } from '@windrose/steering'
import type { Ballot } from './ballot.ts'
import { type Electorate, isVoting, leastForDown } from './electorate.ts'
import type { HealthRules } from './health-rules.ts'
import { type Heard, pushedReports } from './heard.ts'
import { UNHEARD } from './standing.ts'
import { GLOBAL, type TargetState } from './target-state.ts'
import { countVotes, Tally, type VoteResult } from './vote.ts'

/** What the voters of one view of a target say now. */
export interface Poll extends VoteResult {
  /** Whose view it is: a vantage's, or GLOBAL. */
  readonly view: string
  /** Too few know: it is the last verdict. */
  readonly stale: boolean
  /** Of a verdict down: who says so beside the first set of agents, */
  readonly confirmed: Confirmation
  /** and for how many seconds at least. */
  readonly confirmedFor: number
}

/**
 * The first set of agents is as many as a vantage needs to speak. The second, disjoint from it, may be as many others of
 * the same vantage, or those of another vantage, which share no network with them.
 */
export const Confirmation = { none: 0, agents: 1, vantage: 2 } as const
export type Confirmation = (typeof Confirmation)[keyof typeof Confirmation]

export function equalPolls(a: Poll, b: Poll): boolean {
  return (
    a.view === b.view &&
    a.verdict === b.verdict &&
    a.stability === b.stability &&
    a.degraded === b.degraded &&
    a.stale === b.stale &&
    a.confirmed === b.confirmed &&
    a.confirmedFor === b.confirmedFor &&
    a.reason === b.reason
  )
}

/**
 * Asks the agents of every vantage, and then the vantages. Gives the global poll, then in the order of their names those
 * of the vantages that speak, or that spoke and still count: what they said last matters when they come back.
 *
 *   vantage   fewer agents than `minAgents` speak ......... unknown
 *             more than half of those that speak say down . down, else up
 *   view      the vantage's verdict; but down, where there are several vantages, only if two of its agents say so or a
 *             second vantage agrees: else it does not know
 *   global    fewer vantages than `minVantages` know ...... the last verdict stands, flagged stale
 *             more than `share` of those that know say down  down, else up; exactly that share stays up
 *             where there are several vantages, down needs two of them
 *
 * An agent that says `unknown` does not speak.
 */
export function pollTarget(
  target: string,
  before: TargetState | undefined,
  heard: Heard,
  electorate: Electorate,
  rules: HealthRules,
): readonly Poll[] {
  const isPushed = rules.pushed.has(target)
  const ballots = isPushed ? [] : castBallots(target, heard, electorate)
  const polls = [
    isPushed ? askPushed(before, pushedReports(target, heard)) : askGlobally(before, ballots, electorate, rules),
  ]
  for (const ballot of ballots) polls.push(viewOf(ballot, ballots, electorate))
  for (const [view, { voted }] of before?.vantages ?? []) {
    if (voted === Verdict.unknown || !isVoting(view, rules)) continue
    if (polls.every((poll) => poll.view !== view)) polls.push(unknownPoll(view, 'no agent speaks'))
  }
  const spoken = 1 + ballots.length
  return polls.length === spoken ? polls : polls.sort((a, b) => (a.view < b.view ? -1 : 1))
}

/** The ballots of the vantages that have a report on the target, and be it that they do not know. */
function castBallots(target: string, heard: Heard, { voters, ballots }: Electorate): readonly Ballot[] {
  for (const ballot of ballots) ballot.clear()
  for (const report of heard.reports(target)) {
    const voter = voters.get(report.agent)
    if (voter !== undefined && voter.incarnation === report.incarnation) voter.ballot.take(report)
  }
  const cast = ballots.filter(({ isCast }) => isCast)
  for (const ballot of cast) ballot.close()
  return cast
}

function viewOf(ballot: Ballot, ballots: readonly Ballot[], { vantages }: Electorate): Poll {
  const { vantage, word, tally } = ballot
  if (word.verdict !== Verdict.down) return pollOf(vantage, word, word.stability)
  if (vantages < 2) return pollOf(vantage, word, word.stability, confirmAlone(ballot))
  const others = ballots.filter((other) => other !== ballot && other.word.verdict === Verdict.down)
  const downs = tally.down.votes
  if (others.length === 0 && downs < 2) return unknownPoll(vantage, `one agent alone says down: ${word.reason}`)
  // Either support is enough, so both must go before the view ceases to know.
  const othersHold = Math.max(0, ...others.map((other) => other.word.stability))
  const stability = Math.min(word.stability, Math.max(tally.down.turnedAt(downs - 1), othersHold))
  if (others.length > 0) return pollOf(vantage, word, stability, [Confirmation.vantage, othersHold])
  return pollOf(vantage, word, stability, ballot.isDownTwice ? [Confirmation.agents, 0] : UNCONFIRMED)
}

/** A confirmation, and for how many seconds it holds. */
type Confirmed = readonly [Confirmation, number]

const UNCONFIRMED: Confirmed = [Confirmation.none, 0]
const CONFIRMED: Confirmed = [Confirmation.vantage, Number.POSITIVE_INFINITY]

/** Of the only vantage: where no second set of agents exists, nobody could be asked, and the brake would never let go. */
function confirmAlone(ballot: Ballot): Confirmed {
  if (!ballot.hasTwoSets) return CONFIRMED
  return ballot.isDownTwice ? [Confirmation.vantage, ballot.downTwiceFor] : UNCONFIRMED
}

function pollOf(
  view: string,
  { verdict, reason, degraded }: VoteResult,
  stability: number,
  [confirmed, confirmedFor]: Confirmed = UNCONFIRMED,
): Poll {
  return { view, verdict, reason, stability, degraded, stale: false, confirmed, confirmedFor }
}

function unknownPoll(view: string, reason: string): Poll {
  return pollOf(view, { ...UNHEARD, reason }, 0)
}

function askGlobally(
  before: TargetState | undefined,
  ballots: readonly Ballot[],
  { vantages, together, needed }: Electorate,
  { quorum }: HealthRules,
): Poll {
  together.clear()
  for (const { vantage, word } of ballots) {
    together.add(word.verdict, vantage, word.reason, word.stability, word.degraded)
  }
  const { votes } = together
  // A lone vantage that says down is not enough for down, and no reason for up.
  const isUndecided = votes < leastForDown(vantages) && together.down.votes > 0
  if (votes < Math.max(1, quorum.minVantages) || isUndecided) {
    return keepLast(before, ballots.length === 1 ? ballots[0]!.word.reason : UNHEARD.reason)
  }
  const result = countVotes(together, needed, Math.max(0, vantages - votes))
  if (result.verdict !== Verdict.down) return pollOf(GLOBAL, result, result.stability)
  return pollOf(GLOBAL, result, result.stability, vantages < 2 ? confirmAlone(ballots[0]!) : CONFIRMED)
}

/**
 * One push that says up is enough: it may have gone to one server only. For the same reason silence at the others says
 * nothing while a server still waits for its first push, or one is gone that had heard from the target.
 */
function askPushed(before: TargetState | undefined, { alive, gone }: ReturnType<typeof pushedReports>): Poll {
  const tally = new Tally('servers')
  for (const { verdict, agent, reason, stability, degraded = false } of alive) {
    tally.add(verdict, agent, reason, stability, degraded)
  }
  const mayBeUp = tally.votes < alive.length || gone.some(({ verdict }) => verdict !== Verdict.down)
  if (tally.votes === 0 || (tally.up.votes === 0 && mayBeUp)) return keepLast(before, UNHEARD.reason)
  const result = countVotes(tally, (votes) => votes, 0)
  return pollOf(GLOBAL, result, 0, CONFIRMED)
}

/**
 * Nothing promises how long a stale verdict lasts: the next report may turn it. Where there was none, it is said why there
 * is none now.
 */
function keepLast(before: TargetState | undefined, reason: string): Poll {
  const last = before?.global
  if (last === undefined || last.voted === Verdict.unknown) return unknownPoll(GLOBAL, reason)
  return { ...pollOf(GLOBAL, last, 0, CONFIRMED), verdict: last.voted, stale: true }
}

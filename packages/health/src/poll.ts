import { Verdict } from '@windrose/steering'
import type { HealthRules } from './health-rules.ts'
import type { TargetState } from './health-state.ts'
import { countingReports, type Electorate, type Heard, pushedReports } from './heard.ts'
import type { Report } from './report.ts'
import { UNHEARD } from './standing.ts'
import { countVotes, kthShortest, type Vote, type VoteResult } from './vote.ts'

/** What the voters of one view of a target say now. */
export interface Poll extends VoteResult {
  /** Too few know: it is the last verdict. */
  readonly stale: boolean
  /** Of a verdict down: who says so beside the first set of agents. */
  readonly confirmed: Confirmation
}

/**
 * The first set of agents is as many as a vantage needs to speak. The second, disjoint from it, may be as many others of
 * the same vantage, or those of another vantage, which share no network with them.
 */
export const Confirmation = { none: 0, agents: 1, vantage: 2 } as const
export type Confirmation = (typeof Confirmation)[keyof typeof Confirmation]

export interface TargetPoll {
  readonly global: Poll
  readonly vantages: ReadonlyMap<string, Poll>
}

/**
 * Asks the agents of every vantage, and then the vantages.
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
): TargetPoll {
  if (rules.pushed.has(target)) return { global: askPushed(before, pushedReports(target, heard)), vantages: new Map() }
  const words = new Map<string, Word>()
  for (const [vantage, reports] of countingReports(target, heard, rules)) {
    words.set(vantage, askVantage(reports, electorate.agentsAt.get(vantage) ?? 0, rules))
  }
  const vantages = new Map<string, Poll>()
  for (const vantage of [...words.keys()].sort()) vantages.set(vantage, viewOf(vantage, words, electorate))
  return { global: askGlobally(before, words, electorate, rules), vantages }
}

/** A vantage's own verdict. */
interface Word extends VoteResult {
  /** The stabilities of the agents that say down. */
  readonly downs: readonly Vote[]
  /** Where it is down: whether two disjoint sets of its agents say so. */
  readonly twice: boolean
  /** Whether there are enough agents for two sets. */
  readonly couldTwice: boolean
}

function askVantage(reports: readonly Report[], agents: number, { quorum }: HealthRules): Word {
  const least = Math.max(1, quorum.minAgents)
  const votes = reports.filter((report) => report.verdict !== Verdict.unknown).map(voteOfAgent)
  const downs = votes.filter(({ verdict }) => verdict === Verdict.down)
  const sets = { downs, twice: downs.length >= 2 * least, couldTwice: agents >= 2 * least }
  if (votes.length < least) return { ...UNHEARD, reason: silenceOf(reports, votes.length, least), ...sets }
  const needed = (count: number): number => Math.floor(count / 2) + 1
  return { ...countVotes(votes, { needed, silent: agents - votes.length, voters: 'agents' }), ...sets }
}

function viewOf(vantage: string, words: ReadonlyMap<string, Word>, { vantages }: Electorate): Poll {
  const word = words.get(vantage)!
  if (word.verdict !== Verdict.down) return pollOf(word, word.stability, Confirmation.none)
  if (vantages < 2) return pollOf(word, word.stability, confirmAlone(word))
  const others = [...words].filter(([name, other]) => name !== vantage && other.verdict === Verdict.down)
  if (others.length === 0 && word.downs.length < 2) {
    const reason = `one agent alone says down: ${word.reason}`
    return pollOf({ ...UNHEARD, reason }, 0, Confirmation.none)
  }
  // Either support is enough, so both must go before the view ceases to know.
  const supported = Math.max(
    kthShortest(word.downs, word.downs.length - 1),
    kthShortest(
      others.map(([, other]) => other),
      others.length,
    ),
  )
  const confirmed = others.length > 0 ? Confirmation.vantage : word.twice ? Confirmation.agents : Confirmation.none
  return pollOf(word, Math.min(word.stability, supported), confirmed)
}

/** Without the single votes: what is kept for all targets of a step must be small. */
function pollOf({ verdict, reason, degraded }: VoteResult, stability: number, confirmed: Confirmation): Poll {
  return { verdict, reason, stability, degraded, stale: false, confirmed }
}

/** Of the only vantage: where no second set of agents exists, nobody could be asked, and the brake would never let go. */
function confirmAlone(word: Word): Confirmation {
  return word.twice || !word.couldTwice ? Confirmation.vantage : Confirmation.none
}

function askGlobally(
  before: TargetState | undefined,
  words: ReadonlyMap<string, Word>,
  { vantages }: Electorate,
  { quorum }: HealthRules,
): Poll {
  const votes: Vote[] = []
  for (const [voter, word] of words) if (word.verdict !== Verdict.unknown) votes.push({ voter, ...word })
  const alone = vantages >= 2 ? 2 : 1
  const needed = (count: number): number => Math.max(alone, Math.floor(quorum.share * count * (1 + 1e-12)) + 1)
  const enough = Math.max(1, quorum.minVantages)
  // A lone vantage that says down is not enough for down, and no reason for up.
  const undecided = votes.length < alone && votes.some(({ verdict }) => verdict === Verdict.down)
  if (votes.length < enough || undecided) return keepLast(before, words)
  const result = countVotes(votes, { needed, silent: Math.max(0, vantages - votes.length), voters: 'vantages' })
  const [only] = words.values()
  const confirmed = vantages < 2 && only !== undefined ? confirmAlone(only) : Confirmation.vantage
  return pollOf(result, result.stability, result.verdict === Verdict.down ? confirmed : Confirmation.none)
}

/**
 * One push that says up is enough: it may have gone to one server only. For the same reason silence at the others says
 * nothing while a server still waits for its first push, or one is gone that had heard from the target.
 */
function askPushed(before: TargetState | undefined, { alive, gone }: ReturnType<typeof pushedReports>): Poll {
  const votes = alive.filter(({ verdict }) => verdict !== Verdict.unknown).map(voteOfAgent)
  const isUp = votes.some(({ verdict }) => verdict === Verdict.up)
  const mayBeUp = votes.length < alive.length || gone.some(({ verdict }) => verdict !== Verdict.down)
  if (votes.length === 0 || (!isUp && mayBeUp)) return keepLast(before, new Map())
  const result = countVotes(votes, { needed: (count) => count, silent: 0, voters: 'servers' })
  return { ...result, stability: 0, stale: false, confirmed: Confirmation.vantage }
}

/** Nothing promises how long a stale verdict lasts: the next report may turn it. */
function keepLast(before: TargetState | undefined, words: ReadonlyMap<string, Word>): Poll {
  const last = before?.global
  if (last !== undefined && last.voted !== Verdict.unknown) {
    const { reason, degraded } = last
    return { verdict: last.voted, reason, degraded, stability: 0, stale: true, confirmed: Confirmation.vantage }
  }
  const [only] = words.values()
  const reason = words.size === 1 && only !== undefined ? only.reason : UNHEARD.reason
  return pollOf({ ...UNHEARD, reason }, 0, Confirmation.none)
}

function voteOfAgent(report: Report): Vote {
  const { agent, verdict, reason, stability, degraded = false } = report
  return { voter: agent, verdict, reason, stability, degraded }
}

function silenceOf(reports: readonly Report[], speaking: number, minAgents: number): string {
  if (speaking > 0) return `${speaking} of the ${minAgents} agents that are needed`
  const [first] = reports.toSorted((a, b) => (a.agent < b.agent ? -1 : 1))
  return first?.reason ?? UNHEARD.reason
}

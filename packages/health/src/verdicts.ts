import { Verdict } from '@windrose/steering'
import type { Report } from './report.ts'
import { equalStandings, type Standing, UNHEARD } from './standing.ts'
import { countVotes, type Vote, type VoteResult } from './vote.ts'

/**
 * The one step from reports to verdicts: first for every vantage from its agents, then globally from the vantages.
 *
 *   vantage   fewer agents than `minAgents` speak ......... unknown
 *             more than half of those that speak say down . down, else up
 *   global    fewer vantages than `minVantages` know ...... the last verdict stands, flagged stale
 *             more than `share` of those that know say down  down, else up; exactly that share stays up
 *
 * `reports` are all that count at this time: the latest of every agent and target, without those that were withdrawn or
 * whose agent is gone. An agent that says `unknown` does not speak. Targets that stay as they are keep their identity,
 * and a step that changes nothing gives the same state back.
 */
export function next(
  state: VerdictState,
  reports: Iterable<Report>,
  timeMs: number,
  quorum: Quorum = SINGLE_AGENT,
): VerdictState {
  const byTarget = groupBy(reports, (report) => report.target)
  const targets = new Map<string, TargetVerdict>()
  let changed = false
  for (const id of new Set([...state.targets.keys(), ...byTarget.keys()])) {
    const before = state.targets.get(id)
    const after = nextTarget(before, byTarget.get(id) ?? [], timeMs, quorum)
    changed ||= after !== before
    targets.set(id, after)
  }
  return changed ? { targets } : state
}

export interface VerdictState {
  /** By the id of the probe target. */
  readonly targets: ReadonlyMap<string, TargetVerdict>
}

export interface TargetVerdict {
  readonly global: Standing
  /** By name of the vantage: those from which agents have reported. */
  readonly vantages: ReadonlyMap<string, Standing>
}

export interface Quorum {
  /** Agents of a vantage that must speak for it to have a verdict. */
  readonly minAgents: number
  /** Vantages that must have a verdict for the global one to move. Where it is 2 or more, one alone never says down. */
  readonly minVantages: number
  /** 0 to 1: down needs more than this share of the vantages. */
  readonly share: number
}

/** One agent at one vantage: its report is the verdict. */
export const SINGLE_AGENT: Quorum = { minAgents: 1, minVantages: 1, share: 0.5 }

/** The state before any report. */
export const NO_VERDICTS: VerdictState = { targets: new Map() }

/** The step for one target, for callers that know which targets have new reports. `reports` are all of the target. */
export function nextTarget(
  before: TargetVerdict | undefined,
  reports: readonly Report[],
  timeMs: number,
  quorum: Quorum,
): TargetVerdict {
  const byVantage = groupBy(reports, (report) => report.vantage)
  const vantages = new Map<string, Standing>()
  let changed = before === undefined || byVantage.size !== before.vantages.size
  for (const [vantage, heard] of byVantage) {
    const previous = before?.vantages.get(vantage)
    const standing = settle(previous, askVantage(heard, quorum.minAgents), timeMs)
    changed ||= standing !== previous
    vantages.set(vantage, standing)
  }
  const global = settle(before?.global, askGlobally(before?.global, vantages, quorum), timeMs)
  changed ||= global !== before?.global
  return changed || before === undefined ? { global, vantages } : before
}

/** Leaves out the targets that are no longer probed. */
export function forgetTargets(state: VerdictState, probed: ReadonlySet<string>): VerdictState {
  const kept = [...state.targets].filter(([id]) => probed.has(id))
  return kept.length === state.targets.size ? state : { targets: new Map(kept) }
}

type Asked = VoteResult & { readonly stale?: boolean }

function askVantage(reports: readonly Report[], minAgents: number): Asked {
  const votes = reports.filter((report) => report.verdict !== Verdict.unknown).map(voteOfAgent)
  if (votes.length < Math.max(1, minAgents)) return { ...UNHEARD, reason: silence(reports, votes.length, minAgents) }
  return countVotes(votes, Math.floor(votes.length / 2) + 1, 'agents')
}

function askGlobally(before: Standing | undefined, vantages: ReadonlyMap<string, Standing>, quorum: Quorum): Asked {
  const votes: Vote[] = []
  for (const [voter, standing] of vantages) if (standing.verdict !== Verdict.unknown) votes.push({ voter, ...standing })
  if (votes.length < Math.max(1, quorum.minVantages)) return keepLast(before, vantages)
  const alone = quorum.minVantages >= 2 ? 2 : 1
  return countVotes(votes, Math.max(alone, Math.floor(quorum.share * votes.length) + 1), 'vantages')
}

/** Nothing promises how long a stale verdict lasts: the next report may turn it. */
function keepLast(before: Standing | undefined, vantages: ReadonlyMap<string, Standing>): Asked {
  if (before !== undefined && before.verdict !== Verdict.unknown) return { ...before, stability: 0, stale: true }
  const [only] = vantages.values()
  return vantages.size === 1 && only !== undefined ? { ...UNHEARD, reason: only.reason } : UNHEARD
}

function settle(before: Standing | undefined, asked: Asked, timeMs: number): Standing {
  const { verdict, reason, stability, degraded, stale = false } = asked
  const since = verdict === Verdict.unknown ? 0 : before?.verdict === verdict ? before.since : timeMs
  const after = { verdict, since, reason, stability, degraded, stale }
  return before !== undefined && equalStandings(before, after) ? before : after
}

function voteOfAgent(report: Report): Vote {
  const { agent, verdict, reason, stability, degraded = false } = report
  return { voter: agent, verdict, reason, stability, degraded }
}

function silence(reports: readonly Report[], speaking: number, minAgents: number): string {
  if (speaking > 0) return `${speaking} of the ${minAgents} agents that are needed`
  return reports[0]?.reason ?? UNHEARD.reason
}

function groupBy(reports: Iterable<Report>, keyOf: (report: Report) => string): Map<string, Report[]> {
  const groups = new Map<string, Report[]>()
  for (const report of reports) {
    const key = keyOf(report)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [report])
    else group.push(report)
  }
  return groups
}

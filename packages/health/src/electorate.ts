import type { AgentPresence } from './agent-presence.ts'
import { Ballot } from './ballot.ts'
import { type HealthRules, PUSH_VANTAGE } from './health-rules.ts'
import type { Heard } from './heard.ts'
import { leastAbove } from './least-above.ts'
import { type Needed, Tally } from './vote.ts'

/** Who may vote, and where the votes on the target that is looked at are counted. */
export interface Electorate {
  /** The agents that have a vote, by name: alive, not isolated, of a vantage that counts. */
  readonly voters: ReadonlyMap<string, Voter>
  /** Those of their vantages, in the order of their names. */
  readonly ballots: readonly Ballot[]
  /** The vantages that count: the configured ones, or where none are, those that agents are known of. */
  readonly vantages: number
  /** What the vantages say together. */
  readonly together: Tally
  /** How many of them must say down. */
  readonly needed: Needed
}

export interface Voter {
  readonly incarnation: number
  /** The lease says which vantage an agent speaks for, not its reports. */
  readonly ballot: Ballot
}

export function callElectorate(heard: Heard, rules: HealthRules): Electorate {
  const known = new Set(rules.vantages)
  const ballots = new Map<string, Ballot>()
  const voters = new Map<string, Voter>()
  for (const agent of heard.agents.values()) {
    const { vantage, incarnation } = agent
    // Of an agent whose lease was never seen no vantage is known.
    if (rules.vantages.length === 0 && vantage !== PUSH_VANTAGE && vantage !== '') known.add(vantage)
    if (!hasVote(agent, rules)) continue
    const ballot = ballots.get(vantage) ?? new Ballot(vantage, Math.max(1, rules.quorum.minAgents))
    ballots.set(vantage, ballot)
    ballot.agents++
    voters.set(agent.agent, { incarnation, ballot })
  }
  return {
    voters,
    ballots: [...ballots.values()].sort((a, b) => (a.vantage < b.vantage ? -1 : 1)),
    vantages: known.size,
    together: new Tally('vantages'),
    needed: neededOf(known.size, rules),
  }
}

function neededOf(vantages: number, { quorum }: HealthRules): Needed {
  const least = leastForDown(vantages)
  return (votes) => Math.max(least, leastAbove(quorum.share, votes))
}

/** Where there are several vantages, one alone makes nothing down. */
export function leastForDown(vantages: number): number {
  return vantages >= 2 ? 2 : 1
}

/** Whether a vantage is one of those that have a vote. */
export function isVoting(vantage: string, { vantages }: Pick<HealthRules, 'vantages'>): boolean {
  return vantage !== PUSH_VANTAGE && (vantages.length === 0 || vantages.includes(vantage))
}

function hasVote({ alive, isolated, vantage }: AgentPresence, rules: HealthRules): boolean {
  return alive && !isolated && isVoting(vantage, rules)
}

import type { AgentPresence } from './agent-presence.ts'
import { type HealthRules, PUSH_VANTAGE } from './health-rules.ts'
import type { Report } from './report.ts'

/** All that has been heard up to now. */
export interface Heard {
  /** By the agent's name. */
  readonly agents: ReadonlyMap<string, AgentPresence>
  /** The latest report of every agent on a target, in any order. */
  reports(target: string): readonly Report[]
}

/** Who may vote at all. */
export interface Electorate {
  /** Agents that have a vote, by vantage: alive, not isolated, of a vantage that counts. */
  readonly agentsAt: ReadonlyMap<string, number>
  /** The vantages that count: the configured ones, or where none are, those that agents are known of. */
  readonly vantages: number
}

export function callElectorate(heard: Heard, rules: HealthRules): Electorate {
  const agentsAt = new Map<string, number>()
  const known = new Set(rules.vantages)
  for (const agent of heard.agents.values()) {
    // Of an agent whose lease was never seen no vantage is known.
    const isVantage = agent.vantage !== PUSH_VANTAGE && agent.vantage !== ''
    if (rules.vantages.length === 0 && isVantage) known.add(agent.vantage)
    if (hasVote(agent, rules)) agentsAt.set(agent.vantage, (agentsAt.get(agent.vantage) ?? 0) + 1)
  }
  return { agentsAt, vantages: known.size }
}

/**
 * The reports on a target that count, by vantage: of agents that have a vote, and of their current incarnation. The lease
 * says which vantage an agent speaks for, not the report.
 */
export function countingReports(target: string, heard: Heard, rules: HealthRules): ReadonlyMap<string, Report[]> {
  const byVantage = new Map<string, Report[]>()
  for (const report of heard.reports(target)) {
    const agent = heard.agents.get(report.agent)
    if (agent === undefined || !hasVote(agent, rules) || report.incarnation !== agent.incarnation) continue
    const group = byVantage.get(agent.vantage)
    if (group === undefined) byVantage.set(agent.vantage, [report])
    else group.push(report)
  }
  return byVantage
}

function hasVote(agent: AgentPresence, rules: HealthRules): boolean {
  if (!agent.alive || agent.isolated || agent.vantage === PUSH_VANTAGE) return false
  return rules.vantages.length === 0 || rules.vantages.includes(agent.vantage)
}

/** What servers have of a target that pushes, those that live and those that are gone. */
export function pushedReports(target: string, heard: Heard): { readonly alive: Report[]; readonly gone: Report[] } {
  const alive: Report[] = []
  const gone: Report[] = []
  for (const report of heard.reports(target)) {
    const presence = heard.agents.get(report.agent)
    if (presence?.vantage !== PUSH_VANTAGE || presence.incarnation !== report.incarnation) continue
    if (presence.alive) alive.push(report)
    else gone.push(report)
  }
  return { alive, gone }
}

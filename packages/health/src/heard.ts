import type { AgentPresence } from './agent-presence.ts'
import { PUSH_VANTAGE } from './health-rules.ts'
import type { Report } from './report.ts'

/** All that has been heard up to now. */
export interface Heard {
  /** By the agent's name. */
  readonly agents: ReadonlyMap<string, AgentPresence>
  /** The latest report of every agent on a target, in any order. */
  reports(target: string): readonly Report[]
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

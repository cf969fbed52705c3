import { Verdict } from '@windrose/steering'
import type { AgentPresence } from './agent-presence.ts'
import type { Heard } from './heard.ts'
import type { Report } from './report.ts'

const WORDS = { U: Verdict.up, D: Verdict.down, '?': Verdict.unknown } as const

/** `eu:UD us:D`: two agents in eu, one up and one down; one agent in us, down. */
export function reportsOf(text: string, change: Partial<Report> = {}): Report[] {
  return text
    .split(' ')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [vantage = '', letters = ''] = part.split(':')
      return [...letters].map((letter, index) => ({
        agent: `${vantage}-${index}`,
        vantage,
        incarnation: 1,
        sequence: 1,
        target: 't',
        verdict: WORDS[letter as keyof typeof WORDS],
        since: 5,
        stability: 30,
        reason: letter === 'D' ? 'refused' : letter === 'U' ? 'status 200' : 'not probed yet',
        at: 7,
        ...change,
      }))
    })
}

/** Reports of agents that are all alive, beside those that are named. */
export function heardOf(reports: readonly Report[], presences: readonly Partial<AgentPresence>[] = []): Heard {
  const agents = new Map<string, AgentPresence>()
  for (const { agent, vantage, incarnation } of reports) {
    agents.set(agent, { agent, vantage, incarnation, isolated: false, alive: true })
  }
  for (const presence of presences) {
    const agent = presence.agent ?? ''
    const known = agents.get(agent) ?? { agent, vantage: '', incarnation: 1, isolated: false, alive: true }
    agents.set(agent, { ...known, ...presence })
  }
  return { agents, reports: (target) => reports.filter((report) => report.target === target) }
}

import type { KnownAgent } from '@windrose/store'
import type { Logger } from '../log.ts'
import { VotelessAgents } from './voteless-agents.ts'

const agentAt = (agent: string, vantage: string, alive = true): KnownAgent => ({
  agent,
  vantage,
  alive,
  incarnation: 1,
  isolated: false,
  since: 0,
  heardAt: 0,
  targets: 0,
  version: '',
  table: undefined,
})

function watch() {
  const lines: string[] = []
  const log = { warn: (_: unknown, line: string) => lines.push(line) } as unknown as Logger
  return { lines, voteless: new VotelessAgents(log) }
}

test('of an agent whose vantage has no vote it is said, once, and which ones have', () => {
  const { lines, voteless } = watch()
  const agents = [agentAt('eu-1', 'eu-west'), agentAt('eu-2', 'eu-wset'), agentAt('push-ns1', 'push')]
  for (let look = 0; look < 3; look++) voteless.look(agents, { vantages: ['eu-west', 'us-east'] })
  expect(lines).toEqual(['agent eu-2 has no vote: it speaks for eu-wset, and health.vantages has eu-west, us-east'])
})

test('nothing is said where every vantage has a vote, nor of an agent that is gone', () => {
  const { lines, voteless } = watch()
  voteless.look([agentAt('eu-2', 'eu-wset')], { vantages: [] })
  voteless.look([agentAt('eu-2', 'eu-wset', false)], { vantages: ['eu-west'] })
  expect(lines).toEqual([])
})

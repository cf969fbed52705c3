import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import type { AgentPresence } from './agent-presence.ts'
import { type HealthRules, SINGLE_AGENT } from './health-rules.ts'
import { NO_HEALTH } from './health-state.ts'
import { heardOf, reportsOf } from './heard.arbitraries.ts'
import { next } from './next.ts'
import { groupTargets } from './target-groups.ts'

type Conduct = 'honest' | 'lies' | 'isolated' | 'gone'

/** The agents of each vantage. */
type Fleet = readonly (readonly Conduct[])[]

/** Fewer than half of so many. */
const minority = (count: number): number => Math.floor((count - 1) / 2)

const wrong = fc.constantFrom<Conduct>('lies', 'isolated', 'gone')

/** Some agents of which fewer than half are wrong, and wrong ones only. */
const soundVantage = fc
  .integer({ min: 1, max: 5 })
  .chain((agents) =>
    fc
      .array(wrong, { maxLength: minority(agents) })
      .map((some): Conduct[] => [...some, ...Array<Conduct>(agents - some.length).fill('honest')]),
  )
const wrongVantage = fc.array(wrong, { minLength: 1, maxLength: 3 })

/** Of fewer than half of the vantages every agent is wrong. */
const fleet: fc.Arbitrary<Fleet> = fc
  .integer({ min: 3, max: 9 })
  .chain((vantages) =>
    fc
      .array(wrongVantage, { maxLength: minority(vantages) })
      .chain((some) =>
        fc
          .array(soundVantage, { minLength: vantages - some.length, maxLength: vantages - some.length })
          .map((others) => [...some, ...others]),
      ),
  )

const nameOf = (vantage: number): string => `v${vantage}`

function rulesFor(vantages: number): HealthRules {
  return {
    ...SINGLE_AGENT,
    vantages: Array.from({ length: vantages }, (_, vantage) => nameOf(vantage)),
    quorum: { minAgents: 1, minVantages: Math.floor(vantages / 2) + 1, share: 0.5 },
    groups: groupTargets([{ name: 'web/fra', ttlMs: 30_000, endpoints: [['t']] }]),
  }
}

/** The verdicts that follow when the target is up, or not, one after the other. */
function judge(agents: Fleet, truth: readonly boolean[]): Verdict[] {
  const rules = rulesFor(agents.length)
  const presences = agents.flatMap((vantage, v) =>
    vantage.map((conduct, a): Partial<AgentPresence> => {
      const agent = `${nameOf(v)}-${a}`
      return { agent, vantage: nameOf(v), alive: conduct !== 'gone', isolated: conduct === 'isolated' }
    }),
  )
  let state = NO_HEALTH
  return truth.map((isUp, second) => {
    const text = agents
      .map((vantage, v) => `${nameOf(v)}:${vantage.map((one) => ((one === 'lies') === isUp ? 'D' : 'U')).join('')}`)
      .join(' ')
    state = next(state, heardOf(reportsOf(text), presences), second * 1000, rules)
    return state.targets.get('t')!.global.verdict
  })
}

const truth = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 })
const verdictOf = (isUp: boolean): Verdict => (isUp ? Verdict.up : Verdict.down)

test('fewer than half of the vantages that lie, are cut off or gone, and fewer than half of the agents of the others, make no verdict wrong', () => {
  fc.assert(
    fc.property(fleet, truth, (agents, facts) => {
      expect(judge(agents, facts)).toEqual(facts.map(verdictOf))
    }),
    { numRuns: 200 },
  )
})

test.each([
  [3, 2],
  [4, 3],
  [5, 3],
])('of %d vantages it takes %d that lie to take down what is up', (vantages, liars) => {
  const lying = (count: number): Fleet =>
    Array.from({ length: vantages }, (_, vantage) => [vantage < count ? 'lies' : 'honest'])
  expect(judge(lying(liars - 1), [true])).toEqual([Verdict.up])
  expect(judge(lying(liars), [true])).toEqual([Verdict.down])
})

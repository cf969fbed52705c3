import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { allOf, type CheckRule } from './check-rule.ts'
import { judgeEndpoint, type ProbedEndpoint } from './endpoint-verdict.ts'
import type { HealthState } from './health-state.ts'
import type { Standing } from './standing.ts'
import {
  everything,
  type Happening,
  history,
  type Moment,
  plain,
  play,
  TARGETS,
  VANTAGES,
  World,
} from './world.arbitraries.ts'

/**
 * What a cell's stability promises, and so the TTL of answers: that the checks do not turn it sooner. An agent counts from
 * its latest result; until its next one, what it promised grows old by up to an interval.
 */

const leaf = (target: string) => ({ check: target, target })
const any: CheckRule = { ...(allOf(['t2', 't3'].map(leaf)) as CheckRule & { kind: 'group' }), word: 'any', least: 1 }
const ENDPOINTS: readonly ProbedEndpoint[] = [
  ...TARGETS.map((target) => allOf([leaf(target)])),
  allOf(['t0', 't1'].map(leaf)),
  any,
].map((rule, index) => ({ index, id: `web/fra/${index}`, targets: [], rule }))
const VIEWS = ['', ...VANTAGES]

interface Promised {
  readonly verdict: Verdict
  readonly until: number
}

/** Agents that neither come, go, lose their network nor change their minds about lying: that, no check foretells. */
const steady = history.map((happenings) => happenings.filter(({ kind }) => kind !== 'agent'))

/** Who lies, is cut off or away from the beginning; and when in an interval each agent probes. */
const beginning = fc.record({
  liars: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7]),
  isolated: fc.subarray([0, 1, 2, 3, 4, 5]),
  away: fc.subarray([0, 1, 2, 3, 4, 5]),
  joined: fc.subarray([6, 7]),
  phases: fc.array(fc.nat(3), { minLength: 8, maxLength: 8 }),
})

function worldOf({
  liars,
  isolated,
  away,
  joined,
  phases,
}: typeof beginning extends fc.Arbitrary<infer T> ? T : never) {
  const world = new World()
  for (const [index, agent] of world.agents.entries()) {
    agent.lies = liars.includes(index)
    agent.isolated = isolated.includes(index)
    if (joined.includes(index)) agent.alive = agent.isKnown = true
    if (away.includes(index)) agent.alive = false
    agent.phase = phases[index]!
  }
  return world
}

test.each([
  ['a verdict of the votes alone', plain],
  ['a verdict with brake, damping, hold-down and ramp', everything],
])('%s holds as long as was promised', (_, rules) => {
  fc.assert(
    fc.property(steady, beginning, (happenings, start) => {
      const promises = new Map<string, Promised>()
      const broken: string[] = []
      play(
        // Each happening, and then the rest of the interval.
        happenings.flatMap((what): Happening[] => [what, NOTHING, NOTHING, NOTHING]),
        rules,
        (moment) => {
          for (const [name, standing] of standings(moment.state)) {
            const held = promises.get(name)
            if (held !== undefined && moment.passedMs < held.until && standing.verdict !== held.verdict) {
              broken.push(`${name} after ${moment.passedMs} ms`)
            }
            const made = promiseOf(standing, moment)
            // What was promised before holds on.
            if (made.verdict !== held?.verdict || made.until > held.until) promises.set(name, made)
          }
        },
        worldOf(start),
        4,
      )
      expect(broken).toEqual([])
    }),
    { numRuns: 150 },
  )
})

const NOTHING: Happening = { kind: 'nothing' }

function* standings(state: HealthState): Iterable<[string, Standing]> {
  for (const endpoint of ENDPOINTS) {
    for (const view of VIEWS) yield [`${endpoint.id} ${view}`, judgeEndpoint(endpoint, state, view)]
  }
}

/** Until when a verdict must stand: as long as promised, counted from the oldest of the agents' latest results. */
function promiseOf({ verdict, stability }: Standing, { world, passedMs }: Moment): Promised {
  const results = world.agents.filter(({ alive }) => alive).map(({ probedAt }) => probedAt)
  const oldest = Math.min(passedMs, ...results)
  return { verdict, until: verdict === Verdict.unknown ? 0 : oldest + stability * 1000 }
}

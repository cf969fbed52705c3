import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { type HealthState, NO_HEALTH } from './health-state.ts'
import { next } from './next.ts'
import { BEGINNING_MS, everything, globalOf, plain, RULE, TARGETS, World } from './world.arbitraries.ts'

/**
 * What agents can do that lie. The bound: of those that have a vote, fewer lie at a vantage than do not, at all vantages but
 * one.
 */

const honest = (world: World, works: boolean, seconds: number): HealthState => {
  world.works.fill(works)
  let state = NO_HEALTH
  for (let second = 0; second < seconds; second++) {
    world.probe(second * 1000)
    state = next(state, world.heard(), second * 1000, plain)
  }
  return state
}

test.each([
  ['down', true],
  ['up', false],
])('liars at one vantage, all of its agents, never make a verdict %s', (_, works) => {
  for (const vantage of [0, 1, 2]) {
    const world = new World()
    for (const agent of world.agents) agent.lies = agent.vantage === vantage
    const state = honest(world, works, 5)
    for (const target of TARGETS) expect(globalOf(state, target)).toBe(works ? Verdict.up : Verdict.down)
  }
})

test('one at every vantage cannot make it down while the other of each says up', () => {
  const world = new World()
  for (const agent of world.agents.slice(0, 3)) agent.lies = true
  expect(globalOf(honest(world, true, 5), 't0')).toBe(Verdict.up)
})

test('one agent alone makes no view of its vantage down, whatever has become of the others', () => {
  fc.assert(
    fc.property(fc.subarray([0, 1, 2, 3, 4, 5]), fc.nat(5), (dead, liar) => {
      const world = new World()
      for (const index of dead) world.agents[index]!.alive = false
      world.agents[liar]!.lies = true
      const state = honest(world, true, 5)
      const verdicts = TARGETS.flatMap((target) => {
        const { global, vantages } = state.targets.get(target)!
        return [global, ...vantages.values()].map(({ verdict }) => verdict)
      })
      expect(verdicts).not.toContain(Verdict.down)
    }),
    { numRuns: 100 },
  )
})

const everybody = [0, 1, 2, 3, 4, 5, 6, 7]
const crowd = fc
  .record({
    liars: fc.subarray(everybody),
    isolated: fc.subarray(everybody, { maxLength: 3 }),
    away: fc.subarray(everybody, { maxLength: 3 }),
  })
  .filter(({ liars, isolated, away }) => {
    const voters = everybody.filter((agent) => !isolated.includes(agent) && !away.includes(agent))
    const lost = [0, 1, 2].filter((vantage) => {
      const there = voters.filter((agent) => agent % 3 === vantage)
      return there.filter((agent) => liars.includes(agent)).length * 2 >= there.length
    })
    return lost.length <= 1
  })

test('up to the bound every verdict is true as soon as agents can know, brake or not', () => {
  const worlds = fc.array(fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  const rules = fc.constantFrom(plain, { ...plain, brake: everything.brake })
  fc.assert(
    fc.property(crowd, worlds, rules, ({ liars, isolated, away }, truths, using) => {
      const world = new World()
      for (const [index, agent] of world.agents.entries()) {
        agent.isKnown = true
        agent.alive = !away.includes(index)
        agent.isolated = isolated.includes(index)
        agent.lies = liars.includes(index)
      }
      let state = NO_HEALTH
      let second = 0
      for (const truth of truths) {
        truth.forEach((works, target) => {
          world.works[target] = works
        })
        for (let probes = 0; probes < Math.max(RULE.rise, RULE.fall); probes++) {
          world.probe(second * 1000)
          state = next(state, world.heard(), BEGINNING_MS + second * 1000, using)
          second++
        }
        expect(TARGETS.map((target) => globalOf(state, target))).toEqual(
          truth.map((works) => (works ? Verdict.up : Verdict.down)),
        )
      }
    }),
    { numRuns: 300 },
  )
})

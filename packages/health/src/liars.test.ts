import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { type HealthState, NO_HEALTH } from './health-state.ts'
import { next } from './next.ts'
import { globalOf, plain, TARGETS, World } from './world.arbitraries.ts'

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

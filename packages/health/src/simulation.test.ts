import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import type { AgentPresence } from './agent-presence.ts'
import { BRAKE_DEFAULTS, DAMPING_DEFAULTS, type HealthRules, SINGLE_AGENT } from './health-rules.ts'
import { type HealthState, healthStateOf, NO_HEALTH, nextChangeAt, type TargetState } from './health-state.ts'
import type { Heard } from './heard.ts'
import { next, nextTargets } from './next.ts'
import type { Report } from './report.ts'
import { applyResult, NOT_PROBED, type RiseFallState, stabilityOf } from './rise-fall.ts'
import { groupTargets } from './target-groups.ts'
import { decodeTargetState, encodeTargetState } from './target-state-codec.ts'

/**
 * Random histories of a whole installation: agents that probe, die, come back, lose their network, lie, run twice under one
 * name, and have clocks of their own. What is drawn is the history; what must hold is told beside it.
 */

const VANTAGES = ['a', 'b', 'c']
const TARGETS = ['t0', 't1', 't2', 't3']
const RULE = { rise: 2, fall: 3, intervalMs: 1000 }
const pools = groupTargets([
  { name: 'web/fra', ttlMs: 5000, endpoints: [['t0'], ['t1']] },
  { name: 'web/iad', ttlMs: 5000, endpoints: [['t2'], ['t3']] },
])

const rules: HealthRules = {
  vantages: VANTAGES,
  quorum: { minAgents: 1, minVantages: 2, share: 0.5 },
  brake: { ...BRAKE_DEFAULTS, intervalMs: 3000 },
  damping: { ...DAMPING_DEFAULTS, halfLifeMs: 4000, maxMs: 20_000 },
  pushed: new Set(),
  holdDownMs: 2000,
  ramp: { stepMs: 3000 },
  groups: pools,
}
const plain: HealthRules = { ...SINGLE_AGENT, vantages: VANTAGES, quorum: rules.quorum, groups: pools }

/** What happens in one second. */
type Happening =
  | { readonly kind: 'agent'; readonly agent: number; readonly change: 'die' | 'return' | 'isolate' | 'lie' | 'reform' }
  | { readonly kind: 'target'; readonly target: number; readonly works: boolean }
  | { readonly kind: 'cut'; readonly vantage: number; readonly target: number; readonly cut: boolean }
  | { readonly kind: 'nothing' }

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant('agent' as const),
    agent: fc.nat(5),
    change: fc.constantFrom('die' as const, 'return' as const, 'isolate' as const, 'lie' as const, 'reform' as const),
  }),
  fc.record({ kind: fc.constant('target' as const), target: fc.nat(3), works: fc.boolean() }),
  fc.record({ kind: fc.constant('cut' as const), vantage: fc.nat(2), target: fc.nat(3), cut: fc.boolean() }),
  fc.record({ kind: fc.constant('nothing' as const) }),
)
const history = fc.array(happening, { minLength: 5, maxLength: 40 })

interface Agent {
  readonly name: string
  readonly vantage: number
  incarnation: number
  alive: boolean
  isolated: boolean
  lies: boolean
  readonly clockOff: number
  readonly states: RiseFallState[]
}

/** The installation. Each agent probes every target once a second and reports all that it thinks. */
class World {
  readonly agents: readonly Agent[] = [0, 1, 2, 3, 4, 5].map((index) => ({
    name: `agent-${index}`,
    vantage: index % 3,
    incarnation: 1,
    alive: true,
    isolated: false,
    lies: false,
    clockOff: (index - 3) * 86_400_000,
    states: TARGETS.map(() => NOT_PROBED),
  }))
  readonly works: boolean[] = TARGETS.map(() => true)
  readonly cut: boolean[][] = VANTAGES.map(() => TARGETS.map(() => false))
  readonly #reports = new Map<string, Report[]>(TARGETS.map((target) => [target, []]))
  #sequence = 0

  take(what: Happening): void {
    if (what.kind === 'target') this.works[what.target] = what.works
    if (what.kind === 'cut') this.cut[what.vantage]![what.target] = what.cut
    if (what.kind !== 'agent') return
    const agent = this.agents[what.agent]!
    if (what.change === 'die') agent.alive = false
    if (what.change === 'isolate') agent.isolated = true
    if (what.change === 'lie') agent.lies = true
    if (what.change === 'reform') agent.lies = false
    if (what.change === 'return') {
      agent.isolated = false
      if (!agent.alive) {
        agent.alive = true
        agent.incarnation++
        agent.states.fill(NOT_PROBED)
      }
    }
  }

  probe(timeMs: number): void {
    for (const agent of this.agents.filter(({ alive }) => alive)) {
      TARGETS.forEach((target, i) => {
        const reached = this.works[i]! && !this.cut[agent.vantage]![i]! && !agent.isolated
        const outcome = reached !== agent.lies ? 'success' : 'failure'
        const result = { outcome, reason: outcome, degraded: false, durationMs: 1 } as const
        const state = applyResult(agent.states[i]!, result, RULE, timeMs + agent.clockOff)
        agent.states[i] = state
        const held = this.#reports.get(target)!
        const kept = held.filter((report) => report.agent !== agent.name)
        const report = {
          agent: agent.name,
          vantage: VANTAGES[agent.vantage]!,
          incarnation: agent.incarnation,
          sequence: ++this.#sequence,
          target,
          verdict: state.verdict,
          since: state.since,
          stability: stabilityOf(state, RULE),
          reason: state.reason,
          at: timeMs + agent.clockOff,
        }
        this.#reports.set(target, [...kept, report])
      })
    }
  }

  /** In an order that depends on `turn`: it must not matter. */
  heard(turn = 0): Heard {
    const turned = <Value>(values: readonly Value[]): Value[] =>
      values.map((_, i) => values[(i * 5 + turn) % values.length]!)
    const presences = turned(this.agents).map(({ name, vantage, incarnation, alive, isolated }): AgentPresence => {
      return { agent: name, vantage: VANTAGES[vantage]!, incarnation, alive, isolated }
    })
    const reports = new Map(
      [...this.#reports].map(([target, held]) => [target, turn % 2 === 0 ? held : held.toReversed()]),
    )
    return {
      agents: new Map(presences.map((each) => [each.agent, each])),
      reports: (target) => reports.get(target) ?? [],
    }
  }

  /** Targets in another order. */
  names(turn: number): string[] {
    return TARGETS.map((_, i) => TARGETS[(i * 3 + turn) % 4]!)
  }
}

/** Plays a history, one happening a second, and looks at every step. */
function play(
  happenings: readonly Happening[],
  using: HealthRules,
  look: (now: { world: World; before: HealthState; state: HealthState; timeMs: number; second: number }) => void,
): HealthState {
  const world = new World()
  let state = NO_HEALTH
  happenings.forEach((what, second) => {
    const timeMs = 1_790_000_000_000 + second * 1000
    world.take(what)
    world.probe(timeMs)
    const before = state
    state = next(state, world.heard(), timeMs, using)
    look({ world, before, state, timeMs, second })
  })
  return state
}

const globalOf = (state: HealthState, target: string) => state.targets.get(target)?.global.verdict ?? Verdict.unknown

/** Over the record and back. */
function recorded(state: HealthState): HealthState {
  const read = [...state.targets].map(([id, target]) => [id, decodeTargetState(encodeTargetState(target))] as const)
  return healthStateOf(new Map(read as (readonly [string, TargetState])[]))
}

/**
 * The rules once more, as plainly as they can be said, for the votes alone: a list of what everybody says, and counting.
 */
function plainGlobal(world: World, target: number, last: Verdict): Verdict {
  const said = VANTAGES.map((_, vantage) => {
    const agents = world.agents.filter((each) => each.vantage === vantage && each.alive && !each.isolated)
    const verdicts = agents.map((each) => each.states[target]!.verdict).filter((verdict) => verdict !== Verdict.unknown)
    const downs = verdicts.filter((verdict) => verdict === Verdict.down).length
    return verdicts.length === 0 ? undefined : downs > verdicts.length / 2
  }).filter((isDown) => isDown !== undefined)
  if (said.length < 2) return last
  const downs = said.filter((isDown) => isDown).length
  return downs > said.length / 2 && downs >= 2 ? Verdict.down : Verdict.up
}

const RUNS = { numRuns: 40 }

describe('whatever happens', () => {
  test('the votes are counted as the plain rule counts them', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        play(happenings, plain, ({ world, before, state }) => {
          TARGETS.forEach((target, i) => {
            expect(globalOf(state, target)).toBe(plainGlobal(world, i, globalOf(before, target)))
          })
        })
      }),
      RUNS,
    )
  })

  test('the same is made of it in any order, all at once or only where there is news', () => {
    fc.assert(
      fc.property(history, fc.nat(20), (happenings, turn) => {
        play(happenings, rules, ({ world, before, state, timeMs }) => {
          expect(nextTargets(before, world.names(turn), world.heard(turn), timeMs, rules)).toEqual(state)
          const news = TARGETS.filter((target) => state.targets.get(target) !== before.targets.get(target))
          expect(nextTargets(before, news, world.heard(), timeMs, rules)).toEqual(state)
        })
      }),
      RUNS,
    )
  })

  test('target by target the verdicts are the same as all at once', () => {
    const undamped = { ...rules, damping: undefined }
    fc.assert(
      fc.property(history, fc.nat(20), (happenings, turn) => {
        play(happenings, undamped, ({ world, before, state, timeMs }) => {
          let one = before
          for (const target of world.names(turn)) one = nextTargets(one, [target], world.heard(turn), timeMs, undamped)
          expect(one).toEqual(state)
        })
      }),
      RUNS,
    )
  })

  test('a second step at the same time changes nothing, and until the foretold time none does', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        play(happenings, rules, ({ world, state, timeMs }) => {
          expect(next(state, world.heard(), timeMs, rules)).toBe(state)
          const at = nextChangeAt(state)
          expect(at).toBeGreaterThan(timeMs)
          const justBefore = Number.isFinite(at) ? at - 1 : timeMs + 86_400_000
          expect(next(state, world.heard(), justBefore, rules)).toBe(state)
        })
      }),
      RUNS,
    )
  })

  test('a server that starts from the record goes on as one that never stopped', () => {
    fc.assert(
      fc.property(history, fc.nat(), (happenings, pick) => {
        const starts = pick % happenings.length
        let late: HealthState | undefined
        play(happenings, rules, ({ world, state, timeMs, second }) => {
          if (late !== undefined) late = next(late, world.heard(second), timeMs, rules)
          if (second === starts) late = recorded(state)
          if (late !== undefined) expect(late).toEqual(state)
        })
      }),
      RUNS,
    )
  })

  test('once nobody speaks, every verdict that there was stands', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        let world = new World()
        let timeMs = 0
        const state = play(happenings, plain, (now) => {
          world = now.world
          timeMs = now.timeMs
        })
        for (const agent of world.agents) agent.alive = false
        const after = next(state, world.heard(), timeMs + 3_600_000, plain)
        for (const target of TARGETS) expect(globalOf(after, target)).toBe(globalOf(state, target))
      }),
      RUNS,
    )
  })

  test('up and down hold as long as was promised, while agents neither come, go nor change their minds about lying', () => {
    const steady = history.map((happenings) => happenings.filter(({ kind }) => kind !== 'agent'))
    fc.assert(
      fc.property(steady, fc.constantFrom(plain, rules), (happenings, using) => {
        const promises: { view: string; target: string; verdict: Verdict; until: number }[] = []
        play(happenings, using, ({ state, timeMs }) => {
          for (const { view, target, verdict, until } of promises) {
            if (timeMs >= until) continue
            expect(viewsOf(state.targets.get(target)!).get(view)!.verdict).toBe(verdict)
          }
          for (const [target, views] of state.targets) {
            for (const [view, { verdict, stability }] of viewsOf(views)) {
              promises.push({ view, target, verdict, until: timeMs + stability * 1000 })
            }
          }
        })
      }),
      RUNS,
    )
  })
})

const viewsOf = ({ global, vantages }: TargetState) => new Map([['', global], ...vantages])

describe('liars', () => {
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
  ])('at one vantage, all of its agents, never make a verdict %s', (_, works) => {
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
})

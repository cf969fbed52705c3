import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { expectNews, type HealthState, healthStateOf, NO_HEALTH, nextChangeAt } from './health-state.ts'
import { next, nextTargets } from './next.ts'
import type { TargetState } from './target-state.ts'
import { decodeTargetState, encodeTargetState } from './target-state-codec.ts'
import {
  everything,
  globalOf,
  history,
  historyOfRules,
  plain,
  play,
  TARGETS,
  textOf,
  turned,
  VANTAGES,
  variousRules,
  World,
} from './world.arbitraries.ts'

/** Over the record and back. */
function recorded(state: HealthState): HealthState {
  const read = [...state.targets].map(([id, target]) => [id, decodeTargetState(encodeTargetState(target))] as const)
  return healthStateOf(read as (readonly [string, TargetState])[])
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

const RUNS = { numRuns: 150 }

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

  test('a server that looks only where there is news makes of it what one makes that always looks at everything', () => {
    fc.assert(
      fc.property(historyOfRules, (happenings) => {
        let state = NO_HEALTH
        play(happenings, variousRules, ({ world, state: whole, rules, timeMs }) => {
          state = nextTargets(state, world.news(), world.heard(), timeMs, rules)
          expect(textOf(state)).toBe(textOf(whole))
        })
      }),
      RUNS,
    )
  })

  test('the order of agents, reports and targets does not matter', () => {
    fc.assert(
      fc.property(historyOfRules, fc.nat(20), (happenings, turn) => {
        play(happenings, variousRules, ({ world, before, state, rules, timeMs }) => {
          const news = new Set(turned(TARGETS, turn))
          const other = nextTargets(before, news, world.heard(turn), timeMs, rules)
          expect(textOf(other)).toBe(textOf(state))
        })
      }),
      RUNS,
    )
  })

  test('target by target the verdicts are the same as all at once', () => {
    const undamped = { ...everything, damping: undefined }
    fc.assert(
      fc.property(history, fc.nat(20), (happenings, turn) => {
        play(happenings, undamped, ({ world, before, state, timeMs }) => {
          let one = expectNews(before, TARGETS)
          for (const target of turned(TARGETS, turn)) {
            one = nextTargets(one, new Set([target]), world.heard(turn), timeMs, undamped)
          }
          expect(textOf(one)).toBe(textOf(state))
        })
      }),
      RUNS,
    )
  })

  test('a second step at the same time changes nothing, and until the foretold time none does', () => {
    fc.assert(
      fc.property(historyOfRules, (happenings) => {
        play(happenings, variousRules, ({ world, state, rules, timeMs }) => {
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
      fc.property(historyOfRules, fc.nat(), (happenings, pick) => {
        const starts = pick % happenings.length
        let late: HealthState | undefined
        play(happenings, variousRules, ({ world, state, rules, timeMs, count }) => {
          if (late !== undefined) {
            late = next(late, world.heard(count), timeMs, rules)
            expect(textOf(late)).toBe(textOf(state))
          }
          if (count !== starts) return
          late = recorded(state)
          expect(textOf({ ...late, entangled: state.entangled })).toBe(textOf(state))
          // What it does not remember of the last step it asks for.
          const asked = nextTargets(late, new Set(), world.heard(), timeMs, rules)
          expect(textOf(asked)).toBe(textOf(state))
        })
      }),
      RUNS,
    )
  })

  test('once nobody speaks, every verdict that there was stands', () => {
    fc.assert(
      fc.property(history, (happenings) => {
        const world = new World()
        let timeMs = 0
        const state = play(
          happenings,
          plain,
          (now) => {
            timeMs = now.timeMs
          },
          world,
        )
        for (const agent of world.agents) agent.alive = false
        const after = next(state, world.heard(), timeMs + 3_600_000, plain)
        for (const target of TARGETS) expect(globalOf(after, target)).toBe(globalOf(state, target))
      }),
      RUNS,
    )
  })
})

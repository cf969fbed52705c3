import { STABILITY_MAX, Verdict } from '@windrose/steering'
import fc from 'fast-check'
import type { ProbeResult } from './probe-result.ts'
import {
  applyResult,
  isInTransition,
  NOT_PROBED,
  type RiseFallPace,
  type RiseFallRule,
  type RiseFallState,
  stabilityOf,
} from './rise-fall.ts'

type Rule = RiseFallRule & RiseFallPace

/** Results as letters: S success, F failure, I inconclusive. */
function run(rule: Rule, letters: string, from: RiseFallState = NOT_PROBED): RiseFallState[] {
  const states: RiseFallState[] = []
  let state = from
  for (const [index, letter] of [...letters].entries()) {
    state = applyResult(state, resultOf(letter), rule, (index + 1) * rule.intervalMs)
    states.push(state)
  }
  return states
}

function resultOf(letter: string): ProbeResult {
  const outcome = letter === 'S' ? 'success' : letter === 'F' ? 'failure' : 'inconclusive'
  return { outcome, reason: `because ${letter}`, degraded: false, durationMs: 1 }
}

/** `U/70`: up, and seven more results of ten seconds before it can be down. */
function print(rule: Rule, state: RiseFallState): string {
  return `${'?UD'[state.verdict]}/${stabilityOf(state, rule)}`
}

const times = (letter: string, count: number) => letter.repeat(count)
const lasting: Rule = { intervalMs: 10_000, rise: 20, fall: 10, tolerant: 10 }
const quick: Rule = { intervalMs: 2_000, rise: 3, fall: 2, tolerant: 2 }
const plain: Rule = { intervalMs: 5_000, rise: 2, fall: 3 }

describe('rise and fall', () => {
  test.each([
    ['one success is enough at first', lasting, 'S', 'U/100'],
    ['one failure is enough at first', lasting, 'F', 'D/200'],
    ['each failure shortens what up promises', lasting, `S${times('F', 3)}`, 'U/70'],
    ['nine successes of ten clear no failure', lasting, `S${times('F', 3)}${times('S', 9)}`, 'U/70'],
    ['the tenth clears them all', lasting, `S${times('F', 3)}${times('S', 10)}`, 'U/100'],
    ['a failure between starts the run of successes anew', lasting, `SFFF${times('S', 9)}F${times('S', 9)}`, 'U/60'],
    ['ten failures with successes between them take it down', lasting, `S${'FS'.repeat(9)}F`, 'D/200'],
    ['successes while down shorten what down promises', lasting, `F${times('S', 5)}`, 'D/150'],
    ['a failure while down starts the run anew', lasting, `F${times('S', 5)}F`, 'D/200'],
    ['nineteen successes of twenty leave it down', lasting, `F${times('S', 5)}F${times('S', 19)}`, 'D/10'],
    ['the twentieth brings it up', lasting, `F${times('S', 5)}F${times('S', 20)}`, 'U/100'],
    ['without tolerance one success clears the failures', plain, 'SFFS', 'U/15'],
    ['without tolerance scattered failures never take it down', plain, 'SFFSFFSFFSFF', 'U/5'],
    ['three failures in a row do', plain, 'SFFF', 'D/10'],
    ['one success does not bring it up again', plain, 'SFFFS', 'D/5'],
    ['two do', plain, 'SFFFSS', 'U/15'],
    ['nothing is known before the first result', plain, 'II', '?/0'],
    ['an inconclusive result counts neither as failure', plain, 'SFFIIIS', 'U/15'],
    ['nor does it break a run of failures', plain, 'SFFIF', 'D/10'],
    ['nor a run of successes', plain, 'FSIS', 'U/15'],
  ])('%s', (_, rule, letters, expected) => {
    expect(print(rule, run(rule, letters).at(-1)!)).toBe(expected)
  })

  test('every step of a recovery and a relapse has its stability', () => {
    expect(run(quick, 'FSSSFF').map((state) => print(quick, state))).toEqual(['D/6', 'D/4', 'D/2', 'U/4', 'U/2', 'D/6'])
  })

  test('a tolerance of one is no tolerance', () => {
    fc.assert(
      fc.property(letters, (text) => {
        const one = { ...plain, tolerant: 1 }
        expect(run(one, text).map((state) => state.verdict)).toEqual(run(plain, text).map((state) => state.verdict))
      }),
    )
  })

  test('a fast interval shortens what a verdict promises from the first contrary result on', () => {
    const fast: Rule = { intervalMs: 10_000, fastIntervalMs: 1_000, rise: 3, fall: 3 }
    expect(run(fast, 'SFFFSSS').map((state) => print(fast, state))).toEqual([
      'U/12',
      'U/2',
      'U/1',
      'D/12',
      'D/2',
      'D/1',
      'U/12',
    ])
  })

  test('a stability too long for a cell saturates', () => {
    const rule = { intervalMs: 3_600_000, rise: 65_535, fall: 3 }
    expect(stabilityOf(run(rule, 'F')[0]!, rule)).toBe(STABILITY_MAX)
  })

  test('since is the time of the result that turned the verdict', () => {
    const rule = { ...plain, intervalMs: 1 }
    expect(run(rule, 'SFFFFSSS').map((state) => state.since)).toEqual([1, 1, 1, 4, 4, 4, 7, 7])
  })

  test('the reason is that of the latest result which agrees with the verdict', () => {
    const say = (state: RiseFallState, letter: string, reason: string) =>
      applyResult(state, { ...resultOf(letter), reason }, { rise: 2, fall: 2 }, 0)
    let state = say(NOT_PROBED, 'I', 'no descriptors left')
    expect(state.reason).toBe('no descriptors left')
    state = say(state, 'S', 'status 200')
    state = say(state, 'F', 'refused')
    expect(state.reason).toBe('status 200')
    expect(state.lastResult?.reason).toBe('refused')
    state = say(state, 'I', 'no descriptors left')
    expect(state.reason).toBe('status 200')
    state = say(state, 'F', 'refused again')
    expect(state.reason).toBe('refused again')
    state = say(state, 'S', 'status 200')
    expect(state.reason).toBe('refused again')
    state = say(state, 'F', 'timed out')
    expect(state.reason).toBe('timed out')
  })

  test('degraded is what the latest success said, and nothing that is down is degraded', () => {
    const success = (degraded: boolean) => ({ ...resultOf('S'), degraded })
    const rule = { rise: 1, fall: 2 }
    const worried = applyResult(NOT_PROBED, success(true), rule, 0)
    const failing = applyResult(worried, resultOf('F'), rule, 0)
    const dead = applyResult(failing, resultOf('F'), rule, 0)
    const back = applyResult(dead, success(false), rule, 0)
    expect([worried, failing, dead, back].map((state) => state.degraded)).toEqual([true, true, false, false])
  })
})

const letters = fc.string({ unit: fc.constantFrom('S', 'F', 'I'), maxLength: 60 })
const rules: fc.Arbitrary<Rule> = fc.record(
  {
    intervalMs: fc.integer({ min: 1, max: 60 }).map((seconds) => seconds * 1000),
    rise: fc.integer({ min: 1, max: 8 }),
    fall: fc.integer({ min: 1, max: 8 }),
    tolerant: fc.integer({ min: 1, max: 8 }),
  },
  { requiredKeys: ['intervalMs', 'rise', 'fall'] },
)

describe('whatever the results', () => {
  test('a settled verdict turns only after its rise or fall of contrary results', () => {
    fc.assert(
      fc.property(rules, letters, (rule, text) => {
        let contrary = 0
        let before: RiseFallState = NOT_PROBED
        for (const [index, state] of run(rule, text).entries()) {
          const letter = text[index]
          if (letter === (before.verdict === Verdict.up ? 'F' : 'S')) contrary++
          if (before.verdict === Verdict.down && letter === 'F') contrary = 0
          if (state.verdict !== before.verdict) {
            if (before.verdict !== Verdict.unknown)
              expect(contrary).toBeGreaterThanOrEqual(before.verdict === Verdict.up ? rule.fall : rule.rise)
            contrary = 0
          }
          before = state
        }
      }),
    )
  })

  test('stability is a promise: no results spaced by the interval turn the verdict sooner', () => {
    fc.assert(
      fc.property(rules, letters, letters, (rule, past, future) => {
        const state = run(rule, past).at(-1) ?? NOT_PROBED
        fc.pre(state.verdict !== Verdict.unknown)
        const turned = run(rule, future, state).findIndex((later) => later.verdict !== state.verdict)
        if (turned >= 0)
          expect(((turned + 1) * rule.intervalMs) / 1000).toBeGreaterThanOrEqual(stabilityOf(state, rule))
      }),
    )
  })

  test('the promise holds as well where a verdict in transition is probed faster', () => {
    const paced = fc
      .tuple(rules, fc.integer({ min: 1, max: 1000 }))
      .map(([rule, fastIntervalMs]) => ({ ...rule, fastIntervalMs }))
    fc.assert(
      fc.property(paced, letters, letters, (rule, past, future) => {
        let state = run(rule, past).at(-1) ?? NOT_PROBED
        fc.pre(state.verdict !== Verdict.unknown)
        const { verdict } = state
        const promised = stabilityOf(state, rule)
        let passedMs = 0
        for (const letter of future) {
          passedMs += isInTransition(state) ? rule.fastIntervalMs : rule.intervalMs
          state = applyResult(state, resultOf(letter), rule, 0)
          if (state.verdict !== verdict) {
            expect(passedMs / 1000).toBeGreaterThanOrEqual(promised)
            return
          }
        }
      }),
    )
  })

  test('and it promises no less than it can: the worst results turn it at exactly that time', () => {
    fc.assert(
      fc.property(rules, letters, (rule, past) => {
        const state = run(rule, past).at(-1) ?? NOT_PROBED
        fc.pre(state.verdict !== Verdict.unknown)
        const needed = (stabilityOf(state, rule) * 1000) / rule.intervalMs
        const worst = run(rule, times(state.verdict === Verdict.up ? 'F' : 'S', needed), state)
        expect(worst.at(-1)!.verdict).not.toBe(state.verdict)
      }),
    )
  })
})

import { Verdict } from '@windrose/steering'
import { addFailure, suppressedUntil } from './damping.ts'
import { DAMPING_DEFAULTS, type HealthRules, SINGLE_AGENT } from './health-rules.ts'
import { type HealthState, NO_HEALTH, nextChangeAt } from './health-state.ts'
import { heardOf, reportsOf } from './heard.arbitraries.ts'
import { nextTargets } from './next.ts'
import { groupTargets } from './target-groups.ts'
import { explainView } from './target-state.ts'

const rules: HealthRules = {
  ...SINGLE_AGENT,
  damping: DAMPING_DEFAULTS,
  groups: groupTargets([{ name: 'web/fra', ttlMs: 30_000, endpoints: [['t'], ['other']] }]),
}

/** `10 U, 20 D`: what the agent says of the target and when, in seconds. The other target of the pool is up throughout. */
function play(text: string, state = NO_HEALTH, using = rules, other = 'U'): HealthState {
  for (const part of text.split(', ')) {
    const [seconds, letter] = part.split(' ')
    const reports = [...reportsOf(`eu:${letter}`), ...reportsOf(`eu:${other}`, { target: 'other' })]
    state = nextTargets(state, new Set(['t', 'other']), heardOf(reports), Number(seconds) * 1000, using)
  }
  return state
}

const viewOf = (state: HealthState) => state.targets.get('t')!.global

describe('the penalty', () => {
  test('halves in a half-life, and rounds down to whole points', () => {
    expect(addFailure({ penalty: 1001, penaltyAt: 0 }, 120_000, DAMPING_DEFAULTS)).toEqual({
      penalty: 1500,
      penaltyAt: 120_000,
    })
  })

  test('keeps a target down until it has decayed to the reuse threshold, and not below the suppress threshold', () => {
    expect(suppressedUntil({ penalty: 2499, penaltyAt: 7 }, DAMPING_DEFAULTS)).toBe(0)
    expect(suppressedUntil({ penalty: 4000, penaltyAt: 7 }, DAMPING_DEFAULTS)).toBe(7 + 240_000)
  })

  test('is bounded, so that nothing is kept down longer than 15 minutes after its latest failure', () => {
    let penalty = { penalty: 0, penaltyAt: 0 }
    for (let at = 0; at < 3_600_000; at += 1000) penalty = addFailure(penalty, at, DAMPING_DEFAULTS)
    const until = suppressedUntil(penalty, DAMPING_DEFAULTS)
    expect(until).toBeLessThanOrEqual(penalty.penaltyAt + 900_000)
    expect(until).toBeGreaterThan(penalty.penaltyAt + 890_000)
  })
})

describe('a target that flaps', () => {
  test('comes up at once after the first and second failure, and not after the third', () => {
    const twice = play('0 U, 10 D, 20 U, 30 D, 40 U')
    expect(viewOf(twice).verdict).toBe(Verdict.up)
    const thrice = play('50 D, 60 U', twice)
    expect(viewOf(thrice)).toMatchObject({ verdict: Verdict.down, voted: Verdict.up, stability: 0, since: 50_000 })
    expect(explainView(viewOf(thrice))).toBe('flapping, kept down: status 200')
  })

  test('comes up by time alone, when that was foretold', () => {
    const state = play('0 U, 10 D, 20 U, 30 D, 40 U, 50 D, 60 U')
    const at = nextChangeAt(state)
    expect(at / 1000).toBeGreaterThan(50 + 120)
    expect(viewOf(play(`${(at - 1) / 1000} U`, state)).verdict).toBe(Verdict.down)
    const after = play(`${at / 1000} U`, state)
    expect(viewOf(after)).toMatchObject({ verdict: Verdict.up, since: at, suppressedUntil: 0 })
    expect(nextChangeAt(after)).toBe(Number.POSITIVE_INFINITY)
  })

  test('that begins down has not failed', () => {
    expect(viewOf(play('0 D, 10 U, 30 D, 40 U, 50 D, 60 U')).verdict).toBe(Verdict.up)
  })

  test('is not kept down where it is the last of its pool, and is again when another comes up', () => {
    const last = play('0 U, 10 D, 20 U, 30 D, 40 U, 50 D, 60 U', NO_HEALTH, rules, 'D')
    expect(viewOf(last)).toMatchObject({ verdict: Verdict.up, stability: 0 })
    expect(explainView(viewOf(last))).toBe('flapping, but the last of its pool: status 200')
    expect(viewOf(play('61 U', last)).verdict).toBe(Verdict.down)
  })

  test('is not kept down by a clock that was set back for longer than the rule allows', () => {
    const state = play('100000 U, 100010 D, 100020 U, 100030 D, 100040 U, 100050 D, 100060 U')
    const back = play('10 U', state)
    expect(nextChangeAt(back)).toBeLessThanOrEqual(10_000 + DAMPING_DEFAULTS.maxMs)
  })

  test('is believed where damping is off', () => {
    const off = { ...rules, damping: undefined }
    expect(viewOf(play('0 U, 10 D, 20 U, 30 D, 40 U, 50 D, 60 U', NO_HEALTH, off)).verdict).toBe(Verdict.up)
  })
})

test('who is kept down comes up at once when damping and hold-down are turned off', () => {
  const kept = play('0 U, 10 D, 20 U, 30 D, 40 U, 50 D, 60 U', NO_HEALTH, { ...rules, holdDownMs: 60_000 })
  expect(viewOf(kept)).toMatchObject({ verdict: Verdict.down, heldUntil: 110_000 })
  expect(viewOf(play('61 U', kept, { ...rules, damping: undefined }))).toMatchObject({
    verdict: Verdict.up,
    heldUntil: 0,
    suppressedUntil: 0,
  })
})

describe('a hold-down', () => {
  const holding = { ...rules, damping: undefined, holdDownMs: 60_000 }

  test('keeps a target down from its failure on, and then it comes up by itself', () => {
    const held = play('0 U, 10 D, 20 U', NO_HEALTH, holding)
    expect(viewOf(held).verdict).toBe(Verdict.down)
    expect(explainView(viewOf(held))).toBe('kept down after a failure: status 200')
    expect(nextChangeAt(held)).toBe(70_000)
    expect(viewOf(play('70 U', held, holding)).verdict).toBe(Verdict.up)
  })

  test('is over when the failure was longer, and does not concern what was never up', () => {
    expect(viewOf(play('0 U, 10 D, 80 U', NO_HEALTH, holding)).verdict).toBe(Verdict.up)
    expect(viewOf(play('0 D, 10 U', NO_HEALTH, holding)).verdict).toBe(Verdict.up)
  })
})

describe('a ramp', () => {
  const ramping = { ...rules, damping: undefined, ramp: { stepMs: 20_000 } }

  test('goes step by step, as slowly as the TTL, and is at its end when nothing more changes', () => {
    let state = play('0 U, 10 D, 20 U', NO_HEALTH, ramping)
    const seen: (readonly [number, number])[] = [[20, viewOf(state).ramp]]
    while (nextChangeAt(state) < Number.POSITIVE_INFINITY) {
      const at = nextChangeAt(state) / 1000
      state = play(`${at} U`, state, ramping)
      seen.push([at, viewOf(state).ramp])
    }
    expect(seen).toEqual([
      [20, 1],
      [50, 2],
      [80, 3],
      [110, 0],
    ])
  })

  test('is the same for a server that was away meanwhile', () => {
    const state = play('0 U, 10 D, 20 U', NO_HEALTH, ramping)
    expect(viewOf(play('85 U', state, ramping))).toEqual(viewOf(play('50 U, 80 U, 85 U', state, ramping)))
  })

  test('begins anew after any failure', () => {
    expect(viewOf(play('0 U, 10 D, 20 U, 85 U, 90 D, 100 U', NO_HEALTH, ramping))).toMatchObject({
      ramp: 1,
      rampAt: 130_000,
    })
  })

  test('is not for those that are up for the first time', () => {
    expect(viewOf(play('0 U', NO_HEALTH, ramping)).ramp).toBe(0)
  })
})

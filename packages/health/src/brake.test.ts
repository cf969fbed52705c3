import { Verdict } from '@windrose/steering'
import { BRAKE_DEFAULTS, DAMPING_DEFAULTS, type HealthRules, SINGLE_AGENT } from './health-rules.ts'
import { type HealthState, NO_HEALTH, nextChangeAt } from './health-state.ts'
import { heardOf, reportsOf } from './heard.arbitraries.ts'
import { next } from './next.ts'
import { groupTargets } from './target-groups.ts'
import { explainView } from './target-state.ts'

const TARGETS = ['t1', 't2', 't3', 't4']
const pool = (name: string, targets: readonly string[]) => ({
  name,
  ttlMs: 30_000,
  endpoints: targets.map((target) => [target]),
})

const rules: HealthRules = {
  ...SINGLE_AGENT,
  vantages: ['a', 'b', 'c'],
  quorum: { minAgents: 1, minVantages: 2, share: 0.5 },
  brake: BRAKE_DEFAULTS,
  damping: DAMPING_DEFAULTS,
  groups: groupTargets([pool('web/fra', TARGETS)]),
}

/** By target what the agents say: `t1 a:DD b:U`; the others are up everywhere. */
function heard(texts: readonly string[], healthy = 'a:UU b:U c:U') {
  const said = new Map(texts.map((text) => [text.slice(0, 2), text.slice(3)]))
  return heardOf(TARGETS.flatMap((target) => reportsOf(said.get(target) ?? healthy, { target })))
}

const healthy = (using: HealthRules, text?: string) => next(NO_HEALTH, heard([], text), 1000, using)

const viewA = (state: HealthState) =>
  TARGETS.map((target) => {
    const view = state.targets.get(target)!.vantages.get('a')!
    return `${'?UD'[view.verdict]}${view.suspect ? '!' : ''}`
  }).join(' ')

const lettersOf = (state: HealthState) =>
  TARGETS.map((target) => '?UD'[state.targets.get(target)!.global.verdict]).join('')

describe('of one vantage', () => {
  const DOWN = 'a:DD b:U c:U'

  test('one target that turns is believed', () => {
    expect(viewA(next(healthy(rules), heard([`t1 ${DOWN}`]), 2000, rules))).toBe('D U U U')
  })

  test('more than three tenths at once are held up as suspect, and it is said why', () => {
    const state = next(healthy(rules), heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 2000, rules)
    expect(viewA(state)).toBe('U! U! U U')
    expect(explainView(state.targets.get('t1')!.vantages.get('a')!)).toBe(
      'held up, too much turned down at once: 2 of 2 agents: refused',
    )
  })

  test('what turned in an earlier interval is over for good, also when the clock is set back into it', () => {
    const one = next(healthy(rules), heard([`t1 ${DOWN}`]), 2000, rules)
    const over = next(one, heard([`t1 ${DOWN}`]), 2000 + BRAKE_DEFAULTS.intervalMs, rules)
    expect(viewA(next(over, heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 2500, rules))).toBe('D D U U')
  })

  test('without a brake nothing is held up any longer, and a second step changes nothing', () => {
    const held = next(healthy(rules), heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 2000, rules)
    const unbraked = { ...rules, brake: undefined }
    const after = next(held, heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 3000, unbraked)
    expect(viewA(after)).toBe('D D U U')
    expect(next(after, heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 3000, unbraked)).toBe(after)
  })

  test('those that another vantage confirms are applied', () => {
    const state = next(healthy(rules), heard(['t1 a:DD b:D c:U', `t2 ${DOWN}`]), 2000, rules)
    expect(viewA(state)).toBe('D U! U U')
  })

  test('one that turned before, in the same interval, is taken back as if it had not turned', () => {
    const together = next(healthy(rules), heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 2000, rules)
    const first = next(healthy(rules), heard([`t1 ${DOWN}`]), 2000, rules)
    expect(viewA(first)).toBe('D U U U')
    expect(next(first, heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 2000, rules)).toEqual(together)
  })

  test('one that turned an interval earlier does not count, and stays down', () => {
    const first = next(healthy(rules), heard([`t1 ${DOWN}`]), 2000, rules)
    expect(nextChangeAt(first)).toBe(12_000)
    expect(viewA(next(first, heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 12_000, rules))).toBe('D D U U')
    expect(viewA(next(first, heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 11_999, rules))).toBe('U! U! U U')
  })

  test('suspects are held until they are no longer too many, or are confirmed', () => {
    const held = next(healthy(rules), heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 2000, rules)
    expect(viewA(next(held, heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 600_000, rules))).toBe('U! U! U U')
    expect(viewA(next(held, heard([`t1 ${DOWN}`]), 600_000, rules))).toBe('D U U U')
    expect(viewA(next(held, heard(['t1 a:DD b:D c:U', 't2 a:DD b:D c:U']), 3000, rules))).toBe('D D U U')
  })

  test('who was only ever suspect pays no penalty', () => {
    let state = healthy(rules)
    for (let at = 2000; at < 60_000; at += 2000) {
      state = next(state, heard(at % 4000 === 0 ? [] : [`t1 ${DOWN}`, `t2 ${DOWN}`]), at, rules)
    }
    expect(state.targets.get('t1')!.vantages.get('a')).toMatchObject({ penalty: 0, verdict: Verdict.up, since: 1000 })
  })

  test('while nobody there speaks, what is held stays held', () => {
    const held = next(healthy(rules), heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 2000, rules)
    const silent = next(held, heard([], 'b:U c:U'), 3000, rules)
    expect(viewA(silent)).toBe('?! ?! ? ?')
    expect(viewA(next(silent, heard([`t1 ${DOWN}`, `t2 ${DOWN}`]), 4000, rules))).toBe('U! U! U U')
  })

  test('all of them are believed where the brake is off', () => {
    const off = { ...rules, brake: undefined }
    const state = next(healthy(off), heard(TARGETS.map((target) => `${target} ${DOWN}`)), 2000, off)
    expect(viewA(state)).toBe('D D D D')
  })
})

describe('globally', () => {
  test('two vantages are two sets of agents: a dead pool goes down at once', () => {
    const state = next(healthy(rules), heard(TARGETS.map((target) => `${target} a:DD b:D c:U`)), 2000, rules)
    expect(lettersOf(state)).toBe('DDDD')
  })

  const one: HealthRules = { ...rules, vantages: ['a'], quorum: { minAgents: 2, minVantages: 1, share: 0.5 } }
  const most = (text: string) => ['t1', 't2', 't3'].map((target) => `${target} ${text}`)

  test.each([
    ['two of the four that are needed twice: held', 'a:DDDU', 'UUUU'],
    ['twice as many as are needed: applied', 'a:DDDD', 'DDDU'],
  ])('in the only vantage, with %s', (_, text, expected) => {
    expect(lettersOf(next(healthy(one, 'a:UUUU'), heard(most(text), 'a:UUUU'), 2000, one))).toBe(expected)
  })

  test('where there is no second set of agents nobody could confirm, and the brake is not for that', () => {
    expect(lettersOf(next(healthy(one, 'a:UUU'), heard(most('a:DDD'), 'a:UUU'), 2000, one))).toBe('DDDU')
    const single = { ...one, quorum: { ...one.quorum, minAgents: 1 } }
    expect(lettersOf(next(healthy(single, 'a:U'), heard(most('a:D'), 'a:U'), 2000, single))).toBe('DDDU')
  })

  test('half of a pool is not more than half', () => {
    const two = ['t1 a:DDDU', 't2 a:DDDU']
    expect(lettersOf(next(healthy(one, 'a:UUUU'), heard(two, 'a:UUUU'), 2000, one))).toBe('DDUU')
  })
})

import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { type HealthRules, type Quorum, SINGLE_AGENT } from './health-rules.ts'
import { forgetTargets, type HealthState, NO_HEALTH } from './health-state.ts'
import { heardOf, reportsOf } from './heard.arbitraries.ts'
import { next as step } from './next.ts'
import type { Report } from './report.ts'
import { groupTargets } from './target-groups.ts'

const rulesOf = (quorum: Quorum): HealthRules => ({ ...SINGLE_AGENT, quorum })

/** The step with all agents alive that have reports, and targets that are only in the reports. */
function next(
  state: HealthState,
  reports: readonly Report[],
  timeMs: number,
  quorum = SINGLE_AGENT.quorum,
): HealthState {
  const byTarget = new Map(reports.map(({ target }) => [target, []]))
  return step(state, heardOf(reports), timeMs, { ...rulesOf(quorum), groups: { groups: [], byTarget } })
}

function judge(text: string, quorum: Quorum = SINGLE_AGENT.quorum): HealthState {
  return next(NO_HEALTH, reportsOf(text), 1000, quorum)
}

const ONE_TARGET = groupTargets([{ name: 'web/fra', ttlMs: 30_000, endpoints: [['t']] }])
const letterOf = (verdict: Verdict) => '?UD'[verdict]
const globalOf = (state: HealthState) => state.targets.get('t')!.global

describe('one agent at one vantage', () => {
  test('its report is the verdict, from the time of the step', () => {
    expect(globalOf(judge('eu:D'))).toMatchObject({
      verdict: Verdict.down,
      since: 1000,
      reason: 'refused',
      stability: 30,
      degraded: false,
      stale: false,
      suspect: false,
      ramp: 0,
    })
  })

  test('an agent that has no result yet leaves the target unknown, with its reason', () => {
    expect(globalOf(judge('eu:?'))).toMatchObject({ verdict: Verdict.unknown, reason: 'not probed yet', stability: 0 })
  })

  test('a degraded report makes a degraded verdict', () => {
    const state = next(NO_HEALTH, reportsOf('eu:U', { degraded: true }), 1000)
    expect(globalOf(state).degraded).toBe(true)
  })

  test('since moves only when the verdict does', () => {
    const first = next(NO_HEALTH, reportsOf('eu:U'), 1000)
    const second = next(first, reportsOf('eu:U', { stability: 20 }), 2000)
    const third = next(second, reportsOf('eu:D'), 3000)
    expect([first, second, third].map((state) => globalOf(state).since)).toEqual([1000, 1000, 3000])
    expect(globalOf(second).stability).toBe(20)
  })

  test('when its report is withdrawn the last verdict stands, stale and without a promise', () => {
    const gone = next(judge('eu:D'), [], 2000)
    expect(globalOf(gone)).toMatchObject({ verdict: Verdict.down, since: 1000, stale: true, stability: 0 })
    expect(gone.targets.get('t')!.vantages.get('eu')!.verdict).toBe(Verdict.unknown)
    expect(globalOf(next(gone, reportsOf('eu:D'), 3000))).toMatchObject({ since: 1000, stale: false, stability: 30 })
  })

  test('a target is forgotten when it is no longer probed', () => {
    const state = judge('eu:D')
    expect(forgetTargets(state, new Set(['t']))).toBe(state)
    expect(forgetTargets(state, new Set(['other'])).targets.size).toBe(0)
  })

  test('a step that changes nothing gives the same state back, and an untouched target is the same value', () => {
    const state = next(NO_HEALTH, [...reportsOf('eu:U'), ...reportsOf('eu:U', { target: 'other' })], 1000)
    const again = [...reportsOf('eu:U', { sequence: 2, at: 99 }), ...reportsOf('eu:U', { target: 'other' })]
    expect(next(state, again, 2000)).toBe(state)
    const moved = next(state, [...reportsOf('eu:D'), ...reportsOf('eu:U', { target: 'other' })], 2000)
    expect(moved.targets.get('other')).toBe(state.targets.get('other'))
    expect(moved).not.toBe(state)
  })
})

describe('several agents of a vantage', () => {
  test.each([
    ['UU', 1, 'U'],
    ['UD', 1, 'U'],
    ['DD', 1, 'D'],
    ['UDD', 1, 'D'],
    ['UUDD', 1, 'U'],
    ['UUDDD', 1, 'D'],
    ['D', 2, '?'],
    ['D?', 2, '?'],
    ['DD', 2, 'D'],
    ['D??', 1, 'D'],
    ['??', 1, '?'],
  ])('%s with at least %i is %s', (letters, minAgents, expected) => {
    const state = judge(`eu:${letters}`, { ...SINGLE_AGENT.quorum, minAgents })
    expect(letterOf(state.targets.get('t')!.vantages.get('eu')!.verdict)).toBe(expected)
  })

  test('too few of them say how few', () => {
    const state = judge('eu:D?', { ...SINGLE_AGENT.quorum, minAgents: 2 })
    expect(state.targets.get('t')!.vantages.get('eu')!.reason).toBe('1 of the 2 agents that are needed')
  })
})

describe('several vantages', () => {
  const quorum = { minAgents: 1, minVantages: 2, share: 0.5 }
  test.each([
    ['a:U b:U', 0.5, 'U'],
    ['a:U b:D', 0.5, 'U'],
    ['a:D b:D', 0.5, 'D'],
    ['a:U b:D c:D', 0.5, 'D'],
    ['a:U b:U c:D d:D', 0.5, 'U'],
    ['a:U b:D c:D d:D', 0.5, 'D'],
    ['a:? b:D c:D', 0.5, 'D'],
    ['a:U b:D c:D d:?', 0.75, 'U'],
    ['a:D b:D c:D d:U', 0.75, 'U'],
    ['a:D b:D c:D d:D', 0.75, 'D'],
    ['a:D b:U c:U d:U', 0.1, 'U'],
    ['a:D b:D c:U d:U', 0.1, 'D'],
    ['a:DDD b:U c:U', 0.5, 'U'],
  ])('%s with a share of %d is %s', (text, share, expected) => {
    expect(letterOf(globalOf(judge(text, { ...quorum, share })).verdict)).toBe(expected)
  })

  test('a vantage does not speak globally until enough of its agents do', () => {
    expect(letterOf(globalOf(judge('a:D b:D c:UU', { ...quorum, minAgents: 2, minVantages: 1 })).verdict)).toBe('U')
  })

  test('too few of them keep the last verdict, flagged stale, until enough are back', () => {
    const known = judge('a:D b:D', quorum)
    const alone = next(known, reportsOf('a:U'), 2000, quorum)
    expect(globalOf(alone)).toMatchObject({ verdict: Verdict.down, since: 1000, stale: true, stability: 0 })
    const back = next(alone, reportsOf('a:U b:U'), 3000, quorum)
    expect(globalOf(back)).toMatchObject({ verdict: Verdict.up, since: 3000, stale: false })
  })

  test('too few of them before any verdict leave it unknown and not stale', () => {
    expect(globalOf(judge('a:D', quorum))).toMatchObject({ verdict: Verdict.unknown, stale: false })
  })

  test.each([
    ['its own', 'a:U b:DD c:?', 'a:U b:D c:?'],
    ['not down by one agent alone', 'a:U b:D c:U', 'a:U b:? c:U'],
    ['down by one agent where another vantage agrees', 'a:D b:D c:U', 'a:D b:D c:U'],
    ['not down by two agents where most of its agents say up', 'a:UUUDD c:U', 'a:U c:U'],
  ])('the view of a vantage is %s', (_, text, views) => {
    const { vantages } = judge(text, quorum).targets.get('t')!
    expect([...vantages].map(([name, standing]) => `${name}:${letterOf(standing.verdict)}`).join(' ')).toBe(views)
  })

  test('one alone that is left says nothing about down: the last verdict stands, whatever it was', () => {
    const one = { ...quorum, minVantages: 1 }
    for (const [before, verdict] of [
      ['a:D b:D', 'D'],
      ['a:U b:U', 'U'],
    ] as const) {
      const gone = [{ agent: 'b-0', vantage: 'b', alive: false }]
      const left = step(judge(before, one), heardOf(reportsOf('a:D'), gone), 2000, rulesOf(one))
      expect(globalOf(left)).toMatchObject({ stale: true })
      expect(letterOf(globalOf(left).verdict)).toBe(verdict)
    }
  })

  test('the reason says how many agree', () => {
    expect(globalOf(judge('a:D b:D c:U', quorum)).reason).toBe('2 of 3 vantages: refused')
    expect(globalOf(judge('a:DD b:D c:U', quorum)).reason).toBe('2 of 3 vantages: 2 of 2 agents: refused')
  })
})

const anyReports = fc
  .array(
    fc.record({
      vantage: fc.constantFrom('a', 'b', 'c', 'd'),
      agent: fc.nat(3),
      verdict: fc.constantFrom(Verdict.unknown, Verdict.up, Verdict.down),
    }),
    { maxLength: 12 },
  )
  .map((picks) => {
    const reports = new Map<string, Report>()
    for (const { vantage, agent, verdict } of picks)
      reports.set(`${vantage}${agent}`, { ...reportsOf(`${vantage}:U`)[0]!, agent: `${vantage}${agent}`, verdict })
    return [...reports.values()]
  })
const quorums = fc.record({
  minAgents: fc.integer({ min: 1, max: 3 }),
  minVantages: fc.integer({ min: 1, max: 3 }),
  share: fc.constantFrom(0.25, 0.5, 0.75),
})

describe('whatever is reported', () => {
  test('the order of the reports does not matter', () => {
    fc.assert(
      fc.property(anyReports, quorums, (reports, quorum) => {
        const forward = next(NO_HEALTH, reports, 1000, quorum)
        expect(next(NO_HEALTH, reports.toReversed(), 1000, quorum)).toEqual(forward)
      }),
    )
  })

  test('where two vantages are needed, one vantage alone never takes a target down', () => {
    fc.assert(
      fc.property(anyReports, quorums, (reports, quorum) => {
        const onlyFirst = reports.map((report) =>
          report.vantage === 'a' ? report : { ...report, verdict: Verdict.up },
        )
        const state = next(NO_HEALTH, onlyFirst, 1000, { ...quorum, minVantages: Math.max(2, quorum.minVantages) })
        expect(state.targets.get('t')?.global.verdict).not.toBe(Verdict.down)
      }),
    )
  })

  test('one more down vote never brings a target up', () => {
    fc.assert(
      fc.property(anyReports, quorums, fc.nat(), (reports, quorum, pick) => {
        const index = pick % Math.max(1, reports.length)
        fc.pre(reports[index]?.verdict === Verdict.up)
        const before = globalOf(next(NO_HEALTH, reports, 1000, quorum))
        const worse = reports.map((report, at) => (at === index ? { ...report, verdict: Verdict.down } : report))
        const after = globalOf(next(NO_HEALTH, worse, 1000, quorum))
        if (before.verdict === Verdict.down) expect(after.verdict).toBe(Verdict.down)
      }),
    )
  })
})

describe('who is heard', () => {
  const rules: HealthRules = {
    ...SINGLE_AGENT,
    vantages: ['a', 'b', 'c'],
    quorum: { minAgents: 1, minVantages: 2, share: 0.5 },
  }
  const before = step(NO_HEALTH, heardOf(reportsOf('a:U b:U c:U')), 1000, { ...rules, groups: ONE_TARGET })
  const verdictWith = (presence: object) =>
    letterOf(globalOf(step(before, heardOf(reportsOf('a:U b:D c:D'), [presence]), 2000, rules)).verdict)

  test.each([
    ['an agent that is alive', {}, 'D'],
    ['one whose lease is gone', { alive: false }, 'U'],
    ['one that is isolated', { isolated: true }, 'U'],
    ['one that was started anew and has not reported since', { incarnation: 2 }, 'U'],
    ['one of a vantage that is not configured', { vantage: 'mars' }, 'U'],
    ['one whose lease names another vantage than its report', { vantage: 'b' }, 'U'],
  ])('%s: with the others it makes the verdict', (_, presence, expected) => {
    expect(verdictWith({ agent: 'c-0', ...presence })).toBe(expected)
  })

  test('nobody at all: the last verdict stands, stale', () => {
    const gone = ['a', 'b', 'c'].map((vantage) => ({ agent: `${vantage}-0`, alive: false }))
    const after = step(before, heardOf(reportsOf('a:D b:D c:D'), gone), 2000, rules)
    expect(globalOf(after)).toMatchObject({ verdict: Verdict.up, stale: true, stability: 0 })
  })
})

describe('stability', () => {
  const rules: HealthRules = { ...SINGLE_AGENT, vantages: ['a', 'b', 'c'], groups: ONE_TARGET }
  const stabilityOf = (text: string) => globalOf(step(NO_HEALTH, heardOf(reportsOf(text)), 1000, rules)).stability

  test('counts a vantage that does not know yet as one that may say anything at once', () => {
    expect(stabilityOf('a:U b:U')).toBe(30)
    expect(stabilityOf('a:U b:D')).toBe(0)
  })
})

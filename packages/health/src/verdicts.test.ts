import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import type { Report } from './report.ts'
import {
  forgetTargets,
  NO_VERDICTS,
  next,
  nextTarget,
  type Quorum,
  SINGLE_AGENT,
  type VerdictState,
} from './verdicts.ts'

const WORDS = { U: Verdict.up, D: Verdict.down, '?': Verdict.unknown } as const

/** `eu:UD us:D`: two agents in eu, one up and one down; one agent in us, down. */
function reportsOf(text: string, change: Partial<Report> = {}): Report[] {
  return text.split(' ').flatMap((part) => {
    const [vantage = '', letters = ''] = part.split(':')
    return [...letters].map((letter, index) => ({
      agent: `${vantage}-${index}`,
      vantage,
      incarnation: 1,
      sequence: 1,
      target: 't',
      verdict: WORDS[letter as keyof typeof WORDS],
      since: 5,
      stability: 30,
      reason: letter === 'D' ? 'refused' : letter === 'U' ? 'status 200' : 'not probed yet',
      at: 7,
      ...change,
    }))
  })
}

function judge(text: string, quorum: Quorum = SINGLE_AGENT): VerdictState {
  return next(NO_VERDICTS, reportsOf(text), 1000, quorum)
}

const letterOf = (verdict: Verdict) => '?UD'[verdict]
const globalOf = (state: VerdictState) => state.targets.get('t')!.global

describe('one agent at one vantage', () => {
  test('its report is the verdict, from the time of the step', () => {
    expect(globalOf(judge('eu:D'))).toEqual({
      verdict: Verdict.down,
      since: 1000,
      reason: 'refused',
      stability: 30,
      degraded: false,
      stale: false,
    })
  })

  test('an agent that has no result yet leaves the target unknown, with its reason', () => {
    expect(globalOf(judge('eu:?'))).toMatchObject({ verdict: Verdict.unknown, reason: 'not probed yet', stability: 0 })
  })

  test('a degraded report makes a degraded verdict', () => {
    const state = next(NO_VERDICTS, reportsOf('eu:U', { degraded: true }), 1000)
    expect(globalOf(state).degraded).toBe(true)
  })

  test('since moves only when the verdict does', () => {
    const first = next(NO_VERDICTS, reportsOf('eu:U'), 1000)
    const second = next(first, reportsOf('eu:U', { stability: 20 }), 2000)
    const third = next(second, reportsOf('eu:D'), 3000)
    expect([first, second, third].map((state) => globalOf(state).since)).toEqual([1000, 1000, 3000])
    expect(globalOf(second).stability).toBe(20)
  })

  test('when its report is withdrawn the last verdict stands, stale and without a promise', () => {
    const gone = next(judge('eu:D'), [], 2000)
    expect(globalOf(gone)).toMatchObject({ verdict: Verdict.down, since: 1000, stale: true, stability: 0 })
    expect(gone.targets.get('t')!.vantages.size).toBe(0)
    expect(globalOf(next(gone, reportsOf('eu:D'), 3000))).toMatchObject({ since: 1000, stale: false, stability: 30 })
  })

  test('a target is forgotten when it is no longer probed', () => {
    const state = judge('eu:D')
    expect(forgetTargets(state, new Set(['t']))).toBe(state)
    expect(forgetTargets(state, new Set(['other'])).targets.size).toBe(0)
  })

  test('a step that changes nothing gives the same state back, and an untouched target is the same value', () => {
    const state = next(NO_VERDICTS, [...reportsOf('eu:U'), ...reportsOf('eu:U', { target: 'other' })], 1000)
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
    const state = judge(`eu:${letters}`, { ...SINGLE_AGENT, minAgents })
    expect(letterOf(state.targets.get('t')!.vantages.get('eu')!.verdict)).toBe(expected)
  })

  test('too few of them say how few', () => {
    const state = judge('eu:D?', { ...SINGLE_AGENT, minAgents: 2 })
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

  test('the view of each vantage is its own', () => {
    const { vantages } = judge('a:U b:D c:?', quorum).targets.get('t')!
    expect([...vantages].map(([name, standing]) => `${name}:${letterOf(standing.verdict)}`)).toEqual([
      'a:U',
      'b:D',
      'c:?',
    ])
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
        const forward = next(NO_VERDICTS, reports, 1000, quorum)
        expect(next(NO_VERDICTS, reports.toReversed(), 1000, quorum)).toEqual(forward)
      }),
    )
  })

  test('where two vantages are needed, one vantage alone never takes a target down', () => {
    fc.assert(
      fc.property(anyReports, quorums, (reports, quorum) => {
        const onlyFirst = reports.map((report) =>
          report.vantage === 'a' ? report : { ...report, verdict: Verdict.up },
        )
        const state = next(NO_VERDICTS, onlyFirst, 1000, { ...quorum, minVantages: Math.max(2, quorum.minVantages) })
        expect(state.targets.get('t')?.global.verdict).not.toBe(Verdict.down)
      }),
    )
  })

  test('one more down vote never brings a target up', () => {
    fc.assert(
      fc.property(anyReports, quorums, fc.nat(), (reports, quorum, pick) => {
        const index = pick % Math.max(1, reports.length)
        fc.pre(reports[index]?.verdict === Verdict.up)
        const before = nextTarget(undefined, reports, 1000, quorum)
        const worse = reports.map((report, at) => (at === index ? { ...report, verdict: Verdict.down } : report))
        if (before.global.verdict === Verdict.down)
          expect(nextTarget(undefined, worse, 1000, quorum).global.verdict).toBe(Verdict.down)
      }),
    )
  })
})

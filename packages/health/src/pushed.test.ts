import { Verdict } from '@windrose/steering'
import { PUSH_VANTAGE, SINGLE_AGENT } from './health-rules.ts'
import { type HealthState, NO_HEALTH } from './health-state.ts'
import { heardOf, reportsOf } from './heard.arbitraries.ts'
import { next } from './next.ts'
import { groupTargets } from './target-groups.ts'

const rules = {
  ...SINGLE_AGENT,
  vantages: ['eu', 'us'],
  quorum: { minAgents: 1, minVantages: 2, share: 0.5 },
  pushed: new Set(['t']),
  groups: groupTargets([{ name: 'web/fra', ttlMs: 30_000, endpoints: [['t']] }]),
}

/** `UD?`: what three servers have of the target; those at `gone` have left. */
function judge(letters: string, gone: readonly number[] = [], before: HealthState = NO_HEALTH): HealthState {
  const reports = reportsOf(`${PUSH_VANTAGE}:${letters}`)
  const presences = gone.map((index) => ({ agent: `${PUSH_VANTAGE}-${index}`, alive: false }))
  return next(before, heardOf(reports, presences), 1000, rules)
}

const wordOf = (state: HealthState) => {
  const { verdict, stale } = state.targets.get('t')!.global
  return `${verdict === Verdict.up ? 'up' : verdict === Verdict.down ? 'down' : 'unknown'}${stale ? ' stale' : ''}`
}

describe('a target that pushes', () => {
  test.each([
    ['U', 'up'],
    ['D', 'down'],
    ['?', 'unknown'],
    ['UD', 'up'],
    ['DD', 'down'],
    ['U?', 'up'],
    ['D?', 'unknown'],
  ])('of which servers have %s is %s, whatever vantages are asked for', (letters, word) => {
    expect(wordOf(judge(letters))).toBe(word)
  })

  test('stays as it was when the server that it pushed to is gone, and while that waits for a push after its return', () => {
    const before = judge('UD')
    expect(wordOf(judge('UD', [0], before))).toBe('up stale')
    expect(wordOf(judge('?D', [], before))).toBe('up stale')
    expect(wordOf(judge('DD', [], before))).toBe('down')
  })

  test('is down where the server that is gone had it down, too', () => {
    expect(wordOf(judge('DD', [0], judge('UD')))).toBe('down')
  })

  test('does not make servers a vantage: one agent at one place still decides alone', () => {
    const heard = heardOf([...reportsOf('eu:D', { target: 'probed' }), ...reportsOf(`${PUSH_VANTAGE}:U`)])
    const alone = { ...SINGLE_AGENT, pushed: new Set(['t']), groups: groupTargets([], ['probed', 't']) }
    const state = next(NO_HEALTH, heard, 1000, alone)
    expect(state.targets.get('probed')!.global.verdict).toBe(Verdict.down)
  })
})

import { STABILITY_MAX, Verdict } from '@windrose/steering'
import { CHECK_DEFAULTS } from './check.ts'
import { combineAll } from './check-rule.ts'
import { judgeEndpoint } from './endpoint-verdict.ts'
import { makeProbeTarget } from './probe-target.ts'
import { type Standing, UNCHECKED, UNHEARD } from './standing.ts'
import { UNSEEN, type ViewState } from './target-state.ts'

const WORDS = { U: Verdict.up, D: Verdict.down, '?': Verdict.unknown } as const

function standing(text: string, change: Partial<Standing> = {}): Standing {
  const [letter, seconds] = text.split('/')
  const verdict = WORDS[letter as keyof typeof WORDS]
  return { ...UNHEARD, verdict, stability: Number(seconds), reason: `it is ${text}`, ...change }
}

describe('the checks of an endpoint together', () => {
  test.each([
    ['U/40', 'U/40'],
    ['U/40 U/30', 'U/30'],
    ['U/40 D/200', 'D/40'],
    ['D/200 U/40', 'D/40'],
    ['D/20 D/30 U/90', 'D/20'],
    ['?/0 U/40', '?/0'],
    ['U/40 ?/0', '?/0'],
    ['?/0 D/40', 'D/0'],
  ])('%s are %s', (text, expected) => {
    const parts = text.split(' ').map((word, index) => ({ name: `c${index}`, standing: standing(word) }))
    const { verdict, stability } = combineAll(parts)
    expect(`${'?UD'[verdict]}/${stability}`).toBe(expected)
  })

  test('none at all are up for ever', () => {
    expect(combineAll([])).toBe(UNCHECKED)
    expect(UNCHECKED).toMatchObject({ verdict: Verdict.up, stability: STABILITY_MAX })
  })

  test('the reason names the check that decides; a single check needs no name', () => {
    const well = { name: 'ping', standing: standing('U/10') }
    const ill = { name: 'https', standing: standing('D/10') }
    expect(combineAll([well, ill]).reason).toBe('https: it is D/10')
    expect(combineAll([ill]).reason).toBe('it is D/10')
  })

  test('up since the last of them came up, down since the first of them went down', () => {
    const at = (text: string, since: number) => ({ name: 'c', standing: standing(text, { since }) })
    expect(combineAll([at('U/1', 10), at('U/1', 20)]).since).toBe(20)
    expect(combineAll([at('D/1', 30), at('D/1', 20), at('U/1', 10)]).since).toBe(20)
  })

  test('one that is degraded degrades the endpoint while it is up, and gives the reason', () => {
    const well = { name: 'ping', standing: standing('U/10') }
    const worried = { name: 'https', standing: standing('U/10', { degraded: true, reason: 'certificate expires' }) }
    const ill = { name: 'tcp', standing: standing('D/10') }
    expect(combineAll([well, worried])).toMatchObject({ degraded: true, reason: 'https: certificate expires' })
    expect(combineAll([well, worried, ill])).toMatchObject({ degraded: false, reason: 'tcp: it is D/10' })
  })

  test('one that is stale makes the endpoint stale', () => {
    const parts = [standing('U/10'), standing('U/10', { stale: true })].map((one) => ({ name: 'c', standing: one }))
    expect(combineAll(parts).stale).toBe(true)
  })
})

describe('an endpoint', () => {
  const target = makeProbeTarget('192.0.2.1', 'ipv4', {
    ...CHECK_DEFAULTS,
    name: 'port',
    type: 'tcp',
    port: 80,
    timeoutMs: 1000,
  })
  const endpoint = { index: 0, id: 'web/fra/192.0.2.1', targets: [target] }

  test('is unknown before its target has a verdict, and then what the target is', () => {
    expect(judgeEndpoint(endpoint, { targets: new Map() })).toBe(UNHEARD)
    const global: ViewState = { ...UNSEEN, ...standing('D/10') }
    const state = { targets: new Map([[target.id, { global, vantages: new Map() }]]) }
    expect(judgeEndpoint(endpoint, state)).toBe(global)
  })
})

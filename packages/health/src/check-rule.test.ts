import { STABILITY_MAX, Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { allOf, type CheckGroup, type CheckLeaf, type CheckRule, judgeRule, leavesOf } from './check-rule.ts'
import { type Standing, UNCHECKED, UNHEARD } from './standing.ts'

const WORDS = { U: Verdict.up, D: Verdict.down, '?': Verdict.unknown } as const

/** `https=U/40 ping=D/20`: the standing of each check. */
function standingsOf(text: string): ReadonlyMap<string, Standing> {
  return new Map(
    text.split(' ').map((word): [string, Standing] => {
      const [check = '', letter = '', seconds = ''] = word.split(/[=/]/)
      const verdict = WORDS[letter as keyof typeof WORDS]
      return [check, { ...UNHEARD, verdict, stability: Number(seconds), reason: `is ${letter}` }]
    }),
  )
}

const leaf = (check: string, change: Partial<CheckLeaf> = {}): CheckLeaf => ({
  kind: 'check',
  check,
  target: check,
  critical: false,
  observe: false,
  ...change,
})
const group = (word: CheckGroup['word'], least: number, of: readonly CheckRule[]): CheckGroup => ({
  kind: 'group',
  word,
  least,
  of,
})
const all = (...of: CheckRule[]) => group('all', of.length, of)
const any = (...of: CheckRule[]) => group('any', 1, of)
const [a, b, c] = [leaf('a'), leaf('b'), leaf('c')]

function judge(rule: CheckRule, text: string): Standing {
  const standings = standingsOf(text)
  return judgeRule(rule, ({ target }) => standings.get(target)!)
}

describe('a combination of checks', () => {
  test.each<[string, CheckRule, string, string]>([
    ['any is up when one is', any(a, b), 'a=D/10 b=U/20', 'U/20'],
    ['any turns only when the last of the ups does', any(a, b), 'a=U/10 b=U/20', 'U/20'],
    ['any is down when all are, until the first comes up', any(a, b), 'a=D/10 b=D/20', 'D/10'],
    ['any with an unknown one is not down', any(a, b), 'a=D/10 b=?/0', '?/0'],
    ['two of three are up with two', group('at_least', 2, [a, b, c]), 'a=U/10 b=U/20 c=D/5', 'U/10'],
    ['two of three turn with the second of three', group('at_least', 2, [a, b, c]), 'a=U/10 b=U/20 c=U/30', 'U/20'],
    ['two of three are down with two', group('at_least', 2, [a, b, c]), 'a=D/10 b=U/20 c=D/5', 'D/5'],
    ['two of three are unknown with one of each', group('at_least', 2, [a, b, c]), 'a=D/10 b=U/20 c=?/0', '?/0'],
    ['what is inside counts as one', all(a, any(b, c)), 'a=U/40 b=U/10 c=U/20', 'U/20'],
    [
      'a critical one takes down what the others hold up',
      any(leaf('a', { critical: true }), b),
      'a=D/10 b=U/20',
      'D/10',
    ],
    [
      'a critical one that is up does not hold it up by itself',
      all(leaf('a', { critical: true }), b),
      'a=U/5 b=D/9',
      'D/5',
    ],
    ['a critical one that is up limits the promise', any(leaf('a', { critical: true }), b), 'a=U/10 b=U/20', 'U/10'],
    ['a critical one that is unknown leaves it unknown', any(leaf('a', { critical: true }), b), 'a=?/0 b=U/9', '?/0'],
    [
      'a critical one deep inside is critical',
      all(c, any(leaf('a', { critical: true }), b)),
      'a=D/1 b=U/2 c=U/3',
      'D/1',
    ],
    ['an observed one never counts', all(leaf('a', { observe: true }), b), 'a=D/10 b=U/20', 'U/20'],
    [
      'an observed one is none of those that are needed',
      group('at_least', 2, [leaf('a', { observe: true }), b]),
      'a=D/1 b=U/20',
      'U/20',
    ],
  ])('%s', (_, rule, text, expected) => {
    const { verdict, stability } = judge(rule, text)
    expect(`${'?UD'[verdict]}/${stability}`).toBe(expected)
  })

  test('of which none counts is up for ever', () => {
    expect(judge(all(leaf('a', { observe: true })), 'a=D/10')).toBe(UNCHECKED)
  })

  test('says how many are up of how many that are needed, and which speaks', () => {
    expect(judge(group('at_least', 2, [a, b, c]), 'a=U/10 b=D/20 c=D/5').reason).toBe(
      '1 of 3 checks up, 2 needed: b: is D',
    )
    expect(judge(any(leaf('a', { critical: true }), b), 'a=D/10 b=U/20').reason).toBe('a: is D')
    expect(judge(any(a, b), 'a=D/10 b=U/20').reason).toBe('b: is U')
  })

  test('ramps like the best that are enough', () => {
    const standings = new Map([
      ['a', { ...UNCHECKED, ramp: 1 as const }],
      ['b', { ...UNCHECKED, ramp: 3 as const }],
    ])
    const rampOf = (rule: CheckRule) => judgeRule(rule, ({ target }) => standings.get(target)!).ramp
    expect([rampOf(any(a, b)), rampOf(all(a, b))]).toEqual([3, 1])
  })

  const standing = fc.record({
    verdict: fc.constantFrom(Verdict.up, Verdict.down),
    stability: fc.integer({ min: 0, max: 20 }),
  })
  /** All ways of turning those that may have turned by a time. */
  function canTurnBy(at: number, rule: CheckRule, drawn: readonly Standing[]): boolean {
    const verdict = judgeRule(rule, (each) => drawn[Number(each.target)]!).verdict
    for (let turn = 0; turn < 1 << drawn.length; turn++) {
      if (drawn.some(({ stability }, i) => (turn & (1 << i)) !== 0 && stability > at)) continue
      const after = drawn.map((each, i) =>
        (turn & (1 << i)) === 0 ? each : { ...each, verdict: each.verdict === Verdict.up ? Verdict.down : Verdict.up },
      )
      if (judgeRule(rule, (each) => after[Number(each.target)]!).verdict !== verdict) return true
    }
    return false
  }

  test('promises exactly the time before which it cannot turn', () => {
    fc.assert(
      fc.property(fc.array(standing, { minLength: 2, maxLength: 5 }), fc.nat(), (drawn, pick) => {
        const standings = drawn.map((each): Standing => ({ ...UNCHECKED, ...each }))
        const least = 1 + (pick % drawn.length)
        const rule = group(
          'at_least',
          least,
          standings.map((_, i) => leaf(`${i}`)),
        )
        const { stability } = judgeRule(rule, (each) => standings[Number(each.target)]!)
        expect(canTurnBy(stability, rule, standings)).toBe(true)
        expect(canTurnBy(stability - 1, rule, standings)).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})

test('the leaves of a rule are all its checks, those that only are observed too', () => {
  expect(leavesOf(all(a, any(b, leaf('c', { observe: true })))).map(({ check }) => check)).toEqual(['a', 'b', 'c'])
  expect(judgeRule(allOf([]), () => UNHEARD)).toMatchObject({ verdict: Verdict.up, stability: STABILITY_MAX })
})

import { createPatternMatcher, type PatternMatcher } from './pattern-matcher.ts'

const matchers = new Set<PatternMatcher>()
afterEach(() => {
  for (const matcher of matchers) matcher.close()
  matchers.clear()
})
function create(limitMs?: number): PatternMatcher {
  const matcher = createPatternMatcher(limitMs)
  matchers.add(matcher)
  return matcher
}

const ENDLESS = ['^(a+)+$', `${'a'.repeat(50)}b`] as const

describe('a pattern', () => {
  test.each([
    ['b', 'abc', 'match'],
    ['^b', 'abc', 'no match'],
    ['^.$', '\u{1f600}', 'match'],
    ['(', 'abc', 'no match'],
  ])('%s on %s is a %s', async (pattern, text, answer) => {
    expect(await create().test(pattern, text)).toBe(answer)
  })

  test('that takes too long is undecided, and those behind it are tried nevertheless', async () => {
    const matcher = create(100)
    const answers = [matcher.test('a', 'a'), matcher.test(...ENDLESS), matcher.test('b', 'a'), matcher.test('c', 'c')]
    expect(await Promise.all(answers)).toEqual(['match', 'undecided', 'no match', 'match'])
  })

  test('that took too long once is not tried again for a while', async () => {
    const matcher = create(200)
    await matcher.test(...ENDLESS)
    const startedAt = performance.now()
    expect(await matcher.test(ENDLESS[0], 'aaa')).toBe('undecided')
    expect(performance.now() - startedAt).toBeLessThan(100)
  })

  test('that takes too long is tried once for all who wait with it', async () => {
    const matcher = create(200)
    const startedAt = performance.now()
    const answers = [...Array.from({ length: 20 }, () => matcher.test(...ENDLESS)), matcher.test('a', 'a')]
    expect(await Promise.all(answers)).toEqual([...Array(20).fill('undecided'), 'match'])
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })

  test('under way when the matcher closes is undecided', async () => {
    const matcher = create(60_000)
    const answers = [matcher.test(...ENDLESS), matcher.test('a', 'a')]
    setTimeout(() => matcher.close(), 20)
    expect(await Promise.all(answers)).toEqual(['undecided', 'undecided'])
  })
})

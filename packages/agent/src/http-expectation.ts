import type { HttpRequestCheck } from '@windrose/health'
import type { PatternMatcher } from './pattern-matcher.ts'

/** What a response with a good status lacks; undecided where a pattern took too long. */
export interface MissedExpectation {
  readonly what: string
  readonly isDecided: boolean
}

/** The first expectation that a response does not meet; undefined when it meets all. */
export async function missedExpectation(
  check: Pick<HttpRequestCheck, 'expectHeaders' | 'expectBody' | 'expectBodyMatches'>,
  headerText: (name: string) => string | undefined,
  body: Buffer,
  patterns: PatternMatcher,
): Promise<MissedExpectation | undefined> {
  for (const { name, absent, equals, matches } of check.expectHeaders ?? []) {
    const value = headerText(name.toLowerCase())
    if (absent === true) {
      if (value === undefined) continue
      return { what: `the header ${name} is there`, isDecided: true }
    }
    if (value === undefined) return { what: `the header ${name} is missing`, isDecided: true }
    if (equals !== undefined && value !== equals)
      return { what: `the header ${name} is not as expected`, isDecided: true }
    if (matches !== undefined) {
      const missed = await missedPattern(patterns, matches, value, `the header ${name}`)
      if (missed !== undefined) return missed
    }
  }
  if (check.expectBody !== undefined && !body.includes(check.expectBody))
    return { what: 'the body lacks the expected text', isDecided: true }
  if (check.expectBodyMatches === undefined) return undefined
  return missedPattern(patterns, check.expectBodyMatches, body.toString('utf8'), 'the body')
}

async function missedPattern(
  patterns: PatternMatcher,
  pattern: string,
  text: string,
  where: string,
): Promise<MissedExpectation | undefined> {
  const answer = await patterns.test(pattern, text)
  if (answer === 'match') return undefined
  if (answer === 'no match') return { what: `${where} does not match`, isDecided: true }
  return { what: `the pattern for ${where} takes too long to try`, isDecided: false }
}

import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { countVotes, type Needed, Tally, type VoteResult } from './vote.ts'

const { up, down } = Verdict

interface Vote {
  readonly voter: string
  readonly verdict: Verdict
  readonly reason: string
  readonly stability: number
  readonly degraded: boolean
}

function count(votes: readonly Vote[], needed: Needed, silent = 0): VoteResult {
  const tally = new Tally('agents')
  for (const { verdict, voter, reason, stability, degraded } of votes) {
    tally.add(verdict, voter, reason, stability, degraded)
  }
  return countVotes(tally, needed, silent)
}

/** `U70` votes up and holds for 70 s; `u` in lower case is degraded. */
function votesOf(text: string): Vote[] {
  return text.split(' ').map((word, index) => ({
    voter: `v${index}`,
    verdict: word[0]!.toUpperCase() === 'U' ? up : down,
    stability: Number(word.slice(1)),
    degraded: word[0] === 'u',
    reason: `said ${word}`,
  }))
}

const needing =
  (needed: number): Needed =>
  () =>
    needed

describe('a vote', () => {
  test.each([
    ['one voter decides alone', 'D40', 1, 'D/40'],
    ['below the number that is needed it stays up', 'D40 U30', 2, 'U/30'],
    ['with that number it is down', 'D40 D30 U20', 2, 'D/30'],
    ['up with one down and two needed turns when the first of the ups turns', 'D5 U40 U30', 2, 'U/30'],
    ['up with none down and two needed turns when the second turns', 'U50 U40 U30', 2, 'U/40'],
    ['down with all three turns when the second of them turns', 'D10 D20 D30', 2, 'D/20'],
    ['down with just enough turns when the first turns', 'D10 D20 U1', 2, 'D/10'],
    ['too few to turn it by themselves: the last of them is the bound', 'U30', 2, 'U/30'],
  ])('%s', (_, text, needed, expected) => {
    const result = count(votesOf(text), needing(needed))
    expect(`${result.verdict === up ? 'U' : 'D'}/${result.stability}`).toBe(expected)
  })

  test('the reason counts the winners, and the first of them by name speaks', () => {
    const votes = votesOf('U1 D2 D3')
    expect(count(votes, needing(2)).reason).toBe('2 of 3 agents: said D2')
    expect(count(votes.toReversed(), needing(2)).reason).toBe('2 of 3 agents: said D2')
    expect(count(votesOf('D2'), needing(1)).reason).toBe('said D2')
  })

  test('one that is up and degraded degrades the result and speaks for it; one that is down does not', () => {
    expect(count(votesOf('U1 u2 D3'), needing(2))).toMatchObject({
      degraded: true,
      reason: '2 of 3 agents: said u2',
    })
    expect(count(votesOf('u1 D2 D3'), needing(2)).degraded).toBe(false)
  })

  test.each([
    ['who may at once say down, with the others', 'D40 U30 U20', 2, 1, 'U/0'],
    ['who are not enough by themselves', 'U40 U30 U20', 2, 1, 'U/20'],
    ['who are enough by themselves', 'U40 U30 U20', 2, 2, 'U/0'],
  ])('silent voters %s', (_, text, needed, silent, expected) => {
    const { verdict, stability } = count(votesOf(text), needing(needed), silent)
    expect(`${verdict === up ? 'U' : 'D'}/${stability}`).toBe(expected)
  })

  test('of a down that needs more the more voters there are, a silent one may end it', () => {
    const rule = (votes: number) => Math.floor(votes / 2) + 1
    expect(count(votesOf('D40 D30 U20'), rule, 1).stability).toBe(0)
    expect(count(votesOf('D40 D30 D20'), rule, 1).stability).toBe(20)
  })

  test('that was cleared is counted as a new one', () => {
    const tally = new Tally('agents')
    for (const stability of [50, 60, 70]) tally.add(down, `v${stability}`, 'old', stability, false)
    tally.add(up, 'w', 'old', 5, true)
    tally.clear()
    expect(tally.votes).toBe(0)
    tally.add(up, 'z', 'new', 9, false)
    expect(countVotes(tally, needing(2), 0)).toEqual({ verdict: up, reason: 'new', stability: 9, degraded: false })
  })

  const votes = fc.array(
    fc.record({ verdict: fc.constantFrom(up, down), stability: fc.integer({ min: 0, max: 100 }) }),
    { minLength: 1, maxLength: 7 },
  )
  test('before its stability is over no voters that keep their promises turn it', () => {
    fc.assert(
      fc.property(votes, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 4 }), (cast, at, needed) => {
        const named = cast.map((vote, index) => ({ ...vote, voter: `v${index}`, reason: '', degraded: false }))
        const result = count(named, needing(needed))
        fc.pre(at < result.stability)
        const turned = named.map((vote) => ({
          ...vote,
          verdict: vote.stability <= at && vote.verdict === result.verdict ? up + down - vote.verdict : vote.verdict,
        })) as Vote[]
        expect(count(turned, needing(needed)).verdict).toBe(result.verdict)
      }),
    )
  })
})

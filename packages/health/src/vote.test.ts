import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { countVotes, type Vote, type VotingRule } from './vote.ts'

const { up, down } = Verdict

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

const agents = (needed: number, silent = 0): VotingRule => ({ needed: () => needed, silent, voters: 'agents' })

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
    const result = countVotes(votesOf(text), agents(needed))
    expect(`${result.verdict === up ? 'U' : 'D'}/${result.stability}`).toBe(expected)
  })

  test('the reason counts the winners, and the first of them by name speaks', () => {
    const votes = votesOf('U1 D2 D3')
    expect(countVotes(votes, agents(2)).reason).toBe('2 of 3 agents: said D2')
    expect(countVotes(votes.toReversed(), agents(2)).reason).toBe('2 of 3 agents: said D2')
    expect(countVotes(votesOf('D2'), agents(1)).reason).toBe('said D2')
  })

  test('one that is up and degraded degrades the result and speaks for it; one that is down does not', () => {
    expect(countVotes(votesOf('U1 u2 D3'), agents(2))).toMatchObject({
      degraded: true,
      reason: '2 of 3 agents: said u2',
    })
    expect(countVotes(votesOf('u1 D2 D3'), agents(2)).degraded).toBe(false)
  })

  test.each([
    ['who may at once say down, with the others', 'D40 U30 U20', 2, 1, 'U/0'],
    ['who are not enough by themselves', 'U40 U30 U20', 2, 1, 'U/20'],
    ['who are enough by themselves', 'U40 U30 U20', 2, 2, 'U/0'],
  ])('silent voters %s', (_, text, needed, silent, expected) => {
    const { verdict, stability } = countVotes(votesOf(text), agents(needed, silent))
    expect(`${verdict === up ? 'U' : 'D'}/${stability}`).toBe(expected)
  })

  test('of a down that needs more the more voters there are, a silent one may end it', () => {
    const rule = { needed: (count: number) => Math.floor(count / 2) + 1, silent: 1, voters: 'agents' }
    expect(countVotes(votesOf('D40 D30 U20'), rule).stability).toBe(0)
    expect(countVotes(votesOf('D40 D30 D20'), rule).stability).toBe(20)
  })

  const votes = fc.array(
    fc.record({ verdict: fc.constantFrom(up, down), stability: fc.integer({ min: 0, max: 100 }) }),
    { minLength: 1, maxLength: 7 },
  )
  test('before its stability is over no voters that keep their promises turn it', () => {
    fc.assert(
      fc.property(votes, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 4 }), (cast, at, needed) => {
        const named = cast.map((vote, index) => ({ ...vote, voter: `v${index}`, reason: '', degraded: false }))
        const result = countVotes(named, agents(needed))
        fc.pre(at < result.stability)
        const turned = named.map((vote) => ({
          ...vote,
          verdict: vote.stability <= at && vote.verdict === result.verdict ? up + down - vote.verdict : vote.verdict,
        })) as Vote[]
        expect(countVotes(turned, agents(needed)).verdict).toBe(result.verdict)
      }),
    )
  })
})

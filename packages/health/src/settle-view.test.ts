import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { Confirmation, type Poll } from './poll.ts'
import { isStill, noteVote, RELEASED, settleView } from './settle-view.ts'
import { UNSEEN, type ViewState } from './target-state.ts'
import { everything, plain } from './world.arbitraries.ts'

const NOW = 1_790_000_000_000
const verdict = fc.constantFrom(Verdict.unknown, Verdict.up, Verdict.down)
const time = fc.constantFrom(0, NOW - 60_000, NOW, NOW + 1000)

const polls: fc.Arbitrary<Poll> = fc.record({
  view: fc.constant('a'),
  verdict,
  reason: fc.constantFrom('success', 'failure'),
  stability: fc.constantFrom(0, 2.5, 3),
  degraded: fc.boolean(),
  stale: fc.boolean(),
  confirmed: fc.constantFrom(...Object.values(Confirmation)),
  confirmedFor: fc.constantFrom(0, 3),
})

/** Views that may or may not be what the poll says. */
const views: fc.Arbitrary<ViewState> = fc
  .record(
    {
      verdict,
      since: time,
      reason: fc.constantFrom('success', 'failure'),
      stability: fc.constantFrom(0, 2, 3),
      degraded: fc.boolean(),
      stale: fc.boolean(),
      suspect: fc.boolean(),
      ramp: fc.constantFrom(0 as const, 1 as const),
      voted: verdict,
      upSince: time,
      failedAt: time,
      fellAt: time,
      penalty: fc.constantFrom(0, 1000),
      penaltyAt: time,
      suppressedUntil: time,
      heldUntil: time,
      rampAt: time,
      reviewAt: time,
    },
    { requiredKeys: [] },
  )
  .map((change) => ({ ...UNSEEN, ...change }))

test('a view that is still is what noting and settling would leave of it', () => {
  let still = 0
  fc.assert(
    fc.property(views, polls, fc.constantFrom(plain, everything), (drawn, poll, rules) => {
      // Most that is drawn does not fit together; a step by itself makes what does.
      const made = settleView(drawn, noteVote(drawn, poll, NOW, rules), poll, RELEASED, false, NOW, undefined)
      for (const view of [drawn, made]) {
        if (!isStill(view, poll)) continue
        still++
        for (const stepMs of [undefined, 3000]) {
          const noted = noteVote(view, poll, NOW, rules)
          expect(settleView(view, noted, poll, RELEASED, false, NOW, stepMs)).toBe(view)
        }
      }
    }),
    { numRuns: 3000 },
  )
  expect(still).toBeGreaterThan(100)
})

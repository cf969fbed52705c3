import { STABILITY_MAX, Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { shortenReason } from './shorten-reason.ts'
import { type TargetState, UNSEEN, type ViewState } from './target-state.ts'
import { decodeTargetState, encodeTargetState } from './target-state-codec.ts'

const verdict = fc.constantFrom(...Object.values(Verdict))
const time = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2 ** 45 }))
const view: fc.Arbitrary<ViewState> = fc
  .record({
    verdict,
    voted: verdict,
    since: time,
    reason: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('status 200', 'refused', 'x'.repeat(300))),
    stability: fc.oneof(fc.nat(300), fc.constant(STABILITY_MAX)),
    degraded: fc.boolean(),
    stale: fc.boolean(),
    suspect: fc.boolean(),
    fellAt: time,
    ramp: fc.constantFrom(0, 1, 2, 3),
    upSince: time,
    failedAt: time,
    penalty: fc.nat(200_000),
    penaltyAt: time,
    suppressedUntil: time,
    heldUntil: time,
    rampAt: time,
    reviewAt: time,
  })
  .map((drawn) => ({ ...drawn, reason: shortenReason(drawn.reason) }))
const targetState: fc.Arbitrary<TargetState> = fc
  .tuple(view, fc.array(fc.tuple(fc.stringMatching(/^[a-z0-9-]{1,20}$/), view), { maxLength: 12 }))
  .map(([global, vantages]) => ({ global, vantages: new Map(vantages) }))

describe('the record of a target', () => {
  test('says everything that the state says', () => {
    fc.assert(
      fc.property(targetState, (state) => {
        expect(decodeTargetState(encodeTargetState(state))).toEqual(state)
      }),
      { numRuns: 300 },
    )
  })

  test('of equal states is equal, whatever the order of the vantages', () => {
    fc.assert(
      fc.property(targetState, ({ global, vantages }) => {
        const turned = { global, vantages: new Map([...vantages].reverse()) }
        expect(encodeTargetState(turned)).toEqual(encodeTargetState({ global, vantages }))
      }),
      { numRuns: 50 },
    )
  })

  test('of ten vantages fits into 200 octets', () => {
    const at = 1_790_000_000_000
    const seen = (index: number): ViewState => ({
      ...UNSEEN,
      verdict: Verdict.up,
      voted: Verdict.up,
      since: at + index * 9_000,
      upSince: at + index * 9_000,
      stability: 30,
      reason: index === 0 ? '10 of 10 vantages: status 200' : 'status 200',
    })
    const names = ['eu-west', 'eu-north', 'us-east', 'us-west', 'sa-east', 'ap-south', 'ap-east', 'af', 'me', 'oc']
    const vantages = new Map(names.map((name, index) => [name, seen(index + 1)]))
    expect(encodeTargetState({ global: seen(0), vantages }).length).toBeLessThanOrEqual(200)
  })

  test('cut short anywhere is refused, and so is what follows its end', () => {
    fc.assert(
      fc.property(targetState, fc.nat(), (state, pick) => {
        const octets = encodeTargetState(state)
        expect(decodeTargetState(octets.subarray(0, pick % octets.length))).toEqual({ problem: expect.any(String) })
        expect(decodeTargetState(Uint8Array.of(...octets, 0))).toEqual({
          problem: 'a record with 1 octets after its end',
        })
      }),
      { numRuns: 200 },
    )
  })

  test('of any octets whatever is a state or a problem, in time', () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.uint8Array({ maxLength: 80 }).map((octets) => Uint8Array.of(1, ...octets)),
      fc.tuple(targetState, fc.nat(), fc.nat(255)).map(([state, at, octet]) => {
        const octets = encodeTargetState(state)
        octets[at % octets.length] = octet
        return octets
      }),
    )
    fc.assert(
      fc.property(garbage, (octets) => {
        const read = decodeTargetState(octets)
        if (!('problem' in read)) expect(decodeTargetState(encodeTargetState(read))).toBeDefined()
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    [[], 'an empty record'],
    [[2, 0], 'a record of format version 2, and this windrose reads version 1: a newer windrose wrote it'],
    [[0], 'a record of format version 0, and this windrose reads version 1'],
    [[1], 'a record that is damaged or cut short'],
    [[1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], 'a record that is damaged or cut short'],
  ])('%j is refused with its reason', (octets, problem) => {
    expect(decodeTargetState(Uint8Array.from(octets))).toEqual({ problem })
  })
})

describe('a reason', () => {
  test('is cut to 120 octets between characters, with a sign that it was', () => {
    const cut = shortenReason('é'.repeat(100))
    expect(cut).toBe(`${'é'.repeat(58)}…`)
    expect(shortenReason(cut)).toBe(cut)
    expect(shortenReason('e'.repeat(120))).toBe('e'.repeat(120))
  })
})

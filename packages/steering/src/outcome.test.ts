import fc from 'fast-check'
import { BUCKETS } from './client-bucket.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { type Move, movesBetween, NOBODY, type Outcome, outcomeOf } from './outcome.ts'
import { anyClient, anyScene } from './scenes.arbitraries.ts'
import type { Endpoint } from './service.ts'

const endpoint = (index: number): Endpoint => ({
  index,
  id: `web/s${index}/a`,
  kind: 'ipv4',
  target: Uint8Array.of(192, 0, 2, index),
  label: `a${index}`,
  weight: 1,
})

/** A decision of answers, each a list of endpoints, with shares. */
function decision(
  variants: readonly (readonly [share: number, ...endpoints: number[]])[],
  buckets?: number[],
): Decision {
  return {
    variants: variants.map(([share, ...endpoints]) => ({ share, endpoints: endpoints.map(endpoint) })),
    empty: 'nodata',
    pick: buckets === undefined ? 'random' : 'client',
    buckets: buckets && Uint8Array.from({ length: BUCKETS }, (_, i) => buckets[i % buckets.length]!),
    ground: 'up',
    keyLengths: { ipv4: 24, ipv6: 56 },
    ttl: 30,
    dependsOnClient: true,
    validUntil: Number.POSITIVE_INFINITY,
    trace: [],
    leftOut: [],
  }
}

/** Two endpoints a site. */
const siteOf = ({ index }: Endpoint): number => index >> 1
const outcome = (...parts: Parameters<typeof decision>): Outcome => outcomeOf(decision(...parts), siteOf)
const print = (moves: readonly Move[]): string[] => moves.map(({ from, to, share }) => `${from}>${to} ${share}`).sort()

describe('an outcome', () => {
  test('counts a client for the site of the first address', () => {
    expect([
      ...outcome([
        [0.5, 0, 2],
        [0.25, 1, 2],
        [0.25, 2, 0],
      ]).shares,
    ]).toEqual([
      [0, 0.75],
      [1, 0.25],
    ])
  })

  test('is nobody where there is no answer', () => expect([...outcome([]).shares]).toEqual([[NOBODY, 1]]))

  test('has no buckets where all of them lead to one site', () => {
    expect(
      outcome(
        [
          [0.5, 0],
          [0.5, 1],
        ],
        [0, 1],
      ).buckets,
    ).toBeUndefined()
    expect(
      outcome(
        [
          [0.5, 0],
          [0.5, 2],
        ],
        [0, 1],
      ).buckets,
    ).toHaveLength(BUCKETS)
  })
})

describe('moves', () => {
  test('of draws are no more than the shares ask for, and go to those that gain', () => {
    const before = outcome([
      [0.5, 0],
      [0.3, 2],
      [0.2, 4],
    ])
    expect(
      print(
        movesBetween(
          before,
          outcome([
            [0.5, 0],
            [0.3, 2],
            [0.2, 4],
          ]),
          true,
        ),
      ),
    ).toEqual(['0>0 0.5', '1>1 0.3', '2>2 0.2'])
    expect(
      print(
        movesBetween(
          before,
          outcome([
            [0.625, 2],
            [0.375, 4],
          ]),
          true,
        ),
      ),
    ).toEqual(['0>1 0.325', '0>2 0.175', '1>1 0.3', '2>2 0.2'])
    expect(print(movesBetween(before, outcome([]), true))).toEqual(['0>-1 0.5', '1>-1 0.3', '2>-1 0.2'])
  })

  test('of clients that keep their bucket are those of the buckets, though the shares are the same', () => {
    const halves = [
      [0.5, 0],
      [0.5, 2],
    ] as const
    const one = outcome(halves, [0, 1])
    const other = outcome(halves, [1, 0])
    expect(print(movesBetween(one, other, true))).toEqual(['0>1 0.5', '1>0 0.5'])
    expect(print(movesBetween(one, one, true))).toEqual(['0>0 0.5', '1>1 0.5'])
    expect(print(movesBetween(one, other, false))).toEqual(['0>0 0.5', '1>1 0.5'])
  })

  test('for any two decisions their margins are the shares, and as many stay as can', () => {
    fc.assert(
      fc.property(
        fc.tuple(anyScene(['nearest', 'weighted']), anyScene(['consistent']), anyScene(['failover', 'consistent'])),
        anyClient,
        fc.nat(2),
        fc.nat(2),
        (scenes, client, first, second) => {
          const [before, after] = [scenes[first]!, scenes[second]!].map(({ service, health }) =>
            outcomeOf(decide(service, 'ipv4', client, health), siteOf),
          ) as [Outcome, Outcome]
          const moves = movesBetween(before, after, true)
          expectShares(
            sum(moves, ({ from }) => from),
            before.shares,
          )
          expectShares(
            sum(moves, ({ to }) => to),
            after.shares,
          )
          const stays = sum(
            moves.filter(({ from, to }) => from === to),
            ({ from }) => from,
          )
          for (const [group, share] of stays) {
            const most = Math.min(before.shares.get(group) ?? 0, after.shares.get(group) ?? 0)
            expect(share).toBeLessThan(most + 1e-9)
            if (before.buckets === undefined || after.buckets === undefined) expect(share).toBeGreaterThan(most - 1e-9)
          }
        },
      ),
    )
  })
})

function sum(moves: readonly Move[], keyOf: (move: Move) => number): Map<number, number> {
  const sums = new Map<number, number>()
  for (const move of moves) sums.set(keyOf(move), (sums.get(keyOf(move)) ?? 0) + move.share)
  return sums
}

/** Shares of groups, but for rounding. */
function expectShares(got: ReadonlyMap<number, number>, wanted: ReadonlyMap<number, number>): void {
  for (const group of new Set([...got.keys(), ...wanted.keys()])) {
    expect(Math.abs((got.get(group) ?? 0) - (wanted.get(group) ?? 0))).toBeLessThan(1e-9)
  }
}

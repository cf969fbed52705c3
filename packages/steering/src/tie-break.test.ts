import fc from 'fast-check'
import { makeEndpoint } from './scenes.arbitraries.ts'
import { orderByTieBreak, tieBreakHash } from './tie-break.ts'

const endpoint = (index: number) =>
  makeEndpoint({ index, siteName: 'fra', label: `fra${index}`, kind: 'ipv4', weight: 1 })

describe('tieBreakHash', () => {
  // Computed by another program; written down so that servers of different versions agree; changing them moves every client of a tie.
  test.each([
    ['web', 'web/fra/192.0.2.1', 2716196245],
    ['web', 'web/fra/192.0.2.2', 2859475745],
    ['', '', 91794203],
  ])('of %j and %j is always the same', (seed, id, hash) => expect(tieBreakHash(seed, id)).toBe(hash))

  test('keeps seed and id apart', () => {
    expect(tieBreakHash('ab', 'c')).not.toBe(tieBreakHash('a', 'bc'))
  })
})

describe('orderByTieBreak', () => {
  test('is the same for every order of the file, and loses none', () => {
    const endpoints = Array.from({ length: 20 }, (_, i) => endpoint(i))
    const order = orderByTieBreak('web', endpoints)
    expect(new Set(order)).toEqual(new Set(endpoints))
    fc.assert(
      fc.property(fc.shuffledSubarray(endpoints, { minLength: 20 }), (shuffled) => {
        expect(orderByTieBreak('web', shuffled)).toEqual(order)
      }),
    )
  })

  test('differs from service to service: over 1,000 services each of ten endpoints is first in 60 to 140', () => {
    const endpoints = Array.from({ length: 10 }, (_, i) => endpoint(i))
    const firsts = new Map<string, number>()
    for (let service = 0; service < 1000; service++) {
      const { label } = orderByTieBreak(`service-${service}`, endpoints)[0]!
      firsts.set(label, (firsts.get(label) ?? 0) + 1)
    }
    expect(firsts.size).toBe(10)
    for (const count of firsts.values()) {
      expect(count).toBeGreaterThan(60)
      expect(count).toBeLessThan(140)
    }
  })
})

import fc from 'fast-check'
import { bestOfRow, openContest, rankRow } from './rendezvous.ts'
import { makeEndpoint } from './scenes.arbitraries.ts'
import type { Endpoint } from './service.ts'

function endpoints(weights: readonly number[]): Endpoint[] {
  return weights.map((weight, index) =>
    makeEndpoint({ index, siteName: 'fra', label: `e${index}`, kind: 'ipv4', weight }),
  )
}

const anyWeights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 12 })
const anyRow = fc.nat(0xffffffff)

describe('a row', () => {
  test('is ranked alike, however many places are asked for', () => {
    fc.assert(
      fc.property(anyWeights, anyRow, (weights, row) => {
        const { contenders } = openContest('web', endpoints(weights))
        const all = rankRow(contenders, row, weights.length)
        expect([...all].sort((a, b) => a - b)).toEqual(weights.map((_, i) => i))
        for (let most = 1; most < weights.length; most++) {
          expect(rankRow(contenders, row, most)).toEqual(all.slice(0, most))
        }
        expect(bestOfRow(contenders, row)).toBe(all[0])
      }),
    )
  })

  test('ranks those that stay as before when one leaves', () => {
    fc.assert(
      fc.property(anyWeights, anyRow, fc.nat(11), (weights, row, who) => {
        const { contenders } = openContest('web', endpoints(weights))
        const rest = contenders.filter((_, i) => i !== who)
        const all = rankRow(contenders, row, weights.length)
        expect(rankRow(rest, row, weights.length)).toEqual(all.filter((target) => target !== who))
      }),
    )
  })

  test('is ranked otherwise for another service', () => {
    const list = endpoints(Array<number>(12).fill(1))
    const order = (service: string) => rankRow(openContest(service, list).contenders, 5, 12)
    expect(order('web')).not.toEqual(order('api'))
  })

  test('has an address that is there twice once, at its better place', () => {
    fc.assert(
      fc.property(anyWeights, anyRow, (weights, row) => {
        const single = endpoints([...weights, 50, 60])
        const twice = single.map((e, i) => (i === weights.length + 1 ? { ...e, target: single[i - 1]!.target } : e))
        const expected = rankRow(openContest('web', single).contenders, row, single.length)
        const merged = expected.map((target) => Math.min(target, weights.length))
        const ranked = rankRow(openContest('web', twice).contenders, row, single.length)
        expect(ranked).toEqual([...new Set(merged)])
      }),
    )
  })
})

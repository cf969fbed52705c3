import fc from 'fast-check'
import { assertAlways } from './assert-always.arbitraries.ts'
import { UNPLACED } from './client-class.ts'
import { anyComposition } from './compositions.arbitraries.ts'
import { decide } from './decide.ts'
import { cellAt, cellVerdict, DRAINED, FORCED, Verdict } from './health-table.ts'
import { anyClient, placedAt, type Scene, scene } from './scenes.arbitraries.ts'
import type { Endpoint, Family, Service, Step } from './service.ts'

const anyQuestion = fc.record({
  scene: anyComposition,
  family: fc.constantFrom<Family>('ipv4', 'ipv6'),
  client: anyClient,
})

/** Found a decision of which a part was empty. */
const SEEDS = [1692092804]

/** All that a service and those inside it have for a family, each once. */
function endpointsOf(service: Service, family: Family): Set<Endpoint> {
  return new Set(
    service.pools.flatMap(({ endpoints, nested }) => [
      ...endpoints.filter(({ kind }) => kind === family || kind === 'name'),
      ...(nested === undefined ? [] : endpointsOf(nested.service, family)),
    ]),
  )
}

test('every endpoint of the family is in an answer or left out, never both, and each once', () => {
  assertAlways(
    fc.property(anyQuestion, ({ scene: { service, health, placed }, family, client }) => {
      const { variants, leftOut } = decide(service, family, client, health, placed)
      const answered = new Set(variants.flatMap(({ endpoints }) => endpoints.map(({ index }) => index)))
      const told = [...answered, ...leftOut.map(({ endpoint }) => endpoint.index)].sort((a, b) => a - b)
      const all = [...endpointsOf(service, family)].map(({ index }) => index).sort((a, b) => a - b)
      expect(told).toEqual(all)
    }),
    3000,
    SEEDS,
  )
})

test('a reason is true of its endpoint', () => {
  assertAlways(
    fc.property(anyQuestion, ({ scene: { service, health, placed }, family, client }) => {
      for (const { endpoint, reason } of decide(service, family, client, health, placed).leftOut) {
        const cell = cellAt(health, client.view, endpoint.index)
        const own = reason.replace(/^(service-\d+: )+/, '')
        if (own === 'weight 0') continue
        if (/^(forced )?down/.test(own)) expect(cellVerdict(cell)).toBe(Verdict.down)
        if (/^(forced )?unknown/.test(own)) expect(cellVerdict(cell)).toBe(Verdict.unknown)
        if (own.startsWith('forced')) expect(cell & FORCED).not.toBe(0)
        if (own.startsWith('drained')) expect(cell & DRAINED).not.toBe(0)
        if (own.startsWith('on standby')) expect(endpoint.standby).toBe(true)
        if (/^too little|^its pool failed/.test(own)) expect(cellVerdict(cell)).toBe(Verdict.up)
        // What is up and might serve is never left out for its verdict.
        expect(own).not.toMatch(/^(forced )?up/)
      }
    }),
    2000,
    SEEDS,
  )
})

/** `p1: down`, in the order of the file. */
function told({ service, health }: Scene, client = UNPLACED, family: Family = 'ipv4'): string[] {
  return decide(service, family, client, health).leftOut.map(
    ({ endpoint, stage, reason }) => `${endpoint.label} ${stage}: ${reason}`,
  )
}

const NEAREST: readonly Step[] = [{ kind: 'nearest' }]

describe('what is left out', () => {
  test.each<[string, string]>([
    ['D', 'a1 eligible: down'],
    ['!D', 'a1 eligible: forced down'],
    ['~U', 'a1 eligible: drained, up'],
    ['?', 'a1 eligible: unknown'],
    ['+U', 'a1 eligible: on standby, up'],
    ['U w0', 'a1 eligible: weight 0'],
  ])('in a pool that serves, of %s', (text, expected) => {
    expect(told(scene({ a: [text, 'U'] }, { panic: 0 }))).toEqual([expected])
  })

  test('is nothing of another family', () => {
    expect(told(scene({ a: ['U v6', 'U'] }))).toEqual([])
  })

  test('is a pool that stands behind another, and one of which too little is up', () => {
    const pools = scene({ a: ['U', 'D', 'D'], b: ['U'], c: ['U', 'D'] }, { steps: NEAREST })
    expect(told(pools, placedAt(0, 1, 2))).toEqual([
      'a1 panic: too little of its pool is up (up)',
      'a2 eligible: down',
      'a3 eligible: down',
      'c1 tier: it is in tier 3; tier 2 (b) serves',
      'c2 eligible: down',
    ])
  })

  test('is a held pool, while another is well', () => {
    expect(told(scene({ a: ['^U'], b: ['U'] }))).toEqual(['a1 tier: its pool failed lately and is held back'])
  })

  test('is all that is outside a fence', () => {
    const areas = [
      { label: 'default', tiers: [], fence: false },
      { label: 'country:DE', tiers: [[0]], fence: true },
    ]
    const fenced = scene({ a: ['D'], b: ['U'] }, { steps: [{ kind: 'geo', table: 0, areas }] })
    expect(told(fenced, { ...UNPLACED, areas: [1] })).toEqual([
      'b1 tier: it is outside the fence of the area country:DE',
    ])
  })

  test('is everything where nothing may be answered', () => {
    expect(told(scene({ a: ['D'], b: ['!D'] }, { onAllDown: 'nodata' }))).toEqual([
      'a1 tier: on_all_down is nodata',
      'b1 eligible: forced down',
    ])
  })

  test('is one of a group where a heavier one has all of its share', () => {
    const grouped = scene({ a: ['U w100000 g1', 'U w1 g1'] }, { answers: 1 })
    expect(told(grouped)).toEqual([
      expect.stringMatching(/^a2 answers: one of its group \(distinct_by\) is in every answer: web\/a\/a1$/),
    ])
  })
})

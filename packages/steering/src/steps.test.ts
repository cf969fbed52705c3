import { decide } from './decide.ts'
import { placedAt, probabilities, scene, served } from './scenes.arbitraries.ts'
import type { Service, Step } from './service.ts'

const ANYWHERE = placedAt(0, 1, 2)

describe('geo', () => {
  const geo: Step = {
    kind: 'geo',
    table: 0,
    areas: [
      { label: 'default', tiers: [[0], [1]], fence: false },
      { label: 'country:US', tiers: [[1], [2]], fence: false },
      { label: 'country:DE', tiers: [[2]], fence: true },
      { label: 'country:JP', tiers: [[0, 1]], fence: false, steps: [{ kind: 'nearest' }, { kind: 'consistent' }] },
    ],
  }
  const inArea = (area: number) => ({ ...ANYWHERE, areas: [area] })
  const from = (area: number, pools: Record<string, string[]>, changes: Partial<Service> = {}) => {
    const { service, health } = scene(pools, { steps: [geo], ...changes })
    return decide(service, 'ipv4', inArea(area), health)
  }

  test.each([
    ['the first of its list', 1, { a: ['U'], b: ['U'], c: ['U'] }, ['b1']],
    ['the next of its list when that fails', 1, { a: ['U'], b: ['D'], c: ['U'] }, ['c1']],
    ['what its list leaves out when all of it fails', 1, { a: ['U'], b: ['D'], c: ['D'] }, ['a1']],
    ['nothing outside its fence, even when all inside is down', 2, { a: ['U'], b: ['U'], c: ['D'] }, ['c1']],
    ['the default list where no other names it', 0, { a: ['U'], b: ['U'], c: ['U'] }, ['a1']],
  ])('gives an area %s', (_, area, pools, expected) => {
    expect(served(from(area, pools))).toEqual(expected)
  })

  test('an area that the class does not know of is the default one', () => {
    expect(served(from(9, { a: ['U'], b: ['U'], c: ['U'] }))).toEqual(['a1'])
  })

  test('an area with steps of its own is decided by them', () => {
    const decision = from(3, { a: ['U'], b: ['U'], c: ['U'] })
    expect(decision.pick).toBe('client')
    expect(served(decision)).toEqual(['a1'])
  })

  test('a client that an override names has the sites of the override, also behind a fence', () => {
    const { service, health } = scene({ a: ['U'], b: ['U'], c: ['U'] }, { steps: [geo] })
    const client = { rule: 4, view: 0, sites: [1], areas: [2] }
    expect(served(decide(service, 'ipv4', client, health))).toEqual(['b1'])
  })

  test('depends on the client, and the trace names the area and its fence', () => {
    const decision = from(2, { a: ['U'], b: ['U'], c: ['U'] })
    expect(decision.dependsOnClient).toBe(true)
    expect(decision.trace).toContainEqual({ stage: 'area', text: 'in the area country:DE, behind a fence' })
  })
})

describe('latency', () => {
  const tolerance = { milliseconds: 5, percent: 10 }
  const at = (milliseconds: readonly number[], pools: Record<string, string[]>) => {
    const { service, health } = scene(pools, { steps: [{ kind: 'latency', tolerance }] })
    health.roundTrips.set(milliseconds.map((ms) => ms * 1000))
    return decide(service, 'ipv4', placedAt(2, 1), health)
  }

  test.each([
    ['the best and those within the tolerance', [20, 24, 26], ['a1', 'b1']],
    ['within the percentage where that is more', [200, 219, 221], ['a1', 'b1']],
    ['the best where the others are far', [90, 10, 50], ['b1']],
    ['by distance what nothing is known of: behind the others', [50, 0, 0], ['a1']],
    ['by distance where nothing is known of any', [0, 0, 0], ['c1']],
  ])('serves %s', (_, milliseconds, expected) => {
    expect(served(at(milliseconds, { a: ['U'], b: ['U'], c: ['U'] }))).toEqual(expected)
  })

  test('a pool is as near as the nearest of its endpoints that is up', () => {
    expect(served(at([10, 40, 30], { a: ['D', 'U'], b: ['U'] }))).toEqual(['b1'])
    expect(served(at([10, 40, 30], { a: ['U', 'U'], b: ['U'] }))).toEqual(['a1', 'a2'])
  })

  test('the next band follows when the first fails', () => {
    expect(served(at([10, 80, 82], { a: ['D'], b: ['U'], c: ['U'] }))).toEqual(['b1', 'c1'])
  })
})

describe('a trickle', () => {
  const steps: readonly Step[] = [{ kind: 'failover', tiers: [[0], [1], [2]], trickle: 0.1 }]

  test('gives its share to the next tier that is up', () => {
    const { service, health } = scene({ a: ['U', 'U'], b: ['D'], c: ['U'] }, { steps, answers: 1 })
    const decision = decide(service, 'ipv4', ANYWHERE, health)
    expect(probabilities(decision, 'first')).toEqual({ a1: 0.45, a2: 0.45, c1: 0.1 })
    expect(decision.trace).toContainEqual({ stage: 'spill', text: '10 % trickles to tier 3 (c)' })
  })

  test('is nothing where the first tier does not serve on its own health', () => {
    const { service, health } = scene({ a: ['D'], b: ['D'], c: ['D'] }, { steps, answers: 1 })
    expect(served(decide(service, 'ipv4', ANYWHERE, health))).toEqual(['a1'])
  })

  test('stays with the same clients where answers are by client, and a larger one only adds some', () => {
    const bucketsOf = (trickle: number) => {
      const { service, health } = scene(
        { a: ['U', 'U'], b: ['U'] },
        { steps: [{ kind: 'failover', tiers: [[0], [1]], trickle }, { kind: 'consistent' }], answers: 1 },
      )
      const { variants, buckets } = decide(service, 'ipv4', ANYWHERE, health)
      return [...buckets!].map((variant) => variants[variant]!.endpoints[0]!.label)
    }
    const some = bucketsOf(0.1)
    const more = bucketsOf(0.2)
    expect(some.filter((label) => label === 'b1').length).toBe(Math.round(4096 * 0.1))
    expect(more.filter((label) => label === 'b1').length).toBe(Math.round(4096 * 0.2))
    for (const [bucket, label] of some.entries()) if (more[bucket] !== 'b1') expect(more[bucket]).toBe(label)
    for (const [bucket, label] of some.entries()) if (label === 'b1') expect(more[bucket]).toBe('b1')
  })
})

describe('standby', () => {
  test.each([
    ['while another is up', { a: ['+U', 'D'], b: ['U'] }, ['b1'], 'up'],
    ['when all others are down', { a: ['+U', 'D'], b: ['D'] }, ['a1'], 'standby'],
    ['before one that is unknown', { a: ['+U', '?'], b: ['D'] }, ['a1'], 'standby'],
    ['behind one that is unknown when it is unknown itself', { a: ['+?', '?'], b: ['D'] }, ['a2'], 'unknown'],
    ['behind the dead when it is dead itself', { a: ['+D', 'D'] }, ['a2'], 'all-down'],
    ['when there is nothing else', { a: ['+D'] }, ['a1'], 'all-down'],
  ])('serves %s', (_, pools, expected, ground) => {
    const { service, health } = scene(pools)
    const decision = decide(service, 'ipv4', ANYWHERE, health)
    expect(served(decision)).toEqual(expected)
    expect(decision.ground).toBe(ground)
  })
})

describe('a held pool', () => {
  test.each([
    ['is passed over', { a: ['^U'], b: ['U'] }, ['b1']],
    ['serves when no other is well', { a: ['^U'], b: ['D'] }, ['a1']],
  ])('%s', (_, pools, expected) => {
    const { service, health } = scene(pools)
    expect(served(decide(service, 'ipv4', ANYWHERE, health))).toEqual(expected)
  })
})

describe('min_answers', () => {
  const answer = (pools: Record<string, string[]>, changes: Partial<Service>) => {
    const { service, health } = scene(pools, changes)
    return decide(service, 'ipv4', ANYWHERE, health).variants.map(({ endpoints }) =>
      endpoints.map(({ label }) => label),
    )
  }

  test.each([
    ['fills up from the next tiers that are up', { a: ['U', 'D', 'U'], b: ['D'], c: ['U', 'U'] }, 3, 3],
    ['adds nothing where there is enough', { a: ['U', 'U', 'U'], b: ['U'] }, 2, 3],
  ])('%s', (_, pools, minAnswers, size) => {
    for (const labels of answer(pools, { minAnswers })) expect(labels.length).toBe(size)
  })

  test('the own ones come first, whoever is turned', () => {
    const labels = answer({ a: ['U', 'U'], b: ['U'] }, { minAnswers: 3 })
    expect(labels.map((list) => list[2])).toEqual(['b1', 'b1'])
  })

  test('is less than asked where there is no more', () => {
    expect(answer({ a: ['U'], b: ['D'] }, { minAnswers: 3 })).toEqual([['a1']])
  })
})

describe('distinct endpoints', () => {
  test('of a group one is in an answer, each as often as its weight says', () => {
    const { service, health } = scene(
      { a: ['U g0 w3', 'U g0 w1', 'U g1 w2', 'U g1 w2'] },
      { answers: 2, steps: [{ kind: 'weighted' }] },
    )
    const decision = decide(service, 'ipv4', ANYWHERE, health)
    for (const { endpoints } of decision.variants) expect(endpoints.map(({ group }) => group).sort()).toEqual([0, 1])
    const found = probabilities(decision, 'anywhere')
    for (const [label, share] of Object.entries({ a1: 0.75, a2: 0.25, a3: 0.5, a4: 0.5 })) {
      expect(found[label]).toBeCloseTo(share, 9)
    }
  })

  test('fewer groups than answers make a shorter answer', () => {
    const { service, health } = scene({ a: ['U g0', 'U g0'] }, { answers: 2 })
    expect(decide(service, 'ipv4', ANYWHERE, health).variants.every(({ endpoints }) => endpoints.length === 1)).toBe(
      true,
    )
  })

  test('holds for each client too', () => {
    const { service, health } = scene(
      { a: ['U g0', 'U g0', 'U g1', 'U g2'] },
      { answers: 3, steps: [{ kind: 'consistent' }] },
    )
    const { variants } = decide(service, 'ipv4', ANYWHERE, health)
    expect(variants.length).toBeGreaterThan(1)
    for (const { endpoints } of variants) expect(endpoints.map(({ group }) => group).sort()).toEqual([0, 1, 2])
  })
})

describe('a family that the chosen site lacks', () => {
  const pools = { a: ['U'], b: ['U', 'U v6'] }

  test.each([
    ['is answered by the next site', 'next_site', ['b2']],
    ['is answered with nothing, where the operator wants one site for both', 'same_site', []],
  ] as const)('%s', (_, missingFamily, expected) => {
    const { service, health } = scene(pools, { missingFamily })
    const decision = decide(service, 'ipv6', ANYWHERE, health)
    expect(served(decision)).toEqual(expected)
    expect(decision.empty).toBe('nodata')
  })

  test('follows the site when that fails', () => {
    const { service, health } = scene({ a: ['D'], b: ['U', 'U v6'] }, { missingFamily: 'same_site' })
    expect(served(decide(service, 'ipv6', ANYWHERE, health))).toEqual(['b2'])
  })
})

describe('round_robin and all', () => {
  test('round_robin draws all alike, whatever their weights', () => {
    const { service, health } = scene({ a: ['U w9', 'U w1'] }, { steps: [{ kind: 'round_robin' }], answers: 1 })
    const decision = decide(service, 'ipv4', ANYWHERE, health)
    expect(probabilities(decision, 'first')).toEqual({ a1: 0.5, a2: 0.5 })
    expect(decision.variants.map(({ endpoints }) => endpoints[0]!.weight).sort()).toEqual([1, 9])
  })

  test('all answers every endpoint, the first by weight', () => {
    const { service, health } = scene({ a: ['U w3', 'U w1'] }, { steps: [{ kind: 'all' }], answers: 1 })
    const decision = decide(service, 'ipv4', ANYWHERE, health)
    expect(decision.variants.every(({ endpoints }) => endpoints.length === 2)).toBe(true)
    expect(probabilities(decision, 'first')).toEqual({ a1: 0.75, a2: 0.25 })
  })
})

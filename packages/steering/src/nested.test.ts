import { decide } from './decide.ts'
import { VARIANTS_MAX } from './decision.ts'
import { healthCell, STABILITY_MAX, Verdict } from './health-table.ts'
import { placedAt, probabilities, scene, served, table } from './scenes.arbitraries.ts'
import type { Endpoint, Pool, Service } from './service.ts'

/** `eu` and `us` are services of two endpoints each; `web` has a pool for each of them and one endpoint of its own, `w1`. */
function family(verdicts: string, changes: { web?: Partial<Service>; eu?: Partial<Service> } = {}) {
  const letters = [...verdicts]
  const cells = letters.map((letter) =>
    healthCell({ U: Verdict.up, D: Verdict.down, '?': Verdict.unknown }[letter] ?? Verdict.unknown, 0, STABILITY_MAX),
  )
  const child = (name: string, first: number, more: Partial<Service>): Service => {
    const { service } = scene({ [name]: ['U', 'U'] }, more)
    const endpoints = service.pools[0]!.endpoints.map(
      (endpoint, i): Endpoint => ({ ...endpoint, index: first + i, target: Uint8Array.of(10, first, 0, i) }),
    )
    return { ...service, name, pools: [{ ...service.pools[0]!, endpoints }] }
  }
  const own: Pool = scene({ w: ['U'] }).service.pools[0]!
  const nested = (service: Service, site: number, weight = 1): Pool => ({
    site,
    siteName: service.name,
    endpoints: [],
    nested: { service, weight },
  })
  const web: Service = {
    ...scene({ w: ['U'] }).service,
    steps: [{ kind: 'failover', tiers: [[0], [1], [2]], trickle: 0 }],
    answers: 1,
    pools: [
      nested(child('eu', 0, changes.eu ?? {}), 0),
      nested(child('us', 2, {}), 1, 3),
      {
        ...own,
        site: 2,
        endpoints: own.endpoints.map((e) => ({ ...e, index: 4, target: Uint8Array.of(10, 9, 0, 0) })),
      },
    ],
    ...changes.web,
  }
  return decide(web, 'ipv4', placedAt(1, 0), table(cells, letters.length))
}

test.each([
  ['is answered by what it decides', 'UUUUU', ['eu1', 'eu2']],
  ['is as good as what it has up: too little of it, and the next serves', 'DDUUU', ['us1', 'us2']],
  ['is passed over for an endpoint of the service itself', 'DDDDU', ['w1']],
  ['serves on its own worse ground when no other is better', 'DDDDD', ['eu1', 'eu2']],
  ['that is unknown comes before one that is down', 'DD??D', ['us1', 'us2']],
])('a service in a pool %s', (_, verdicts, expected) => {
  expect(served(family(verdicts))).toEqual(expected)
})

test('shares its tier by weight with other services and endpoints', () => {
  const decision = family('UUUUU', { web: { steps: [{ kind: 'weighted' }] } })
  const found = probabilities(decision, 'first')
  expect(found.w1).toBeCloseTo(1 / 5, 9)
  expect(found.eu1! + found.eu2!).toBeCloseTo(1 / 5, 9)
  expect(found.us1! + found.us2!).toBeCloseTo(3 / 5, 9)
})

test('that picks by client makes the whole decision by client, and one part that leaves moves no other', () => {
  const web = { steps: [{ kind: 'weighted' }] } as const
  const eu = { steps: [{ kind: 'consistent' }], answers: 1 } as const
  const labels = (verdicts: string) => {
    const { variants, buckets, pick } = family(verdicts, { web, eu })
    expect(pick).toBe('client')
    return [...buckets!].map((number) => variants[number]!.endpoints[0]!.label)
  }
  const before = labels('UUUUU')
  const after = labels('UUDDU')
  const moved = before.filter((label, bucket) => !label.startsWith('us') && after[bucket] !== label)
  expect(moved).toEqual([])
  expect(before.filter((label) => label.startsWith('us')).length / before.length).toBeCloseTo(0.6, 1)
})

test('has the shorter of both TTLs, within the bounds of the service that is asked', () => {
  const eu = { ttl: { min: 5, max: 20 } }
  expect(family('UUUUU', { eu }).ttl).toBe(20)
  expect(family('UUUUU', { eu, web: { ttl: { min: 60, max: 90 } } }).ttl).toBe(60)
})

test('has no more variants than a decision holds', () => {
  const web = { steps: [{ kind: 'weighted' }] } as const
  expect(family('UUUUU', { web }).variants.length).toBeLessThanOrEqual(VARIANTS_MAX)
})

test('tells its own trace within that of the service', () => {
  const { trace } = family('DDUUU')
  const lines = trace.map(({ text }) => text)
  expect(lines).toContain('eu: the service eu')
  expect(lines).toContain('eu tier: tier 1 (eu) serves: everything is down, and it is the first')
  expect(lines).toContain('us: us decides on the ground "up"')
})

import { UNPLACED } from './client-class.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { placedAt, type Scene, scene, served } from './scenes.arbitraries.ts'
import type { Service, Step } from './service.ts'

const consistent: Step[] = [{ kind: 'consistent' }]

const ask = ({ service, health }: Scene, client = UNPLACED): Decision => decide(service, 'ipv4', client, health)

/** What the buckets are given, as labels. */
function answersOf(source: Record<string, string[]>, changes: Partial<Service> = {}, client = UNPLACED): string[] {
  const { variants, buckets } = ask(scene(source, { steps: consistent, answers: 1, ...changes }), client)
  return Array.from(buckets!, (variant) => variants[variant]!.endpoints.map(({ label }) => label).join(' '))
}

describe('consistent', () => {
  test('picks by client from a table where there is a choice', () => {
    const decision = ask(scene({ p: ['U', 'U'], q: ['U w2'] }, { steps: consistent, answers: 1 }))
    expect(decision.pick).toBe('client')
    expect(decision.buckets).toHaveLength(4096)
    expect(decision.dependsOnClient).toBe(false)
    expect(served(decision)).toEqual(['p1', 'p2', 'q1'])
  })

  test.each([
    ['one is up', { p: ['U', 'D'] }],
    ['there is one', { p: ['U'] }],
  ])('picks by client without a table where %s', (_, pools) => {
    const decision = ask(scene(pools, { steps: consistent }))
    expect(decision.pick).toBe('client')
    expect(decision.buckets).toBeUndefined()
    expect(decision.variants.map(({ share }) => share)).toEqual([1])
  })

  test.each<[number]>([[1], [2], [4]])(
    'with %d answers changes, of what the buckets have, only that of an endpoint that a check takes down',
    (answers) => {
      const before = answersOf({ p: ['U', 'U', 'U', 'U'], q: ['U', 'U'] }, { answers })
      const after = answersOf({ p: ['U', 'U', 'D', 'U'], q: ['U', 'U'] }, { answers })
      const kept = before.map((answer, bucket) => [answer, after[bucket]!]).filter(([was]) => !was!.includes('p3'))
      expect(kept.length > 0).toBe(answers < 6)
      expect(kept.filter(([was, is]) => was !== is)).toEqual([])
      expect(after.join()).not.toContain('p3')
    },
  )

  test('is settled for what serves of the nearest tier, not by the client’s class', () => {
    const steps: Step[] = [{ kind: 'nearest' }, ...consistent]
    const pools = { p: ['U', 'U', 'U'], q: ['U', 'U'] }
    const near = answersOf(pools, { steps }, placedAt(0, 1))
    expect([...new Set(near)].sort()).toEqual(['p1', 'p2', 'p3'])
    expect(answersOf(pools, { steps }, placedAt(0))).toEqual(near)
    expect([...new Set(answersOf(pools, { steps }, placedAt(1)))].sort()).toEqual(['q1', 'q2'])
  })

  test('tells of the buckets, and that clients get different answers', () => {
    const { trace } = ask(scene({ p: ['U', 'U'] }, { steps: consistent, answers: 1 }))
    const told = (stage: string): string[] => trace.filter((line) => line.stage === stage).map(({ text }) => text)
    expect(told('order')).toEqual([
      expect.stringMatching(/^by hash: p\d, p\d; by the client's bucket of 4,096, filled by weight$/),
    ])
    expect(told('ttl')[1]).toBe('another client could get another answer')
  })

  test('tells that clients get the same answer where there is one', () => {
    const { trace } = ask(scene({ p: ['U'] }, { steps: consistent }))
    expect(trace.at(-1)!.text).toBe('every client gets the same answer')
  })
})

import fc from 'fast-check'
import { countLoadCells } from './load-cells.ts'
import { type QueryParts, Scene, type ServiceSource } from './scene.arbitraries.ts'
import { anyPacket, anyScene } from './worlds.arbitraries.ts'

const scene = (services: Record<string, ServiceSource>): Scene =>
  new Scene({
    zones: { 'example.org.': 'alias CNAME web\n' },
    steer: Object.fromEntries(Object.keys(services).map((name) => [`${name}.example.org.`, name])),
    services,
    clients: { '80.0.0.0/8': ['fra'], '81.0.0.0/8': ['iad'] },
  })

const BOTH = { fra: ['203.0.113.1', '2001:db8:1::1'], iad: ['203.0.113.2', '203.0.113.3'] }

/** By `service/site`, what is not 0. */
function loadOf({ snapshot, runtime }: Scene): Record<string, number> {
  const names = snapshot.services.flatMap(({ name, pools }) => pools.map(({ siteName }) => `${name}/${siteName}`))
  return Object.fromEntries(names.map((name, cell) => [name, runtime.load[cell]!]).filter(([, count]) => count !== 0))
}

function askAll(server: Scene, ...questions: [string, QueryParts?][]): void {
  for (const [question, parts] of questions) server.ask(question, parts)
}

describe('an answer counts', () => {
  test('for the service and the site that it leads to, whether it was remembered or not', () => {
    const server = scene({ web: { pools: BOTH }, other: { pools: { iad: ['203.0.113.9'] } } })
    const near: QueryParts = { from: '80.1.1.1' }
    askAll(
      server,
      ['web.example.org. A', near],
      ['web.example.org. A', near],
      ['web.example.org. AAAA', near],
      ['web.example.org. A', { from: '81.1.1.1', tcp: true }],
      ['other.example.org. A', near],
    )
    expect(loadOf(server)).toEqual({ 'web/fra': 3, 'web/iad': 1, 'other/iad': 1 })
  })

  test('for each site that its records are at, by their part of them', () => {
    const server = scene({ web: { pools: BOTH, policy: 'weighted' } })
    askAll(server, ['web.example.org. A'], ['web.example.org. A'], ['web.example.org. AAAA'])
    expect(server.runtime.load[0]).toBeCloseTo(2 / 3 + 1, 12)
    expect(server.runtime.load[1]).toBeCloseTo(4 / 3, 12)
  })

  test('where the variant that was drawn leads, of several', () => {
    const server = scene({
      web: { pools: { fra: ['203.0.113.1 w3'], iad: ['203.0.113.2'] }, policy: 'weighted', answers: 1 },
    })
    for (let i = 0; i < 8; i++) {
      server.draws.push(i * 2 ** 29)
      server.ask('web.example.org. A')
    }
    expect(loadOf(server)).toEqual({ 'web/fra': 6, 'web/iad': 2 })
  })

  test('where the bucket of the client leads', () => {
    const server = scene({ web: { pools: BOTH, policy: 'consistent', answers: 1 } })
    for (let i = 0; i < 100; i++) server.ask('web.example.org. A', { from: `80.1.${i}.1` })
    const { 'web/fra': fra, 'web/iad': iad } = loadOf(server)
    expect([fra! > 10, iad! > 10, fra! + iad!]).toEqual([true, true, 100])
  })

  test('behind an alias too, and for every service that a chain leads through', () => {
    const server = scene({ web: { pools: BOTH }, cdn: { pools: { fra: ['web.example.org.'] } } })
    askAll(server, ['alias.example.org. A', { from: '81.1.1.1' }], ['cdn.example.org. A', { from: '81.1.1.1' }])
    expect(loadOf(server)).toEqual({ 'web/iad': 2, 'cdn/fra': 1 })
  })

  test('not where it holds no address: cut off, or nothing to serve', () => {
    const many = Array.from({ length: 60 }, (_, i) => `203.0.113.${i}`)
    const server = scene({
      web: { pools: { fra: many } },
      dead: { pools: { fra: ['203.0.113.1 down'] }, onAllDown: 'servfail' },
    })
    askAll(server, ['web.example.org. A'], ['web.example.org. AAAA'], ['dead.example.org. A'])
    expect(server.count('truncated')).toBe(1)
    expect(loadOf(server)).toEqual({})
    server.ask('web.example.org. A', { tcp: true })
    expect(loadOf(server)).toEqual({ 'web/fra': 1 })
  })

  test('in the cells that came with the snapshot', () => {
    const server = scene({ web: { pools: BOTH } })
    const other = scene({ api: { pools: { sin: ['203.0.113.7'] } }, web: { pools: { iad: ['203.0.113.2'] } } })
    const load = new Float64Array(countLoadCells(other.snapshot.services, other.snapshot.maps))
    server.ask('web.example.org. A', { from: '80.1.1.1' })
    const before = server.runtime.load
    server.runtime.take(other.snapshot, load)
    server.ask('web.example.org. A', { from: '80.1.1.1' })
    expect([[...before], [...load]]).toEqual([
      [1, 0],
      [0, 1],
    ])
  })
})

test('all cells together are the steered answers that hold records, whatever is asked', () => {
  fc.assert(
    fc.property(anyScene, fc.array(anyPacket, { maxLength: 40 }), (server, packets) => {
      let answers = 0
      for (const packet of packets) {
        const steered = server.count('steered')
        const response = server.send(packet)
        // A chain may lead through several services, and then counts more than once.
        fc.pre(server.count('chains') === 0)
        if (server.count('steered') > steered && (response![6]! | response![7]!) > 0) answers++
      }
      expect(server.runtime.load.reduce((sum, count) => sum + count, 0)).toBeCloseTo(answers, 9)
    }),
    { numRuns: 100 },
  )
})

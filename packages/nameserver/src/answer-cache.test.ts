import { Verdict } from '@windrose/steering'
import { lines, type QueryParts, Scene, type ServiceSource } from './scene.arbitraries.ts'

const scene = (services: Record<string, ServiceSource>, steer: Record<string, string> = {}): Scene =>
  new Scene({
    zones: { 'example.org.': '' },
    steer: { ...Object.fromEntries(Object.keys(services).map((name) => [`${name}.example.org.`, name])), ...steer },
    services,
    clients: { '80.0.0.0/8': ['fra'], '81.0.0.0/8': ['iad'] },
  })

const WEB: ServiceSource = { pools: { fra: ['203.0.113.1', '2001:db8:1::1'], iad: ['203.0.113.2'] } }

const answer = (server: Scene, question: string, parts: QueryParts = {}): string[] =>
  lines(server.ask(question, parts).answers).map((line) => line.split(' ')[4]!)

const hits = (server: Scene): [number, number] => [server.count('cacheHits'), server.count('cacheMisses')]

describe('an answer', () => {
  test('is decided once for a class of clients, whoever asks, however, and for whatever name', () => {
    const server = scene({ web: WEB }, { '*.app.example.org.': 'web' })
    const ask: [string, QueryParts][] = [
      ['web.example.org. A', { from: '80.1.1.1' }],
      ['WEB.example.org. A', { from: '80.2.2.2', tcp: true }],
      ['web.example.org. A', { ecs: '80.3.3.0/24' }],
      ['a.app.example.org. A', { from: '80.4.4.4' }],
      ['b.app.example.org. A', { from: '80.4.4.4', payload: 512 }],
    ]
    for (const [question, parts] of ask) expect(answer(server, question, parts)).toEqual(['203.0.113.1'])
    expect(hits(server)).toEqual([4, 1])
    expect(server.count('steered')).toBe(5)
  })

  test('is another for another class, another family and another service', () => {
    const server = scene({ web: WEB, other: { pools: { iad: ['203.0.113.9'] } } })
    for (let round = 0; round < 2; round++) {
      expect(answer(server, 'web.example.org. A', { from: '80.1.1.1' })).toEqual(['203.0.113.1'])
      expect(answer(server, 'web.example.org. A', { from: '81.1.1.1' })).toEqual(['203.0.113.2'])
      expect(answer(server, 'web.example.org. AAAA', { from: '80.1.1.1' })).toEqual(['2001:db8:1::1'])
      expect(answer(server, 'other.example.org. A', { from: '80.1.1.1' })).toEqual(['203.0.113.9'])
      expect(hits(server)).toEqual([round * 4, 4])
    }
  })

  test('is made again once the epoch of its service has moved, and only then', () => {
    const server = scene({ web: WEB, other: { pools: { iad: ['203.0.113.9'] } } })
    const from = '80.1.1.1'
    for (const name of ['web', 'other']) answer(server, `${name}.example.org. A`, { from })
    server.setVerdict('203.0.113.1', Verdict.down)
    expect(answer(server, 'web.example.org. A', { from })).toEqual(['203.0.113.2'])
    expect(answer(server, 'other.example.org. A', { from })).toEqual(['203.0.113.9'])
    expect(hits(server)).toEqual([1, 3])
    server.setVerdict('203.0.113.1', Verdict.up)
    expect(answer(server, 'web.example.org. A', { from })).toEqual(['203.0.113.1'])
  })

  test('lives over any number of epochs, also where the counter wraps', () => {
    const server = scene({ web: WEB })
    server.snapshot.epochs[0] = 0x7fffffff
    server.setVerdict('203.0.113.1', Verdict.down)
    expect(server.snapshot.epochs[0]).toBe(-0x80000000)
    expect(answer(server, 'web.example.org. A', { from: '80.1.1.1' })).toEqual(['203.0.113.2'])
    expect(answer(server, 'web.example.org. A', { from: '80.1.1.1' })).toEqual(['203.0.113.2'])
    expect(hits(server)).toEqual([1, 1])
  })

  test('that is empty, or a failure, or a name is remembered too', () => {
    const server = scene({
      none: { pools: { fra: ['203.0.113.1 down'] }, onAllDown: 'nodata' },
      dead: { pools: { fra: ['203.0.113.2 down'] }, onAllDown: 'servfail' },
      cdn: { pools: { fra: ['www.example.net.'] } },
    })
    for (const name of ['none', 'dead', 'cdn', 'none', 'dead', 'cdn']) server.ask(`${name}.example.org. A`)
    expect(hits(server)).toEqual([3, 3])
  })

  test('goes with the snapshot that it was made of', () => {
    const server = scene({ web: WEB })
    const other = scene({ web: { pools: { fra: ['203.0.113.77'] } } })
    expect(answer(server, 'web.example.org. A', { from: '80.1.1.1' })).toEqual(['203.0.113.1'])
    server.runtime.take(other.snapshot)
    expect(answer(server, 'web.example.org. A', { from: '80.1.1.1' })).toEqual(['203.0.113.77'])
    expect(hits(server)).toEqual([0, 2])
  })
})

describe('a variant', () => {
  test('is drawn with exactly its share of all draws', () => {
    const pools = { fra: ['203.0.113.1 w1', '203.0.113.2 w2', '203.0.113.5 w5'] }
    const server = scene({ web: { pools, policy: 'weighted', answers: 1 } })
    const counts: Record<string, number> = {}
    for (let i = 0; i < 4096; i++) {
      server.draws.push(i * 2 ** 20)
      const [address] = answer(server, 'web.example.org. A')
      counts[address!] = (counts[address!] ?? 0) + 1
    }
    expect(counts).toEqual({ '203.0.113.1': 512, '203.0.113.2': 1024, '203.0.113.5': 2560 })
  })

  test.each([0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])('is drawn by %d', (draw) => {
    const pools = { fra: ['203.0.113.1', '203.0.113.2', '203.0.113.3'] }
    const server = scene({ web: { pools, policy: 'weighted', answers: 1 } })
    server.draws.push(draw)
    expect(answer(server, 'web.example.org. A')).toHaveLength(1)
  })

  test('draws in a chain as it does alone', () => {
    const pools = { fra: ['a.example.net. w3', 'b.example.net. w1'] }
    const server = scene({ web: { pools, policy: 'weighted', answers: 1 } })
    const counts: Record<string, number> = {}
    for (let i = 0; i < 64; i++) {
      server.draws.push(i * 2 ** 26)
      const [target] = answer(server, 'web.example.org. A')
      counts[target!] = (counts[target!] ?? 0) + 1
    }
    expect(counts).toEqual({ 'a.example.net.': 48, 'b.example.net.': 16 })
  })
})

describe('the cache', () => {
  test('forgets everything when it is full, and goes on', () => {
    // 40 turns of 40 addresses are 25,600 octets; 8 MB hold 327 of them.
    const addresses = Array.from({ length: 40 }, (_, i) => `203.0.113.${i}`)
    const services = Object.fromEntries(
      Array.from({ length: 400 }, (_, i) => [
        `s${i}`,
        { pools: { fra: addresses }, policy: 'weighted' } as ServiceSource,
      ]),
    )
    const server = scene(services)
    for (let i = 0; i < 400; i++) {
      const answers = answer(server, `s${i}.example.org. A`, { tcp: true })
      expect(answers.sort()).toEqual([...addresses].sort())
    }
    expect(hits(server)).toEqual([0, 400])
    answer(server, 's399.example.org. A')
    expect(hits(server)).toEqual([1, 400])
    expect(answer(server, 's0.example.org. A', { tcp: true }).sort()).toEqual([...addresses].sort())
    expect(hits(server)).toEqual([1, 401])
  })

  test('remembers of an answer that fits into no message that it is truncated', () => {
    const addresses = Array.from({ length: 5000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`)
    const server = scene({ web: { pools: { fra: addresses }, policy: 'weighted' }, ok: WEB })
    for (let round = 0; round < 2; round++) {
      expect(server.ask('web.example.org. A', { tcp: true })).toMatchObject({ tc: true, answers: [] })
      expect(server.ask('web.example.org. A', { payload: 1232 })).toMatchObject({ tc: true, answers: [] })
      expect(answer(server, 'ok.example.org. A', { from: '81.1.1.1' })).toEqual(['203.0.113.2'])
    }
    expect(hits(server)).toEqual([4, 2])
  })
})

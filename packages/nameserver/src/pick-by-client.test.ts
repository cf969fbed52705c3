import { readAddress, readPrefix } from '@windrose/ip'
import { Verdict } from '@windrose/steering'
import fc from 'fast-check'
import { explain } from './explain.ts'
import { lines, nameOf, type QueryParts, Scene, type SceneSource, scope } from './scene.arbitraries.ts'
import { anyClient } from './worlds.arbitraries.ts'

const ADDRESSES = ['203.0.113.1', '203.0.113.2', '203.0.113.3']

const scene = (changes: Partial<SceneSource> = {}): Scene =>
  new Scene({
    zones: { 'example.org.': 'alias CNAME same\nwww-a A 192.0.2.1\nwww-b A 192.0.2.2\n' },
    steer: {
      'same.example.org.': 'same',
      'other.example.org.': 'other',
      'near.example.org.': 'near',
      'cdn.example.org.': 'cdn',
      'inner.example.org.': 'inner',
      'chain.example.org.': 'chain',
      'one.example.org.': 'one',
    },
    services: {
      same: { pools: { fra: ADDRESSES.slice(0, 2), iad: ADDRESSES.slice(2) }, policy: 'consistent', answers: 1 },
      other: { pools: { fra: ['203.0.113.31', '203.0.113.32', '203.0.113.33'] }, policy: 'consistent', answers: 1 },
      near: {
        pools: { fra: ['203.0.113.11', '203.0.113.12'], iad: ['203.0.113.21', '203.0.113.22'] },
        policy: 'nearest, consistent',
        answers: 1,
      },
      cdn: { pools: { fra: ['a.example.net.', 'b.example.net.'] }, policy: 'consistent' },
      inner: { pools: { fra: ['www-a.example.org.', 'www-b.example.org.'] }, policy: 'consistent' },
      chain: { pools: { fra: ['same.example.org.', 'other.example.org.'] }, policy: 'consistent' },
      one: { pools: { fra: ['203.0.113.1'] }, policy: 'consistent' },
    },
    clients: { '80.0.0.0/8': ['fra'], '81.0.0.0/8': ['iad'], '80.1.2.128/25': ['iad'], '2a00::/16': ['fra'] },
    ...changes,
  })

/** The data of all records, in their order. */
const answer = (server: Scene, question: string, parts: QueryParts = {}): string =>
  lines(server.ask(question, parts).answers)
    .map((line) => line.split(' ')[4]!)
    .join(' ')

const networks = (count: number): string[] => Array.from({ length: count }, (_, i) => `9.${i >> 8}.${i & 255}.0/24`)

const explained = (server: Scene, question: string, client: string, resolver = '198.51.100.53') => {
  const [qname, qtype] = question.split(' ')
  const parts = {
    qname: nameOf(qname!),
    qtype: qtype === 'A' ? 1 : 28,
    resolver: readAddress(resolver)!,
    client: readPrefix(client)!.prefix,
  }
  return explain(parts, server.snapshot)!
}

describe('an answer that is picked by client', () => {
  test('is the same for a network at all times, and draws nothing', () => {
    const server = scene()
    for (const ecs of networks(20)) {
      const first = answer(server, 'same.example.org. A', { ecs })
      server.draws.push(1, 2 ** 30, 2 ** 31, 2 ** 32 - 1)
      for (let i = 0; i < 4; i++) expect(answer(server, 'same.example.org. A', { ecs })).toBe(first)
      expect(server.draws.splice(0)).toHaveLength(4)
    }
    expect(server.count('cacheMisses')).toBe(1)
  })

  test('is the same on another server, and the one that the decision has for the bucket', () => {
    const [server, another] = [scene(), scene()]
    for (const ecs of networks(200)) {
      const got = answer(server, 'same.example.org. A', { ecs })
      expect(answer(another, 'same.example.org. A', { ecs })).toBe(got)
      const { decision, picked } = explained(server, 'same.example.org. A', ecs).names[0]!
      expect(picked!.variant).toBe(decision!.buckets![picked!.bucket])
      expect(decision!.variants[picked!.variant]!.endpoints.map(({ label }) => label)).toEqual([got])
    }
  })

  test('is shared out over networks by weight', () => {
    const pools = { fra: ['203.0.113.1 w1', '203.0.113.2 w3'] }
    const server = scene({
      services: { same: { pools, policy: 'consistent', answers: 1 } },
      steer: { 'same.example.org.': 'same' },
    })
    const got = networks(8192).map((ecs) => answer(server, 'same.example.org. A', { ecs }))
    // Five deviations of 8,192 draws are 0.024; the buckets' own shares have as much again.
    expect(Math.abs(got.filter((address) => address === '203.0.113.2').length / 8192 - 0.75)).toBeLessThan(0.05)
  })

  test('moves only for the clients of an endpoint that goes down, and moves back with it', () => {
    const server = scene()
    const all = () => networks(300).map((ecs) => answer(server, 'same.example.org. A', { ecs }))
    const before = all()
    expect(new Set(before)).toEqual(new Set(ADDRESSES))
    server.setVerdict('203.0.113.2', Verdict.down)
    const after = all()
    expect(after).not.toContain('203.0.113.2')
    expect(before.filter((address, i) => address !== '203.0.113.2' && address !== after[i])).toEqual([])
    server.setVerdict('203.0.113.2', Verdict.up)
    expect(all()).toEqual(before)
  })

  test('is another for another service', () => {
    const server = scene()
    const index = (name: string) =>
      networks(100).map((ecs) => explained(server, `${name}.example.org. A`, ecs).names[0]!.picked!.bucket)
    const same = index('same')
    expect(index('other').filter((bucket, i) => bucket === same[i]).length).toBeLessThan(5)
  })

  test('has several addresses for a client, always in the same order', () => {
    const pools = { fra: ADDRESSES }
    const server = scene({
      services: { same: { pools, policy: 'consistent', answers: 2 } },
      steer: { 'same.example.org.': 'same' },
    })
    const got = networks(100).map((ecs) => answer(server, 'same.example.org. A', { ecs }))
    expect(new Set(got).size).toBe(6)
    expect(networks(100).map((ecs) => answer(server, 'same.example.org. A', { ecs, tcp: true }))).toEqual(got)
  })
})

describe('the client is', () => {
  const bucket = (ecs: string, resolver?: string): number =>
    explained(scene(), 'same.example.org. A', ecs, resolver).names[0]!.picked!.bucket

  test.each([
    ['an IPv4 subnet by 24 bits', '80.1.2.0/24', '80.1.2.77/32', '80.1.3.77/32'],
    ['a shorter one by its own', '80.1.0.0/16', '80.1.0.0/17', '80.0.0.0/16'],
    ['an IPv6 subnet by 56 bits', '2a00:1:2:300::/56', '2a00:1:2:3ff:1::/128', '2a00:1:2:400::/64'],
  ])('%s', (_, client, same, other) => {
    expect(bucket(same)).toBe(bucket(client))
    expect(bucket(other)).not.toBe(bucket(client))
  })

  test('the subnet, whatever the resolver', () => {
    expect(bucket('80.1.2.0/24', '2001:db8::1')).toBe(bucket('80.1.2.0/24', '192.0.2.1'))
  })

  test.each([
    ['80.1.2.3', '80.1.2.0/24'],
    ['2a00:1:2:3ff::53', '2a00:1:2:300::/56'],
  ])('the resolver where no subnet is named, or one of length 0, or none is read: %s is %s', (from, network) => {
    const spread = {
      services: {
        same: {
          pools: { fra: Array.from({ length: 40 }, (_, i) => `203.0.113.${i}`) },
          policy: 'consistent',
          answers: 1,
        },
      },
      steer: { 'same.example.org.': 'same' },
    } as const
    const server = scene(spread)
    const expected = answer(server, 'same.example.org. A', { ecs: network })
    expect(answer(server, 'same.example.org. A', { from })).toBe(expected)
    expect(answer(server, 'same.example.org. A', { from, ecs: '1/0/0/' })).toBe(expected)
    expect(answer(server, 'same.example.org. A', { from, ecs: '0/0/0/' })).toBe(expected)
    const deaf = scene({ ...spread, settings: { clientSubnet: false } })
    expect(answer(deaf, 'same.example.org. A', { from, ecs: '9.9.9.0/24' })).toBe(expected)
  })

  test('told as a network', () => {
    const key = (ecs: string) => explained(scene(), 'same.example.org. A', ecs).names[0]!.picked!.client
    expect(key('80.1.2.77/32')).toEqual({ address: readAddress('80.1.2.0'), length: 24 })
    expect(key('80.1.0.0/16')).toEqual({ address: readAddress('80.1.0.0'), length: 16 })
    expect(key('2a00:1:2:3ff::1/128')).toEqual({ address: readAddress('2a00:1:2:300::'), length: 56 })
  })
})

describe('the scope of an answer that is picked by client', () => {
  test.each<[string, string, number]>([
    ['same', '9.1.2.0/24', 24],
    ['same', '9.1.2.3/32', 24],
    ['same', '9.1.0.0/16', 16],
    ['same', '9.0.0.0/7', 7],
    ['same', '2a00::1/128', 56],
    ['same', '2a00::/48', 48],
    ['same', '1/0/0/', 0],
    ['near', '80.9.9.9/32', 24],
    ['near', '80.1.2.200/32', 25],
    ['near', '80.0.0.0/6', 16],
    ['near', '2a00::1/128', 56],
    ['cdn', '9.1.2.3/32', 24],
    ['inner', '9.1.2.3/32', 24],
    ['one', '9.1.2.3/32', 0],
  ])('of %s for %s is %d', (name, ecs, expected) => {
    expect(scope(scene().ask(`${name}.example.org. A`, { ecs }))).toBe(expected)
  })

  test('is there only where a subnet is', () => {
    expect(scope(scene().ask('same.example.org. A', { from: '80.1.2.3', payload: 1232 }))).toBeUndefined()
  })

  test('holds: every client in it that sends its whole address gets the same', () => {
    const server = scene()
    const anyNoise = fc.array(fc.nat(255), { minLength: 16, maxLength: 16 })
    const anyName = fc.constantFrom('same', 'near', 'cdn', 'inner', 'chain', 'alias')
    fc.assert(
      fc.property(anyName, anyClient, anyNoise, (name, client, noise) => {
        const question = `${name}.example.org. A`
        const response = server.ask(question, { ecs: client })
        const { address } = readPrefix(client)!.prefix
        const bits = scope(response)!
        const octets = address.map((octet, i) => {
          const kept = Math.max(0, Math.min(8, bits - i * 8))
          return (octet & ~(0xff >> kept)) | (noise[i]! & (0xff >> kept))
        })
        const hex = Buffer.from(octets).toString('hex')
        const ecs = `${address.length === 4 ? 1 : 2}/${address.length * 8}/0/${hex}`
        expect(lines(server.ask(question, { ecs }).answers)).toEqual(lines(response.answers))
      }),
      { numRuns: 500 },
    )
  })
})

describe('a name that is picked by client', () => {
  test.each([
    ['cdn', ['a.example.net.', 'b.example.net.']],
    ['inner', ['www-a.example.org. 192.0.2.1', 'www-b.example.org. 192.0.2.2']],
  ])('of %s is the one of the bucket, inside our zones or not', (name, expected) => {
    const server = scene()
    const question = `${name}.example.org. A`
    const got = networks(60).map((ecs) => {
      const { decision, picked } = explained(server, question, ecs).names[0]!
      const text = answer(server, question, { ecs })
      expect(decision!.variants[picked!.variant]!.endpoints[0]!.label).toBe(text.split(' ')[0])
      return text
    })
    expect([...new Set(got)].sort()).toEqual(expected)
  })

  test('leads to what the client gets of the other name when it asks for it', () => {
    const server = scene()
    for (const ecs of networks(60)) {
      const same = answer(server, 'same.example.org. A', { ecs })
      expect(answer(server, 'alias.example.org. A', { ecs })).toBe(`same.example.org. ${same}`)
      const [target, address] = answer(server, 'chain.example.org. A', { ecs }).split(' ')
      expect(address).toBe(answer(server, `${target} A`, { ecs }))
    }
  })
})

test('an explanation picks what the response has, for any client and resolver', () => {
  const server = scene()
  const anyName = fc.constantFrom('same', 'near', 'cdn', 'inner', 'chain')
  fc.assert(
    fc.property(anyName, anyClient, anyClient, (name, client, resolver) => {
      const { response, names } = explained(server, `${name}.example.org. A`, client, resolver.replace(/\/.*/, ''))
      expect(scope(response)).toBe(Math.max(...names.map((explained) => explained.scope ?? 0)))
      const told = names.flatMap(({ decision, picked }) =>
        decision === undefined ? [] : decision.variants[picked!.variant]!.endpoints.map(({ target }) => target.join()),
      )
      const sent = response.answers.map(({ rdata }) => rdata.join())
      expect(sent.slice(0, told.length)).toEqual(told)
    }),
    { numRuns: 300 },
  )
})

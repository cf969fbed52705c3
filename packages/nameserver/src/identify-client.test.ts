import { Rcode } from '@windrose/dns'
import { composeQuery, lines, type QueryParts, Scene, scope, subnet } from './scene.arbitraries.ts'

const scene = (): Scene =>
  new Scene({
    zones: { 'example.org.': 'static A 192.0.2.1\n' },
    steer: { 'www.example.org.': 'web', 'any.example.org.': 'plain', 'me.example.org.': 'whoami' },
    services: {
      web: { pools: { fra: ['203.0.113.1', '2001:db8:1::1'], iad: ['203.0.113.2'], sin: ['203.0.113.3'] } },
      plain: { pools: { fra: ['203.0.113.9'] }, policy: 'weighted' },
    },
    clients: {
      '10.0.0.0/8': 'special',
      '2001:db8::/32': 'special',
      '80.0.0.0/4': ['fra'],
      '80.1.0.0/16': ['iad'],
      '80.1.2.0/27': ['sin'],
      '10.9.0.0/16': ['sin'],
      '198.51.100.0/24': ['sin'],
      '2a00::/16': ['iad'],
      '2a00:1234::/40': ['sin'],
      '2001:db8:ff::/48': ['fra'],
    },
  })

const SITE: Record<string, string> = { '203.0.113.1': 'fra', '203.0.113.2': 'iad', '203.0.113.3': 'sin' }

/** The site of the answer, and the scope. */
const place = (parts: QueryParts, server: Scene = scene()): [string | undefined, number | undefined] => {
  const response = server.ask('www.example.org. A', parts)
  const [first] = lines(response.answers)
  return [SITE[first?.split(' ')[4] ?? ''], scope(response)]
}

describe('a client subnet that is malformed', () => {
  test.each([
    ['a family that is neither IPv4 nor IPv6', '3/24/0/c00002'],
    ['a family of two octets', '42/0/0/'],
    ['33 bits of IPv4', '1/33/0/c000020101'],
    ['129 bits of IPv6', `2/129/0/${'20'.repeat(17)}`],
    ['32 bits in 3 octets', '1/32/0/c00002'],
    ['24 bits in 4 octets', '1/24/0/c0000200'],
    ['24 bits in 4 octets that are not zero', '1/24/0/c0000201'],
    ['27 bits in 3 octets', '1/27/0/c00002'],
    ['bits behind its 27', '1/27/0/c0000210'],
    ['bits behind its 25', '1/25/0/c0000201'],
    ['a scope', '1/24/24/c00002'],
    ['a scope with source 0', '1/0/1/'],
    ['an octet behind source 0', '1/0/0/00'],
    ['family 0 and a source length', '0/8/0/0a'],
    ['family 0 and an octet', '0/0/0/00'],
  ])('(%s) gets FORMERR with an OPT without it, and the question', (_, ecs) => {
    for (const question of ['www.example.org. A', 'static.example.org. A', 'example.com. A']) {
      for (const tcp of [false, true]) {
        const response = scene().ask(question, { ecs, tcp })
        expect(response).toMatchObject({ rcode: Rcode.FORMERR, aa: false, answers: [], authorities: [] })
        expect(response.edns).toEqual({ payloadSize: 1232, version: 0, dnssecOk: false, options: [] })
        expect(response.questions).toHaveLength(1)
      }
    }
  })

  test.each([0, 1, 2, 3])('because it has only %d octets gets FORMERR', (length) => {
    const options = [{ code: 8, data: new Uint8Array(length) }]
    expect(scene().ask('www.example.org. A', { options }).rcode).toBe(Rcode.FORMERR)
  })

  test('is ignored by a server that reads none', () => {
    const server = new Scene({ zones: { 'example.org.': 'www A 192.0.2.1' }, settings: { clientSubnet: false } })
    for (const ecs of ['1/33/0/c000020101', '192.0.2.0/24']) {
      const response = server.ask('www.example.org. A', { ecs })
      expect(response).toMatchObject({ rcode: Rcode.NOERROR, edns: { options: [] } })
    }
    expect(server.count('clientSubnet')).toBe(0)
  })
})

describe('a client subnet', () => {
  test.each([
    ['192.0.2.0/24', '1 192.0.2/24/0'],
    ['192.0.2.32/27', '1 192.0.2.32/27/0'],
    ['192.0.2.7/32', '1 192.0.2.7/32/0'],
    ['128.0.0.0/1', '1 128/1/0'],
    ['0.0.0.0/0', '1 /0/0'],
    ['::/0', '2 /0/0'],
    ['2a00:1234::/56', '2 42.0.18.52.0.0.0/56/0'],
    ['0/0/0/', '0 /0/0'],
  ])('%s comes back as it was sent, with scope 0 where the answer is for everyone', (ecs, expected) => {
    for (const tcp of [false, true]) {
      for (const name of ['static', 'nope', 'any']) {
        expect(subnet(scene().ask(`${name}.example.org. A`, { ecs, tcp }))).toBe(expected)
      }
      expect(subnet(scene().ask('www.example.org. TXT', { ecs, tcp }))).toBe(expected)
      expect(subnet(scene().ask('example.com. A', { ecs, tcp }))).toBe(expected)
      expect(subnet(scene().ask('www.example.org. ANY', { ecs, tcp }))).toBe(expected)
    }
  })

  test.each([
    ['80.64.0.0/10', 'fra', 10],
    ['80.64.0.0/24', 'fra', 10],
    ['80.64.0.1/32', 'fra', 10],
    ['84.0.0.0/6', 'fra', 6],
    ['80.1.200.0/24', 'iad', 17],
    ['80.1.2.0/24', 'sin', 27],
    ['80.1.2.32/27', 'iad', 27],
    ['80.1.2.31/32', 'sin', 27],
    ['80.0.0.0/4', 'fra', 16],
    ['2a00:1234::/40', 'sin', 40],
    ['2a00:1234::/56', 'sin', 40],
    ['2a00:8000::/24', 'iad', 17],
  ])('%s is answered from %s with scope %d, the leaf it begins in', (ecs, site, expected) => {
    expect(place({ ecs })).toEqual([site, expected])
    expect(place({ ecs, tcp: true })).toEqual([site, expected])
  })

  test('that nothing places is answered in the order of the configuration, for a scope of its own', () => {
    expect(place({ ecs: '8.8.8.0/24' })).toEqual(['fra', 7])
    expect(place({ ecs: '4000::/16' })).toEqual(['fra', 2])
  })

  test('of a family that is one leaf has scope 1, never 0', () => {
    const pools = { fra: ['203.0.113.1'], iad: ['203.0.113.2'] }
    const server = new Scene({
      zones: { 'example.org.': '' },
      steer: { 'www.example.org.': 'web' },
      services: { web: { pools } },
    })
    expect(place({ ecs: '192.0.2.0/24' }, server)).toEqual(['fra', 1])
  })

  test.each(['0.0.0.0/0', '::/0', '0/0/0/'])('%s says nothing: the resolver is placed, and the scope is 0', (ecs) => {
    expect(place({ ecs, from: '80.1.3.4' })).toEqual(['iad', 0])
    expect(place({ ecs, from: '80.1.2.3' })).toEqual(['sin', 0])
  })

  test('of special-purpose space is answered by the place of the resolver, for its own leaf', () => {
    expect(place({ ecs: '10.1.2.0/24', from: '80.1.3.4' })).toEqual(['iad', 13])
    expect(place({ ecs: '2001:db8::/48', from: '80.1.2.3' })).toEqual(['sin', 41])
    expect(place({ ecs: '10.1.2.0/24', from: '10.1.2.3' })).toEqual(['fra', 13])
  })

  test('of special-purpose space that an override names is placed by it', () => {
    expect(place({ ecs: '10.9.1.0/24', from: '80.1.3.4' })).toEqual(['sin', 16])
    expect(place({ ecs: '2001:db8:ff::/56', from: '80.1.3.4' })).toEqual(['fra', 48])
  })

  test('moves AAAA and A alike, also where there is no address of the family', () => {
    const response = scene().ask('www.example.org. AAAA', { ecs: '80.1.2.0/24' })
    expect(lines(response.answers)).toEqual(['www.example.org. 30 IN AAAA 2001:db8:1::1'])
    const server = new Scene({
      zones: { 'example.org.': '' },
      steer: { 'www.example.org.': 'web' },
      services: { web: { pools: { fra: ['203.0.113.1'], iad: ['203.0.113.2'] } } },
      clients: { '80.0.0.0/4': ['fra'] },
    })
    const nodata = server.ask('www.example.org. AAAA', { ecs: '80.0.0.0/24' })
    expect(nodata).toMatchObject({ rcode: Rcode.NOERROR, aa: true, answers: [] })
    expect(lines(nodata.authorities)).toEqual([
      'example.org. 60 IN SOA ns1.example.org. hostmaster.example.org. 1 7200 1800 1209600 60',
    ])
  })

  test('counts once: of two the first is taken, and the second does not come back', () => {
    const options = [
      { code: 8, data: Uint8Array.of(0, 1, 24, 0, 80, 1, 3) },
      { code: 8, data: Uint8Array.of(0, 1, 24, 0, 80, 1, 2) },
    ]
    const response = scene().ask('www.example.org. A', { options })
    expect(subnet(response)).toBe('1 80.1.3/24/24')
    expect(response.edns!.options).toHaveLength(1)
  })
})

describe('an IPv6 address that carries an IPv4 address', () => {
  test.each([
    ['::ffff:80.1.2.3/128', 'sin', 96 + 27],
    ['::ffff:80.1.3.0/120', 'iad', 96 + 24],
    ['64:ff9b::80.1.2.3/128', 'sin', 96 + 27],
    ['64:ff9b::80.64.0.0/112', 'fra', 96 + 10],
    ['2002:5001:0203::/48', 'sin', 16 + 27],
    ['2002:5040::/32', 'fra', 16 + 10],
    // Teredo has the client's address inverted: ~80.1.2.3 is af.fe.fd.fc.
    ['2001:0:1:2:3:4:affe:fdfc/128', 'sin', 96 + 27],
  ])('%s is placed as that address, at %s with scope %d', (ecs, site, expected) => {
    expect(place({ ecs })).toEqual([site, expected])
  })

  test('is placed as that address where it is the resolver’s', () => {
    expect(place({ from: '::ffff:80.1.2.3' })[0]).toBe('sin')
    expect(place({ from: '64:ff9b::80.1.3.4' })[0]).toBe('iad')
    expect(place({ from: '2a00:1234::1' })[0]).toBe('sin')
  })

  test('is never inside the scope of an address that carries none', () => {
    const plain = new Scene({
      zones: { 'example.org.': '' },
      steer: { 'www.example.org.': 'web' },
      services: { web: { pools: { fra: ['203.0.113.1'], iad: ['203.0.113.2'] } } },
      clients: { '0.0.0.0/0': ['iad'], '::/0': ['fra'] },
    })
    expect(place({ ecs: '2a00::/24' }, plain)).toEqual(['fra', 5])
    expect(place({ ecs: '2003::/24' }, plain)).toEqual(['fra', 16])
    expect(place({ ecs: '2001:8000::/24' }, plain)).toEqual(['fra', 17])
    expect(place({ ecs: '2001:0001::/32' }, plain)).toEqual(['fra', 32])
    expect(place({ ecs: '64:ff9b:0:8000::/64' }, plain)).toEqual(['fra', 49])
    expect(place({ ecs: '64:ff9b:0:0:0:1::/96' }, plain)).toEqual(['fra', 96])
    expect(place({ ecs: '::fffe:0:0/96' }, plain)).toEqual(['fra', 96])
    expect(place({ ecs: '::1/128' }, plain)).toEqual(['fra', 81])
    expect(place({ ecs: '8000::/24' }, plain)).toEqual(['fra', 1])
    expect(place({ ecs: '::ffff:1.2.3.4/128' }, plain)).toEqual(['iad', 96])
  })
})

describe('without a client subnet', () => {
  test.each([
    ['80.1.3.4', 'iad'],
    ['80.1.2.3', 'sin'],
    ['10.1.2.3', 'fra'],
    ['10.9.2.3', 'sin'],
    ['2a00:1234::1', 'sin'],
  ])('the resolver %s is answered from %s, and no option comes back', (from, site) => {
    for (const parts of [{}, { payload: 1232 }]) expect(place({ from, ...parts })).toEqual([site, undefined])
  })
})

describe('whoami', () => {
  test('answers with the address of the resolver, for the subnet that asked', () => {
    const server = scene()
    const response = server.ask('me.example.org. A', { from: '80.1.3.4', ecs: '80.1.2.0/24' })
    expect(lines(response.answers)).toEqual(['me.example.org. 0 IN A 80.1.3.4'])
    expect(response.aa).toBe(true)
    expect(scope(response)).toBe(24)
    const six = server.ask('me.example.org. AAAA', { from: '2a00::53' })
    expect(lines(six.answers)).toEqual(['me.example.org. 0 IN AAAA 2a00::53'])
  })

  test('has no data where the resolver’s address is of the other family', () => {
    const response = scene().ask('me.example.org. AAAA', { from: '80.1.3.4', ecs: '80.1.2.0/24' })
    expect(response).toMatchObject({ rcode: Rcode.NOERROR, answers: [], aa: true })
    expect(lines(response.authorities)).toHaveLength(1)
  })

  test('tells in TXT what it sees of the client', () => {
    const response = scene().ask('me.example.org. TXT', { from: '80.1.3.4', ecs: '80.1.2.0/24' })
    expect(lines(response.answers)).toEqual([
      'me.example.org. 0 IN TXT "resolver 80.1.3.4" "transport udp" "client-subnet 80.1.2.0/24" "class 0/3 scope 27 sites sin"',
    ])
    const plain = scene().ask('me.example.org. TXT', { from: '2a00::53', tcp: true })
    expect(lines(plain.answers)).toEqual([
      'me.example.org. 0 IN TXT "resolver 2a00::53" "transport tcp" "client-subnet none" "class 0/2 scope 0 sites iad"',
    ])
  })

  test('has other types as any name has them', () => {
    const response = scene().ask('me.example.org. MX', { ecs: '80.1.2.0/24' })
    expect(response).toMatchObject({ rcode: Rcode.NOERROR, answers: [] })
    expect(scope(response)).toBe(0)
  })
})

test('a query is the same to the server over TCP and UDP', () => {
  const query = composeQuery('www.example.org. A', { ecs: '80.1.2.0/24' })
  expect(scene().send(query, { tcp: true })).toEqual(scene().send(query))
})

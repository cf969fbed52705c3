import { lines, Scene, scope } from './scene.arbitraries.ts'

const server = new Scene({
  zones: {
    'example.org.': `www HTTPS 1 . alpn=h2,h3 port=8443
www HTTPS 2 far alpn=h2
far HTTPS 1 . alpn=h2 ech=AAAA
*.app HTTPS 1 . alpn=h2
_dns.far SVCB 1 far alpn=dot
aliased HTTPS 0 www
static HTTPS 1 . alpn=h2 ipv4hint=192.0.2.99
cdn HTTPS 1 . alpn=h2
also CNAME www
mixed HTTPS 1 . alpn=h2
slow 5 HTTPS 1 www alpn=h2
`,
  },
  steer: {
    'www.example.org.': 'web',
    '*.app.example.org.': 'web',
    'far.example.org.': 'one',
    'cdn.example.org.': 'named',
    'mixed.example.org.': 'mixed',
  },
  services: {
    web: { pools: { fra: ['203.0.113.1', '2001:db8::1'], iad: ['203.0.113.2'] }, ttl: { min: 15, max: 30 } },
    one: { pools: { fra: ['198.51.100.1'] }, policy: 'weighted' },
    mixed: { pools: { fra: ['198.51.100.7'], iad: ['www.example.org. alias'] }, policy: 'weighted' },
    named: { pools: { fra: ['cdn.example.net.'] }, policy: 'weighted' },
  },
  clients: { '80.0.0.0/8': ['fra'], '81.0.0.0/8': ['iad'] },
})

const ask = (question: string, ecs?: string) => server.ask(question, ecs === undefined ? {} : { ecs })

test.each([
  [
    'the addresses that this client would be answered',
    'www.example.org. HTTPS',
    '80.1.2.0/24',
    [
      'www.example.org. 30 IN HTTPS 1 . alpn="h2,h3" port=8443 ipv4hint=203.0.113.1 ipv6hint=2001:db8::1',
      'www.example.org. 30 IN HTTPS 2 far.example.org. alpn="h2" ipv4hint=198.51.100.1',
    ],
  ],
  [
    'those of another client',
    'www.example.org. HTTPS',
    '81.1.2.0/24',
    [
      'www.example.org. 30 IN HTTPS 1 . alpn="h2,h3" port=8443 ipv4hint=203.0.113.2 ipv6hint=2001:db8::1',
      'www.example.org. 30 IN HTTPS 2 far.example.org. alpn="h2" ipv4hint=198.51.100.1',
    ],
  ],
  [
    'keys in ascending order, among those of the file',
    'far.example.org. HTTPS',
    undefined,
    ['far.example.org. 30 IN HTTPS 1 . alpn="h2" ipv4hint=198.51.100.1 ech="AAAA"'],
  ],
  [
    'the name that a wildcard matches',
    'x.app.example.org. HTTPS',
    '80.1.2.0/24',
    ['x.app.example.org. 30 IN HTTPS 1 . alpn="h2" ipv4hint=203.0.113.1 ipv6hint=2001:db8::1'],
  ],
  [
    'SVCB records to a steered name',
    '_dns.far.example.org. SVCB',
    undefined,
    ['_dns.far.example.org. 30 IN SVCB 1 far.example.org. alpn="dot" ipv4hint=198.51.100.1'],
  ],
  [
    'the end of a chain',
    'also.example.org. HTTPS',
    '80.1.2.0/24',
    [
      'also.example.org. 300 IN CNAME www.example.org.',
      'www.example.org. 30 IN HTTPS 1 . alpn="h2,h3" port=8443 ipv4hint=203.0.113.1 ipv6hint=2001:db8::1',
      'www.example.org. 30 IN HTTPS 2 far.example.org. alpn="h2" ipv4hint=198.51.100.1',
    ],
  ],
  [
    'a record of a shorter TTL, which stays',
    'slow.example.org. HTTPS',
    '80.1.2.0/24',
    ['slow.example.org. 5 IN HTTPS 1 www.example.org. alpn="h2" ipv4hint=203.0.113.1 ipv6hint=2001:db8::1'],
  ],
] as [string, string, string | undefined, string[]][])('hints go to %s', (_, question, ecs, expected) => {
  expect(lines(ask(question, ecs).answers)).toEqual(expected)
})

test.each([
  ['AliasMode', 'aliased.example.org. HTTPS', ['aliased.example.org. 300 IN HTTPS 0 www.example.org.']],
  [
    'a name that is not steered',
    'static.example.org. HTTPS',
    ['static.example.org. 300 IN HTTPS 1 . alpn="h2" ipv4hint=192.0.2.99'],
  ],
  ['a service that answers with a name', 'cdn.example.org. HTTPS', ['cdn.example.org. 300 IN HTTPS 1 . alpn="h2"']],
])('no hints go to %s', (_, question, expected) => {
  expect(lines(ask(question).answers)).toEqual(expected)
})

test('the scope is that of the decision, and truncation is as ever', () => {
  expect(scope(ask('www.example.org. HTTPS', '80.1.2.0/24'))).toBe(8)
  expect(scope(ask('far.example.org. HTTPS', '80.1.2.0/24'))).toBe(0)
})

test('hints follow health', () => {
  const down = new Scene({
    zones: { 'example.org.': 'www HTTPS 1 . alpn=h2\n' },
    steer: { 'www.example.org.': 'web' },
    services: { web: { pools: { fra: ['203.0.113.1 down'], iad: ['203.0.113.2'] }, policy: 'failover' } },
  })
  expect(lines(down.ask('www.example.org. HTTPS').answers)).toEqual([
    'www.example.org. 30 IN HTTPS 1 . alpn="h2" ipv4hint=203.0.113.2',
  ])
})

test('of a service with addresses and names hints go where an address is drawn', () => {
  const drawn = [0, 2 ** 32 - 1].map((draw) => {
    server.draws.splice(0, server.draws.length, draw)
    return lines(ask('mixed.example.org. HTTPS').answers)[0]
  })
  server.draws.length = 0
  expect(drawn.sort()).toEqual([
    'mixed.example.org. 30 IN HTTPS 1 . alpn="h2" ipv4hint=198.51.100.7',
    'mixed.example.org. 300 IN HTTPS 1 . alpn="h2"',
  ])
})

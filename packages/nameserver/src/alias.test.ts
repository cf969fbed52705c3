import { Rcode } from '@windrose/dns'
import { lines, nameKeyOf, Scene } from './scene.arbitraries.ts'

const source = {
  zones: { 'example.org.': 'www 120 A 192.0.2.1\nhop CNAME www\nmail MX 5 www\n@ MX 5 www\n' },
  steer: {
    'example.org.': 'outside',
    'in.example.org.': 'inside',
    'hop2.example.org.': 'hop',
    'steered.example.org.': 'web',
    'deep.example.org.': 'deep',
    'loop.example.org.': 'loop',
    'gone.example.org.': 'gone',
    'new.example.org.': 'unresolved',
  },
  services: {
    outside: { pools: { fra: ['cdn.example.net. alias'] }, policy: 'weighted', ttl: { min: 20, max: 20 } },
    inside: { pools: { fra: ['www.example.org. alias'] }, policy: 'weighted', ttl: { min: 300, max: 300 } },
    hop: { pools: { fra: ['hop.example.org. alias'] }, policy: 'weighted' },
    web: { pools: { fra: ['203.0.113.1'], iad: ['203.0.113.2'] } },
    deep: { pools: { fra: ['steered.example.org. alias'] }, policy: 'weighted' },
    loop: { pools: { fra: ['loop.example.org. alias'] }, policy: 'weighted' },
    gone: { pools: { fra: ['nope.example.org. alias'] }, policy: 'weighted' },
    unresolved: { pools: { fra: ['new.example.net. alias'] }, policy: 'weighted' },
  },
  clients: { '80.0.0.0/8': ['fra'], '81.0.0.0/8': ['iad'] },
} as const

const server = new Scene(source)
server.setAliases(
  new Map([[nameKeyOf('cdn.example.net.'), { ipv4: [Uint8Array.of(198, 51, 100, 7)], ipv6: [], ttl: 15 }]]),
)

test.each([
  ['resolved beforehand, at an apex', 'example.org. A', ['example.org. 15 IN A 198.51.100.7']],
  ['of our zones, with the TTL of what it found', 'in.example.org. A', ['in.example.org. 120 IN A 192.0.2.1']],
  ['at the end of a chain in our zones', 'hop2.example.org. A', ['hop2.example.org. 30 IN A 192.0.2.1']],
  ['that is steered, as this client is', 'deep.example.org. A', ['deep.example.org. 30 IN A 203.0.113.2']],
])('an alias is answered with the addresses of a name %s', (_, question, expected) => {
  const response = server.ask(question, { ecs: '81.2.3.0/24' })
  expect(lines(response.answers)).toEqual(expected)
  expect(response.aa).toBe(true)
})

test.each([
  ['the family that its name lacks is NODATA', 'example.org. AAAA', Rcode.NOERROR],
  ['a name that does not exist is NODATA, as the alias does', 'gone.example.org. A', Rcode.NOERROR],
  ['a name that was not resolved yet is a failure, which nobody keeps', 'new.example.org. A', Rcode.SERVFAIL],
  ['a circle is a failure', 'loop.example.org. A', Rcode.SERVFAIL],
])('%s', (_, question, rcode) => {
  const response = server.ask(question)
  expect(response.rcode).toBe(rcode)
  expect(response.answers).toEqual([])
})

test('other records stand beside it, and no CNAME is ever seen', () => {
  expect(lines(server.ask('example.org. MX').answers)).toEqual(['example.org. 300 IN MX 5 www.example.org.'])
  expect(lines(server.ask('example.org. CNAME').answers)).toEqual([])
})

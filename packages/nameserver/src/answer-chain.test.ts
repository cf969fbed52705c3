import { Rcode } from '@windrose/dns'
import { ask, SOA, scene, told } from './example-org.arbitraries.ts'
import { Scene, scope } from './scene.arbitraries.ts'

describe('an alias', () => {
  test.each<[string, string[]]>([
    [
      'alias.example.org. A',
      ['NOERROR aa', 'alias.example.org. 300 IN CNAME www.example.org.', 'www.example.org. 300 IN A 192.0.2.1'],
    ],
    [
      'two.example.org. A',
      [
        'NOERROR aa',
        'two.example.org. 300 IN CNAME alias.example.org.',
        'alias.example.org. 300 IN CNAME www.example.org.',
        'www.example.org. 300 IN A 192.0.2.1',
      ],
    ],
    ['TWO.example.org. CNAME', ['NOERROR aa', 'TWO.example.org. 300 IN CNAME alias.example.org.']],
    ['out.example.org. A', ['NOERROR aa', 'out.example.org. 300 IN CNAME www.example.net.']],
    ['gone.example.org. AAAA', ['NOERROR aa', 'gone.example.org. 300 IN CNAME nope.example.org.', `! ${SOA}`]],
    ['bare.example.org. A', ['NOERROR aa', 'bare.example.org. 300 IN CNAME ent.example.org.', `! ${SOA}`]],
    [
      'cross.example.com. A',
      ['NOERROR aa', 'cross.example.com. 300 IN CNAME www.example.org.', 'www.example.org. 300 IN A 192.0.2.1'],
    ],
    [
      'to-wild.example.org. A',
      ['NOERROR aa', 'to-wild.example.org. 300 IN CNAME x.wild.example.org.', 'x.wild.example.org. 300 IN A 192.0.2.9'],
    ],
    [
      'to-sub.example.org. A',
      [
        'NOERROR aa',
        'to-sub.example.org. 300 IN CNAME host.sub.example.org.',
        '! sub.example.org. 300 IN NS ns.sub.example.org.',
        '! sub.example.org. 300 IN NS ns.side.example.org.',
        '+ ns.sub.example.org. 300 IN A 192.0.2.60',
        '+ ns.side.example.org. 300 IN A 192.0.2.61',
      ],
    ],
    [
      'loop1.example.org. A',
      [
        'NOERROR aa',
        'loop1.example.org. 300 IN CNAME loop2.example.org.',
        'loop2.example.org. 300 IN CNAME loop1.example.org.',
      ],
    ],
    ['self.example.org. A', ['NOERROR aa', 'self.example.org. 300 IN CNAME self.example.org.']],
    ['to-six.example.org. A', ['NOERROR aa', 'to-six.example.org. 300 IN CNAME six.example.org.', `! ${SOA}`]],
  ])('%s is followed to its end', (question, expected) => expect(ask(question)).toEqual(expected))

  test('to a name that does not exist has the rcode of that name', () => {
    const server = new Scene({ zones: { 'example.org.': 'gone CNAME nope\n' } })
    expect(told(server.ask('gone.example.org. A'))).toEqual([
      'NXDOMAIN aa',
      'gone.example.org. 300 IN CNAME nope.example.org.',
      `! ${SOA}`,
    ])
  })

  test('to a steered name is answered for the client, with the scope of the decision', () => {
    const server = scene()
    const response = server.ask('to-web.example.org. A', { ecs: '81.2.3.0/24' })
    expect(told(response)).toEqual([
      'NOERROR aa',
      'to-web.example.org. 300 IN CNAME web.example.org.',
      'web.example.org. 30 IN A 203.0.113.2',
    ])
    expect(scope(response)).toBe(8)
    expect(server.count('chains')).toBe(1)
  })

  test('longer than any sane one is cut off', () => {
    const chain = Array.from({ length: 40 }, (_, i) => `c${i} CNAME c${i + 1}`).join('\n')
    const response = new Scene({ zones: { 'example.org.': `${chain}\nc40 A 192.0.2.1\n` } }).ask('c0.example.org. A', {
      tcp: true,
    })
    expect(response).toMatchObject({ rcode: Rcode.NOERROR, authorities: [] })
    expect(response.answers).toHaveLength(16)
  })
})

describe('a DNAME', () => {
  test.each<[string, string[]]>([
    [
      'host.old.example.org. A',
      [
        'NOERROR aa',
        'old.example.org. 300 IN DNAME new.example.org.',
        'host.old.example.org. 300 IN CNAME host.new.example.org.',
        'host.new.example.org. 300 IN A 192.0.2.10',
      ],
    ],
    [
      'X.Old.example.org. A',
      [
        'NOERROR aa',
        'Old.example.org. 300 IN DNAME new.example.org.',
        'X.Old.example.org. 300 IN CNAME X.new.example.org.',
        'X.new.example.org. 300 IN CNAME www.example.org.',
        'www.example.org. 300 IN A 192.0.2.1',
      ],
    ],
    [
      'a.b.old.example.org. A',
      [
        'NXDOMAIN aa',
        'old.example.org. 300 IN DNAME new.example.org.',
        'a.b.old.example.org. 300 IN CNAME a.b.new.example.org.',
        `! ${SOA}`,
      ],
    ],
    [
      'host.old.example.org. ANY',
      [
        'NOERROR aa',
        'old.example.org. 300 IN DNAME new.example.org.',
        'host.old.example.org. 300 IN CNAME host.new.example.org.',
        'host.new.example.org. 3600 IN HINFO "RFC8482" ""',
      ],
    ],
  ])('redirects %s', (question, expected) => expect(ask(question)).toEqual(expected))

  test('that makes a name too long is answered with YXDOMAIN', () => {
    const long = `${'x'.repeat(63)}.`.repeat(3)
    const server = new Scene({ zones: { 'o.': `d DNAME ${'t'.repeat(60)}.o.\n` } })
    const response = server.ask(`${long}${'x'.repeat(30)}.d.o. A`)
    expect(told(response)).toEqual(['YXDOMAIN aa', `d.o. 300 IN DNAME ${'t'.repeat(60)}.o.`])
  })
})

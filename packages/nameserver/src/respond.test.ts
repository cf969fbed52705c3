import { ask, SOA, scene, told } from './example-org.arbitraries.ts'
import { lines, nameOf, type QueryParts, Scene, scope } from './scene.arbitraries.ts'

describe('a question for data that the zone holds', () => {
  test.each<[string, string[]]>([
    ['www.example.org. A', ['NOERROR aa', 'www.example.org. 300 IN A 192.0.2.1']],
    ['example.org. TXT', ['NOERROR aa', 'example.org. 300 IN TXT "apex"']],
    ['mIxEd.cAsE.eXample.Org. A', ['NOERROR aa', 'mIxEd.cAsE.eXample.Org. 300 IN A 192.0.2.7']],
    [
      'example.org. SOA',
      ['NOERROR aa', 'example.org. 3600 IN SOA ns1.example.org. hostmaster.example.org. 1 7200 1800 1209600 60'],
    ],
    [
      'example.org. MX',
      ['NOERROR aa', 'example.org. 300 IN MX 10 mail.example.org.', '+ mail.example.org. 300 IN A 192.0.2.25'],
    ],
    [
      'example.org. NS',
      [
        'NOERROR aa',
        'example.org. 300 IN NS ns1.example.org.',
        '+ ns1.example.org. 300 IN A 192.0.2.53',
        '+ ns1.example.org. 300 IN AAAA 2001:db8::53',
      ],
    ],
    [
      '_sip._udp.example.org. SRV',
      [
        'NOERROR aa',
        '_sip._udp.example.org. 300 IN SRV 1 2 5060 www.example.org.',
        '+ www.example.org. 300 IN A 192.0.2.1',
      ],
    ],
    ['alias.example.org. CNAME', ['NOERROR aa', 'alias.example.org. 300 IN CNAME www.example.org.']],
    ['www.example.com. A', ['NOERROR aa', 'www.example.com. 300 IN A 192.0.2.101']],
    ['old.example.org. DNAME', ['NOERROR aa', 'old.example.org. 300 IN DNAME new.example.org.']],
  ])('%s is answered', (question, expected) => expect(ask(question)).toEqual(expected))

  test.each(['www.example.org.', 'example.org.', 'web.example.org.', 'x.app.example.org.', 'ent.example.org.'])(
    '%s ANY is answered with one HINFO that says why there is no more',
    (name) => expect(ask(`${name} ANY`)).toEqual(['NOERROR aa', `${name} 3600 IN HINFO "RFC8482" ""`]),
  )

  test('ANY at an alias is answered with the alias alone, as RFC 8482 4.2 asks', () =>
    expect(ask('alias.example.org. ANY')).toEqual(['NOERROR aa', 'alias.example.org. 300 IN CNAME www.example.org.']))
})

describe('a question for what is not there', () => {
  test.each<[string, string]>([
    ['www.example.org. AAAA', 'NOERROR'],
    ['example.org. A', 'NOERROR'],
    ['ent.example.org. A', 'NOERROR'],
    ['web.example.org. TXT', 'NOERROR'],
    ['web.example.org. AAAA', 'NOERROR'],
    ['six.example.org. A', 'NOERROR'],
    ['none.example.org. A', 'NOERROR'],
    ['x.wild.example.org. AAAA', 'NOERROR'],
    ['x.example.org. A', 'NOERROR'],
    ['sub.example.org. DS', 'NOERROR'],
    ['old.example.org. A', 'NOERROR'],
    ['a.www.example.org. A', 'NXDOMAIN'],
    ['a.www.example.org. ANY', 'NXDOMAIN'],
    ['a.no.wild.example.org. A', 'NXDOMAIN'],
    ['a.b.c.d.ent.example.org. A', 'NXDOMAIN'],
  ])('%s gets %s and the SOA, which may be kept for as long as its minimum says', (question, rcode) => {
    expect(ask(question)).toEqual([`${rcode} aa`, `! ${SOA}`])
    expect(scope(scene().ask(question, { ecs: '80.0.0.0/24' }))).toBe(0)
  })

  test('has the SOA of the zone that denies', () => {
    expect(ask('nope.example.com. A')).toEqual([
      'NXDOMAIN aa',
      '! example.com. 60 IN SOA ns1.example.com. hostmaster.example.com. 1 7200 1800 1209600 60',
    ])
  })

  // 119 labels of one octet above www.example.org. are 255 octets.
  test.each([1, 2, 3, 50, 119])('is denied %d labels below a name', (labels) => {
    expect(ask(`${'x.'.repeat(labels)}www.example.org. MX`)).toEqual(['NXDOMAIN aa', `! ${SOA}`])
  })

  test('is denied for a name of 255 octets', () => {
    const label = `${'x'.repeat(63)}.`
    const qname = `${label.repeat(3)}${'x'.repeat(45)}.www.example.org.`
    expect(nameOf(qname)).toHaveLength(255)
    expect(ask(`${qname} A`)).toEqual(['NXDOMAIN aa', `! ${SOA}`])
  })
})

describe('a wildcard', () => {
  test.each([
    'x.wild.example.org.',
    'X.WILD.example.org.',
    'a.b.c.wild.example.org.',
    '*.wild.example.org.',
    `${'x'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(63)}.wild.example.org.`,
  ])('answers %s as the owner, with the names in its data whole', (name) => {
    expect(ask(`${name} A`)).toEqual(['NOERROR aa', `${name} 300 IN A 192.0.2.9`])
    // Names in the data may point into the question: then they have its case.
    expect(ask(`${name} MX`).map((line) => line.replace(/EXAMPLE/g, 'example'))).toEqual([
      'NOERROR aa',
      `${name} 300 IN MX 5 mail.example.org.`,
      '+ mail.example.org. 300 IN A 192.0.2.25',
    ])
  })

  test('at the top of a zone answers what no other name covers', () => {
    expect(ask('anything.example.org. TXT')).toEqual(['NOERROR aa', 'anything.example.org. 300 IN TXT "top wildcard"'])
  })

  test('that is steered answers with its service, for each name', () => {
    for (const name of ['a.app.example.org.', 'A.b.App.example.org.']) {
      expect(ask(`${name} A`, { ecs: '81.0.0.0/24' })).toEqual(['NOERROR aa', `${name} 30 IN A 203.0.113.2`])
    }
  })

  test('that is an alias is followed from the name', () => {
    expect(ask('x.walias.example.org. A', { from: '81.1.1.1' })).toEqual([
      'NOERROR aa',
      'x.walias.example.org. 300 IN CNAME web.example.org.',
      'web.example.org. 30 IN A 203.0.113.2',
    ])
  })

  test('is not confused by a name in the zone of the highest octets', () => {
    const server = new Scene({
      zones: { 'example.org.': '*.w MX 1 \\255.w\n*.w MX 2 \\255\\255.w\n\\255.w A 192.0.2.1\n' },
    })
    expect(told(server.ask('x.w.example.org. MX'))).toEqual([
      'NOERROR aa',
      'x.w.example.org. 300 IN MX 1 \\255.w.example.org.',
      'x.w.example.org. 300 IN MX 2 \\255\\255.w.example.org.',
      '+ \\255.w.example.org. 300 IN A 192.0.2.1',
    ])
  })

  test('with more data than pointers reach is answered whole over TCP, for short and long names', () => {
    const exchanges = Array.from({ length: 2000 }, (_, i) => `*.w MX ${i} host${i}.mail${i % 7}`).join('\n')
    const server = new Scene({ zones: { 'example.org.': `${exchanges}\n` } })
    for (const name of ['a.w.example.org.', `${'x'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(63)}.w.example.org.`]) {
      const response = server.ask(`${name} MX`, { tcp: true })
      expect(response.answers).toHaveLength(2000)
      expect(lines(response.answers.slice(-1))).toEqual([`${name} 300 IN MX 1999 host1999.mail4.example.org.`])
    }
  })
})

describe('a delegation', () => {
  const referral = [
    'NOERROR',
    '! sub.example.org. 300 IN NS ns.sub.example.org.',
    '! sub.example.org. 300 IN NS ns.side.example.org.',
    '+ ns.sub.example.org. 300 IN A 192.0.2.60',
    '+ ns.side.example.org. 300 IN A 192.0.2.61',
  ]

  test.each([
    'sub.example.org. A',
    'sub.example.org. NS',
    'sub.example.org. ANY',
    'below.sub.example.org. A',
    'ns.sub.example.org. A',
    'a.b.c.sub.example.org. DS',
    `${'x'.repeat(63)}.${'y'.repeat(63)}.${'z'.repeat(63)}.sub.example.org. A`,
  ])('refers %s, without authority', (question) => expect(ask(question)).toEqual(referral))

  test('without room for the glue below the cut is truncated; other addresses are left out quietly', () => {
    const names = Array.from({ length: 16 }, (_, i) => i)
    const glue = (suffix: string): Scene =>
      new Scene({
        zones: {
          'example.org.': names
            .map((i) => `sub NS a${i}${suffix}\na${i}${suffix} A 192.0.2.${i}\na${i}${suffix} AAAA 2001:db8::${i}`)
            .join('\n'),
        },
      })
    const required = glue('.sub').ask('x.sub.example.org. A')
    expect(required).toMatchObject({ tc: true, aa: false, authorities: [], additionals: [] })
    expect(glue('.sub').ask('x.sub.example.org. A', { payload: 1232 }).additionals).toHaveLength(32)
    const optional = glue('').ask('x.sub.example.org. A')
    expect(optional).toMatchObject({ tc: false, aa: false, additionals: [] })
    expect(optional.authorities).toHaveLength(16)
    expect(glue('').ask('x.sub.example.org. A', { payload: 1232 }).additionals).toHaveLength(32)
  })
})

describe('a steered name', () => {
  test.each<[string, QueryParts, string[]]>([
    ['web.example.org. A', { from: '80.1.1.1' }, ['NOERROR aa', 'web.example.org. 30 IN A 203.0.113.1']],
    ['WEB.example.org. A', { from: '81.1.1.1' }, ['NOERROR aa', 'WEB.example.org. 30 IN A 203.0.113.2']],
    ['six.example.org. AAAA', {}, ['NOERROR aa', 'six.example.org. 30 IN AAAA 2001:db8:1::1']],
    ['dead.example.org. A', {}, ['SERVFAIL']],
    ['none.example.org. A', {}, ['NOERROR aa', `! ${SOA}`]],
    ['cdn.example.org. A', { from: '80.1.1.1' }, ['NOERROR aa', 'cdn.example.org. 30 IN CNAME www.cdn.example.net.']],
    [
      'cdn.example.org. A',
      { from: '81.1.1.1' },
      ['NOERROR aa', 'cdn.example.org. 30 IN CNAME www.example.org.', 'www.example.org. 300 IN A 192.0.2.1'],
    ],
    [
      'cdn.example.org. AAAA',
      { from: '81.1.1.1' },
      ['NOERROR aa', 'cdn.example.org. 30 IN CNAME www.example.org.', `! ${SOA}`],
    ],
    [
      'chain.example.org. A',
      { from: '81.1.1.1' },
      ['NOERROR aa', 'chain.example.org. 30 IN CNAME web.example.org.', 'web.example.org. 30 IN A 203.0.113.2'],
    ],
  ])('%s of a client at %j is answered by its service', (question, parts, expected) => {
    expect(ask(question, parts)).toEqual(expected)
  })

  test.each([
    ['web.example.org. A', 8],
    ['cdn.example.org. A', 8],
    ['chain.example.org. A', 8],
    ['six.example.org. AAAA', 0],
    ['dead.example.org. A', 0],
  ])('%s has the scope %d of what was asked of the client', (question, expected) => {
    expect(scope(scene().ask(question, { ecs: '81.1.1.0/24' }))).toBe(expected)
  })

  test('that fails at the end of a chain fails, without the chain', () => {
    const server = new Scene({
      zones: { 'example.org.': 'a CNAME dead\n' },
      steer: { 'dead.example.org.': 'dead' },
      services: { dead: { pools: { fra: ['192.0.2.1 down'] }, policy: 'weighted', onAllDown: 'servfail' } },
    })
    expect(told(server.ask('a.example.org. A'))).toEqual(['SERVFAIL'])
  })

  test('at the apex stands beside SOA, NS and MX', () => {
    const server = new Scene({
      zones: { 'example.org.': '@ MX 10 @\n' },
      steer: { 'example.org.': 'web' },
      services: { web: { pools: { fra: ['203.0.113.1'] }, policy: 'weighted', ttl: { max: 20, min: 5 } } },
    })
    expect(told(server.ask('example.org. A'))).toEqual(['NOERROR aa', 'example.org. 20 IN A 203.0.113.1'])
    expect(told(server.ask('example.org. MX'))).toEqual(['NOERROR aa', 'example.org. 300 IN MX 10 example.org.'])
    expect(told(server.ask('example.org. NS'))).toEqual(['NOERROR aa', 'example.org. 300 IN NS ns1.example.org.'])
  })

  test('whose answer does not fit is truncated, and whole over TCP', () => {
    const addresses = Array.from({ length: 40 }, (_, i) => `203.0.113.${i}`)
    const server = new Scene({
      zones: { 'example.org.': '' },
      steer: { 'www.example.org.': 'web' },
      services: { web: { pools: { fra: addresses }, policy: 'weighted' } },
    })
    expect(server.ask('www.example.org. A')).toMatchObject({ tc: true, aa: true, answers: [] })
    expect(server.ask('www.example.org. A', { payload: 1232 }).answers).toHaveLength(40)
    expect(server.ask('www.example.org. A', { tcp: true }).answers).toHaveLength(40)
  })
})

describe('a zone inside a zone', () => {
  const nested = (): Scene =>
    new Scene({
      zones: {
        'example.org.': 'sub NS ns.sub\nns.sub A 192.0.2.60\nsub DS 1 8 2 AA\nwww A 192.0.2.1\n',
        'sub.example.org.': 'www A 192.0.2.2\n',
      },
    })

  test('answers for itself, and the parent for the DS', () => {
    expect(told(nested().ask('www.sub.example.org. A'))).toEqual([
      'NOERROR aa',
      'www.sub.example.org. 300 IN A 192.0.2.2',
    ])
    expect(told(nested().ask('sub.example.org. NS'))[0]).toBe('NOERROR aa')
    expect(told(nested().ask('sub.example.org. DS'))[1]).toMatch(/^sub\.example\.org\. 300 IN DS/)
    expect(told(nested().ask('x.sub.example.org. A'))[1]).toMatch(/^! sub\.example\.org\. 60 IN SOA/)
  })
})

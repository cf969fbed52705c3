import { compileZones } from './compile-zones.ts'
import type { ZoneImage } from './image-layout.ts'
import { ask, zoneOf } from './zones.arbitraries.ts'

describe('the zone of RFC 4592 section 2.2.1', () => {
  const image = compileZones([
    zoneOf(
      'example.',
      `
      *.example.               TXT "this is a wildcard"
      *.example.               MX  10 host1.example.
      sub.*.example.           TXT "this is not a wildcard"
      host1.example.           A   192.0.2.1
      _ssh._tcp.host1.example. SRV 0 0 22 host1.example.
      _ssh._tcp.host2.example. SRV 0 0 22 host1.example.
      subdel.example.          NS  ns.example.com.
      subdel.example.          NS  ns.example.net.
      `,
    ),
  ])

  test.each([
    // The examples of the section itself.
    ['host3.example. MX', 'rrset *.example. MX by *.example. below example.'],
    ['host3.example. A', 'nodata by *.example. below example.'],
    ['foo.bar.example. TXT', 'rrset *.example. TXT by *.example. below example.'],
    ['host1.example. MX', 'nodata'],
    ['sub.*.example. MX', 'nodata'],
    ['_telnet._tcp.host1.example. SRV', 'nxdomain below _tcp.host1.example.'],
    ['host.subdel.example. A', 'referral subdel.example. below subdel.example.'],
    ['ghost.*.example. MX', 'nxdomain below *.example.'],
    // And around them.
    ['*.example. TXT', 'rrset *.example. TXT'],
    ['*.example. A', 'nodata'],
    ['host2.example. A', 'nodata'],
    ['_tcp.host2.example. SRV', 'nodata'],
    ['x.host2.example. TXT', 'nxdomain below host2.example.'],
    ['host1.example. ANY', 'rrset any'],
    ['_tcp.host1.example. ANY', 'rrset any'],
    ['host3.example. ANY', 'rrset any by *.example. below example.'],
    ['x.host1.example. ANY', 'nxdomain below host1.example.'],
    ['HOST1.ExAmPlE. A', 'rrset host1.example. A'],
    ['HOST3.EXAMPLE. TXT', 'rrset *.example. TXT by *.example. below EXAMPLE.'],
    ['example. SOA', 'rrset example. SOA'],
    ['example. NS', 'rrset example. NS'],
    ['example. DS', 'nodata'],
  ])('%s gives %s', (question, expected) => {
    expect(ask(image, question)).toBe(`${expected} in example.`)
  })

  test.each([['example.com. A'], ['. NS'], ['xample. A'], ['test. DS']])('%s is outside', (question) => {
    expect(ask(image, question)).toBe('outside')
  })
})

describe('wildcards at several depths', () => {
  const image = compileZones([
    zoneOf(
      'example.org.',
      `
      *          AAAA  ::1
      *          MX    10 mail.test.
      foo        A     192.0.2.202
      *.sub      A     192.0.2.222
      foo.*.sub  A     192.0.2.223
      asdf.*.xyz A     192.0.2.203
      a.b.y.z    A     192.0.2.204
      *.alias    CNAME foo
      *.host     A     192.0.2.205
      www.host   TXT   "beside"
      `,
      [
        ['*.app', 7],
        ['www.app', 8],
      ],
    ),
  ])

  test.each([
    ['xxx A', 'nodata by *.example.org. below example.org.'],
    ['xxx AAAA', 'rrset *.example.org. AAAA by *.example.org. below example.org.'],
    ['xxx.foo AAAA', 'nxdomain below foo.example.org.'],
    ['foo AAAA', 'nodata'],
    ['bar.sub A', 'rrset *.sub.example.org. A by *.sub.example.org. below sub.example.org.'],
    ['foo.foo.sub A', 'rrset *.sub.example.org. A by *.sub.example.org. below sub.example.org.'],
    ['*.sub A', 'rrset *.sub.example.org. A'],
    ['foo.*.sub A', 'rrset foo.*.sub.example.org. A'],
    ['bar.*.sub A', 'nxdomain below *.sub.example.org.'],
    ['x.foo.*.sub A', 'nxdomain below foo.*.sub.example.org.'],
    ['sub A', 'nodata'],
    ['xyz A', 'nodata'],
    ['foo.xyz A', 'nodata by *.xyz.example.org. below xyz.example.org.'],
    ['*.xyz A', 'nodata'],
    ['asdf.foo.xyz A', 'nodata by *.xyz.example.org. below xyz.example.org.'],
    ['b.y.z A', 'nodata'],
    ['y.z A', 'nodata'],
    ['foo.y.z A', 'nxdomain below y.z.example.org.'],
    ['x.alias A', 'cname *.alias.example.org. by *.alias.example.org. below alias.example.org.'],
    ['x.y.alias CNAME', 'rrset *.alias.example.org. CNAME by *.alias.example.org. below alias.example.org.'],
    ['www.host A', 'nodata'],
    ['x.www.host A', 'nxdomain below www.host.example.org.'],
    ['web.host A', 'rrset *.host.example.org. A by *.host.example.org. below host.example.org.'],
    ['x.app A', 'steered 7 by *.app.example.org. below app.example.org.'],
    ['x.y.app AAAA', 'steered 7 by *.app.example.org. below app.example.org.'],
    ['x.app TXT', 'nodata by *.app.example.org. below app.example.org.'],
    ['*.app A', 'steered 7'],
    ['www.app A', 'steered 8'],
    ['www.app ANY', 'rrset any'],
    ['x.www.app A', 'nxdomain below www.app.example.org.'],
    ['app A', 'nodata'],
  ])('%s gives %s', (question, expected) => {
    expect(ask(image, question.replace(' ', '.example.org. '))).toBe(`${expected} in example.org.`)
  })
})

describe('aliases and steered names', () => {
  const image = compileZones([
    zoneOf(
      'example.org.',
      `
      alias     CNAME www
      www       MX    10 mail.test.
      www       TXT   "beside"
      moved     DNAME elsewhere.test.
      moved     TXT   "beside"
      `,
      [
        ['@', 3],
        ['www', 4],
      ],
    ),
  ])

  test.each([
    ['example.org. A', 'steered 3'],
    ['example.org. AAAA', 'steered 3'],
    ['example.org. SOA', 'rrset example.org. SOA'],
    ['www.example.org. A', 'steered 4'],
    ['www.example.org. MX', 'rrset www.example.org. MX'],
    ['www.example.org. HTTPS', 'nodata'],
    ['alias.example.org. A', 'cname alias.example.org.'],
    ['alias.example.org. MX', 'cname alias.example.org.'],
    ['alias.example.org. CNAME', 'rrset alias.example.org. CNAME'],
    ['alias.example.org. ANY', 'rrset alias.example.org. CNAME'],
    ['x.alias.example.org. A', 'nxdomain below alias.example.org.'],
    // RFC 6672 section 2.3: the DNAME does not redirect its owner.
    ['moved.example.org. A', 'nodata'],
    ['moved.example.org. DNAME', 'rrset moved.example.org. DNAME'],
    ['moved.example.org. TXT', 'rrset moved.example.org. TXT'],
    ['x.moved.example.org. A', 'dname moved.example.org. below moved.example.org.'],
    ['y.x.moved.example.org. DNAME', 'dname moved.example.org. below moved.example.org.'],
    ['*.moved.example.org. ANY', 'dname moved.example.org. below moved.example.org.'],
  ])('%s gives %s', (question, expected) => {
    expect(ask(image, question)).toBe(`${expected} in example.org.`)
  })

  test('a DNAME at the apex redirects all names below it and leaves the apex alone', () => {
    const apexImage = compileZones([zoneOf('example.net.', '@ DNAME example.org.\n@ TXT "here"')])
    expect(ask(apexImage, 'example.net. TXT')).toBe('rrset example.net. TXT in example.net.')
    expect(ask(apexImage, 'a.b.example.net. A')).toBe('dname example.net. below example.net. in example.net.')
  })

  test('names below a DNAME are redirected even where the file has them', () => {
    const hidden = compileZones([zoneOf('example.net.', 'd DNAME x.test.\nwww.d A 192.0.2.1\nsub.d NS ns.test.')])
    for (const name of ['www.d', 'sub.d', 'x.sub.d', 'x.www.d']) {
      expect(ask(hidden, `${name}.example.net. A`)).toBe('dname d.example.net. below d.example.net. in example.net.')
    }
  })

  test('a DNAME at a wildcard redirects names below the literal asterisk only', () => {
    const wild = compileZones([zoneOf('example.net.', '* DNAME x.test.')])
    expect(ask(wild, 'a.example.net. A')).toBe('nodata by *.example.net. below example.net. in example.net.')
    expect(ask(wild, 'a.example.net. DNAME')).toContain('rrset *.example.net. DNAME by')
    expect(ask(wild, 'a.*.example.net. A')).toBe('dname *.example.net. below *.example.net. in example.net.')
  })
})

describe('zone cuts', () => {
  const image = compileZones([
    zoneOf(
      'example.org.',
      `
      sub         NS  ns.sub
      sub         NS  ns.elsewhere.test.
      sub         DS  12345 13 2 0102030405060708091011121314151617181920212223242526272829303132
      ns.sub      A   192.0.2.53
      deep.sub    NS  ns.sub
      d.sub       DNAME x.test.
      unsigned    NS  ns.test.
      *           TXT "wildcard"
      `,
    ),
  ])

  test.each([
    ['sub.example.org. NS', 'referral sub.example.org.'],
    ['sub.example.org. A', 'referral sub.example.org.'],
    ['sub.example.org. ANY', 'referral sub.example.org.'],
    ['sub.example.org. DS', 'rrset sub.example.org. DS'],
    ['unsigned.example.org. DS', 'nodata'],
    ['ns.sub.example.org. A', 'referral sub.example.org. below sub.example.org.'],
    ['ns.sub.example.org. DS', 'referral sub.example.org. below sub.example.org.'],
    ['nope.ns.sub.example.org. A', 'referral sub.example.org. below sub.example.org.'],
    ['deep.sub.example.org. DS', 'referral sub.example.org. below sub.example.org.'],
    ['x.d.sub.example.org. A', 'referral sub.example.org. below sub.example.org.'],
    ['*.sub.example.org. TXT', 'referral sub.example.org. below sub.example.org.'],
    ['x.example.org. DS', 'nodata by *.example.org. below example.org.'],
  ])('%s gives %s', (question, expected) => {
    expect(ask(image, question)).toBe(`${expected} in example.org.`)
  })
})

describe('several zones', () => {
  const parent = zoneOf(
    'example.org.',
    `
    child        NS ns.child
    child        DS 12345 13 2 0102030405060708091011121314151617181920212223242526272829303132
    ns.child     A  192.0.2.53
    a.b.other    TXT "makes empty non-terminals"
    cut          NS ns.test.
    *            TXT "wildcard"
    `,
  )
  const images: [string, ZoneImage][] = [
    ['parent first', [0, 1, 2, 3]],
    ['parent last', [3, 2, 1, 0]],
  ].map(([label, order]) => {
    const zones = [
      parent,
      zoneOf('child.example.org.', 'ns A 192.0.2.53\nwww A 192.0.2.80'),
      zoneOf('undelegated.other.example.org.', 'www A 192.0.2.80'),
      zoneOf('far.cut.example.org.', 'www A 192.0.2.80'),
    ]
    return [label as string, compileZones((order as number[]).map((i) => zones[i]!))]
  })

  describe.each(images)('%s', (_, image) => {
    test.each([
      ['www.child.example.org. A', 'rrset www.child.example.org. A in child.example.org.'],
      ['child.example.org. NS', 'rrset child.example.org. NS in child.example.org.'],
      ['child.example.org. SOA', 'rrset child.example.org. SOA in child.example.org.'],
      ['child.example.org. ANY', 'rrset any in child.example.org.'],
      ['nope.child.example.org. TXT', 'nxdomain below child.example.org. in child.example.org.'],
      // RFC 4035 section 3.1.4.1: the parent's side answers for the DS.
      ['child.example.org. DS', 'rrset child.example.org. DS in example.org.'],
      ['www.child.example.org. DS', 'nodata in child.example.org.'],
      // A child that its parent does not delegate is still not denied by it.
      ['undelegated.other.example.org. DS', 'nodata in example.org.'],
      [
        'www.undelegated.other.example.org. A',
        'rrset www.undelegated.other.example.org. A in undelegated.other.example.org.',
      ],
      ['other.example.org. TXT', 'nodata in example.org.'],
      ['x.other.example.org. TXT', 'nxdomain below other.example.org. in example.org.'],
      // The parent of this one is not here: the child answers for itself.
      ['far.cut.example.org. DS', 'nodata in far.cut.example.org.'],
      ['near.cut.example.org. DS', 'referral cut.example.org. below cut.example.org. in example.org.'],
      ['x.example.org. TXT', 'rrset *.example.org. TXT by *.example.org. below example.org. in example.org.'],
      ['org. SOA', 'outside'],
    ])('%s gives %s', (question, expected) => {
      expect(ask(image, question)).toBe(expected)
    })
  })

  test('a child zone makes its parent keep the empty non-terminals above it', () => {
    const image = compileZones([zoneOf('example.', '* TXT "x"'), zoneOf('c.b.a.example.', '')])
    expect(ask(image, 'a.example. TXT')).toBe('nodata in example.')
    expect(ask(image, 'x.b.a.example. TXT')).toBe('nxdomain below b.a.example. in example.')
  })

  test('a zone whose apex is an asterisk is no wildcard of its parent', () => {
    const image = compileZones([zoneOf('example.', ''), zoneOf('*.example.', '@ TXT "x"')])
    expect(ask(image, 'a.example. TXT')).toBe('nxdomain below example. in example.')
    expect(ask(image, '*.example. TXT')).toBe('rrset *.example. TXT in *.example.')
    expect(ask(image, 'a.*.example. TXT')).toBe('nxdomain below *.example. in *.example.')
  })

  test('the root zone holds every name that no other zone does', () => {
    const image = compileZones([zoneOf('.', 'org NS ns.test.\nnet TXT "x"'), zoneOf('example.org.', '')])
    expect(ask(image, '. NS')).toBe('rrset . NS in .')
    expect(ask(image, 'nope. A')).toBe('nxdomain below . in .')
    expect(ask(image, 'www.net. A')).toBe('nxdomain below net. in .')
    expect(ask(image, 'www.org. A')).toBe('referral org. below org. in .')
    expect(ask(image, 'example.org. SOA')).toBe('rrset example.org. SOA in example.org.')
    expect(ask(image, '. DS')).toBe('nodata in .')
  })

  test('without zones every name is outside', () => {
    expect(ask(compileZones([]), '. NS')).toBe('outside')
    expect(ask(compileZones([]), 'www.example.org. A')).toBe('outside')
  })
})

describe('names of 127 labels', () => {
  const deepest = `${'a.'.repeat(127)}`
  const wildcardOwner = `*.${'b.'.repeat(3)}`
  const image = compileZones([zoneOf('.', `${deepest} TXT "x"\n${wildcardOwner} TXT "y"`)])

  test.each([
    [`${deepest} TXT`, `rrset ${deepest} TXT in .`],
    [`${'a.'.repeat(126)} TXT`, 'nodata in .'],
    [`${'c.'.repeat(127)} TXT`, 'nxdomain below . in .'],
    [`${'b.'.repeat(127)} TXT`, 'rrset *.b.b.b. TXT by *.b.b.b. below b.b.b. in .'],
    [`${'A.'.repeat(127)} TXT`, `rrset ${deepest} TXT in .`],
  ])('%.12s... gives %.30s', (question, expected) => {
    expect(ask(image, question)).toBe(expected)
  })

  test('a name much deeper than any in the image finds its closest encloser', () => {
    const flat = compileZones([zoneOf('example.', 'www TXT "x"')])
    expect(ask(flat, `${'a.'.repeat(120)}www.example. TXT`)).toBe('nxdomain below www.example. in example.')
  })
})

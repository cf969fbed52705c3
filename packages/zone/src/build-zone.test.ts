import { APEX_RECORDS, printProblem, tryZone } from './zones.arbitraries.ts'

/** Problems of a zone example.org whose lines follow three that are in order; the fourth line is the first here. */
function problemsOf(text: string, steered: readonly (readonly [string, number])[] = []): string[] {
  return tryZone('example.org.', `${APEX_RECORDS}${text}`, steered).problems.map(printProblem)
}

test('a zone with all that zones may have is built without a word', () => {
  const { zone, problems } = tryZone(
    'example.org.',
    `${APEX_RECORDS}
    @         NS    ns1
    @         MX    10 mail
    @         TXT   "v=spf1 -all"
    ns1       A     192.0.2.53
    mail      AAAA  2001:db8::25
    www       MX    0 .
    _sip._tcp SRV   0 0 5060 mail
    alias     CNAME www
    moved     DNAME elsewhere.test.
    sub       NS    ns.sub
    sub       NS    sub
    sub       NS    ns.other
    sub       DS    12345 13 2 0102030405060708091011121314151617181920212223242526272829303132
    sub       A     192.0.2.60
    ns.sub    AAAA  2001:db8::53
    other     NS    ns.other
    ns.other  A     192.0.2.61
    *.wild    A     192.0.2.1
    x.*.wild  A     192.0.2.2
    `,
    [
      ['@', 0],
      ['www', 1],
      ['*.app', 0],
      ['www.app', 1],
    ],
  )
  expect(problems).toEqual([])
  expect(zone!.records).toHaveLength(21)
  expect(zone!.steered).toHaveLength(4)
})

describe('refused', () => {
  test.each<[string, string, string]>([
    [
      'a CNAME beside other data',
      'www CNAME a.test.\nwww TXT "x"\nwww A 192.0.2.1\nwww A 192.0.2.2',
      'zone:4: error: www.example.org. is an alias (CNAME) and has other records: TXT, A',
    ],
    [
      'a CNAME at the apex',
      '@ CNAME a.test.',
      'zone:4: error: example.org. is an alias (CNAME) and has other records: SOA, NS',
    ],
    [
      'two CNAME records',
      'www CNAME a.test.\nwww CNAME b.test.',
      'zone:5: error: www.example.org. has more than one CNAME record',
    ],
    [
      'two DNAME records',
      'd DNAME a.test.\nd DNAME b.test.',
      'zone:5: error: d.example.org. has more than one DNAME record',
    ],
    [
      'a DNAME beside a CNAME',
      'd DNAME a.test.\nd CNAME b.test.',
      'zone:5: error: d.example.org. is an alias (CNAME) and has other records: DNAME',
    ],
    [
      'a DNAME at a zone cut',
      'd NS ns.test.\nd DNAME a.test.',
      'zone:5: error: d.example.org. is delegated (NS) and also has a DNAME record',
    ],
    [
      'an SOA record below the apex',
      'x SOA ns host 1 2 3 4 5',
      'zone:4: error: the SOA record of x.example.org. is not at the apex, example.org.',
    ],
    [
      'a second SOA record',
      '@ 3600 SOA ns host 1 2 3 4 5',
      'zone:4: error: the zone example.org. has more than one SOA record',
    ],
    [
      'a wildcard that delegates',
      '*.x NS ns.test.',
      'zone:4: error: *.x.example.org. has NS records, but a wildcard cannot delegate',
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual([expected])
    expect(tryZone('example.org.', `${APEX_RECORDS}${text}`).zone).toBeUndefined()
  })

  test('a zone without records, at the place of the configuration', () => {
    expect(tryZone('example.org.', '').problems.map(printProblem)).toEqual([
      'windrose.yaml:100: error: the zone example.org. has no SOA record',
      'windrose.yaml:100: error: the zone example.org. has no NS record at its apex',
    ])
  })

  test('a zone without NS records, at the place of its SOA record', () => {
    const { problems } = tryZone('example.org.', '\n@ 300 SOA ns host 1 2 3 4 5\nx 300 NS ns.test.')
    expect(problems.map(printProblem)).toEqual(['zone:2: error: the zone example.org. has no NS record at its apex'])
    expect(problems[0]!.hint).toBe('name its servers, such as: example.org. 3600 IN NS ns1.example.org.')
  })

  test('the root zone is no special case of the hints', () => {
    const hints = tryZone('.', '').problems.map(({ hint }) => hint)
    expect(hints).toEqual([
      'begin the file with one, such as: . 3600 IN SOA ns1. hostmaster. 1 7200 1800 1209600 300',
      'name its servers, such as: . 3600 IN NS ns1.',
    ])
  })
})

describe('steered names', () => {
  test.each<[string, string, string, string]>([
    ['an A record', 'www A 192.0.2.1', 'www', 'is steered, but has records in the zone file: A (zone:4)'],
    [
      'an AAAA record',
      'www TXT "x"\nwww AAAA ::1',
      'www',
      'is steered, but has records in the zone file: AAAA (zone:5)',
    ],
    ['a CNAME', 'www CNAME a.test.', 'www', 'is steered, but has records in the zone file: CNAME (zone:4)'],
    ['a DNAME', 'www DNAME a.test.', 'www', 'is steered, but has records in the zone file: DNAME (zone:4)'],
    [
      'an A record, in other case',
      'WWW A 192.0.2.1',
      'www',
      'is steered, but has records in the zone file: A (zone:4)',
    ],
    ['a wildcard A record', '*.w A 192.0.2.1', '*.w', 'is steered, but has records in the zone file: A (zone:4)'],
  ])('with %s are refused', (_, text, steered, expected) => {
    expect(problemsOf(text, [[steered, 0]])).toEqual([`windrose.yaml:1: error: ${steered}.example.org. ${expected}`])
  })

  test.each<[string, string, string, string]>([
    [
      'below a zone cut',
      'sub NS ns.test.',
      'www.sub',
      'the steered name www.sub.example.org. is below the zone cut at sub.example.org. (zone:4)',
    ],
    ['at a zone cut', 'sub NS ns.test.', 'sub', 'the steered name sub.example.org. is delegated (zone:4)'],
    [
      'below a DNAME',
      'd DNAME a.test.',
      'x.y.d',
      'the steered name x.y.d.example.org. is below the DNAME at d.example.org. (zone:4)',
    ],
    ['outside', '', 'www.example.net.', 'the steered name www.example.net. is not in the zone example.org.'],
  ])('%s are refused', (_, text, steered, expected) => {
    expect(problemsOf(text, [[steered, 0]])).toEqual([`windrose.yaml:1: error: ${expected}`])
  })

  test.each([
    ['with address hints of its own is refused', 'www HTTPS 1 . ipv4hint=192.0.2.1', 'an ipv4hint'],
    ['in either family', 'www SVCB 1 . alpn=h2 ipv6hint=2001:db8::1', 'an ipv6hint'],
  ])('an SVCB or HTTPS record %s', (_, text, hint) => {
    const rtype = text.split(' ')[1]
    expect(problemsOf(text, [['www', 0]])).toEqual([
      `zone:4: error: www.example.org. is steered, and its ${rtype} record has ${hint}`,
    ])
  })

  test('may have an HTTPS record without hints, and one that hints at another name', () => {
    expect(problemsOf('www HTTPS 1 . alpn=h2\nwww HTTPS 2 a.test. ipv4hint=192.0.2.1', [['www', 0]])).toEqual([])
  })

  test('are steered once', () => {
    expect(
      problemsOf('', [
        ['www', 0],
        ['x', 0],
        ['WWW', 1],
      ]),
    ).toEqual(['windrose.yaml:3: error: WWW.example.org. is steered twice, also at windrose.yaml:1'])
  })
})

describe('warned of', () => {
  test.each<[string, string, string[]]>([
    [
      'a record out of the zone',
      'www.example.net. A 192.0.2.1',
      ['zone:4: warning: www.example.net. is not in the zone example.org.; the record is left out'],
    ],
    [
      'a DS record at the apex',
      '@ DS 12345 13 2 0102030405060708091011121314151617181920212223242526272829303132',
      [
        "zone:4: warning: a DS record of example.org. belongs into its parent's zone (RFC 4035 section 2.4); the record is left out",
      ],
    ],
    [
      'missing glue',
      'sub NS ns.sub\nsub NS sub\nns.sub TXT "no address"',
      [
        'zone:4: warning: sub.example.org. is delegated to ns.sub.example.org., a name below the zone cut, and there is no address (glue) for it',
        'zone:5: warning: sub.example.org. is delegated to sub.example.org., a name below the zone cut, and there is no address (glue) for it',
        'zone:6: warning: ns.sub.example.org. is below the zone cut at sub.example.org. (zone:4); these of its records are never answered: TXT',
      ],
    ],
    [
      'a name server in the zone without an address',
      '@ NS ns1\nsub NS ns2\nns2 TXT "x"',
      [
        'zone:4: warning: the name server ns1.example.org. of example.org. is in this zone, but has no address',
        'zone:5: warning: the name server ns2.example.org. of sub.example.org. is in this zone, but has no address',
      ],
    ],
    [
      'NS, MX and SRV records that point at an alias',
      'alias CNAME a.test.\n*.w CNAME a.test.\nd DNAME a.test.\n@ NS alias\n@ MX 0 x.w\n_s._tcp SRV 0 0 1 x.d\nsub NS alias',
      [
        'zone:7: warning: the NS record points at alias.example.org., which is an alias',
        'zone:8: warning: the MX record points at x.w.example.org., which is an alias',
        'zone:9: warning: the SRV record points at x.d.example.org., which is an alias',
        'zone:10: warning: the NS record points at alias.example.org., which is an alias',
      ],
    ],
    [
      'data below a zone cut, and at it',
      'sub NS ns.test.\nwww.sub A 192.0.2.1\nwww.sub TXT "x"\nsub MX 0 a.test.\nsub A 192.0.2.1\n*.sub NS ns.test.',
      [
        'zone:5: warning: www.sub.example.org. is below the zone cut at sub.example.org. (zone:4); these of its records are never answered: A, TXT',
        'zone:7: warning: sub.example.org. is delegated (zone:4); these of its records are never answered: MX, A',
        'zone:9: warning: *.sub.example.org. is below the zone cut at sub.example.org. (zone:4); these of its records are never answered: NS',
      ],
    ],
    [
      'data below a DNAME',
      'd DNAME a.test.\nwww.d A 192.0.2.1\nsub.d NS ns.test.',
      [
        'zone:5: warning: www.d.example.org. is below the DNAME at d.example.org. (zone:4); these of its records are never answered: A',
        'zone:6: warning: sub.d.example.org. is below the DNAME at d.example.org. (zone:4); these of its records are never answered: NS',
      ],
    ],
    [
      'a DNAME at a wildcard',
      '*.w DNAME a.test.',
      ['zone:4: warning: the DNAME of *.w.example.org. redirects only names below a literal asterisk'],
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected)
    expect(tryZone('example.org.', `${APEX_RECORDS}${text}`).zone).toBeDefined()
  })

  test('a record that is left out is not in the zone', () => {
    const { zone } = tryZone('example.org.', `${APEX_RECORDS}x.example.net. A 192.0.2.1\nx A 192.0.2.2`)
    expect(zone!.records.map(({ place }) => place.line)).toEqual([2, 3, 5])
  })

  test('name servers whose addresses come from a wildcard, from steering or from a child are in order', () => {
    const text = '@ NS ns.w\n@ NS ns.steered\n@ NS ns.child\n*.w A 192.0.2.1\nchild NS ns.test.\nns.child A 192.0.2.2'
    expect(problemsOf(text, [['ns.steered', 0]])).toEqual([])
  })
})

test('all problems are listed at once, in the order of the files, each with a hint', () => {
  const { problems } = tryZone(
    'example.org.',
    '@ 300 NS ns\nwww 300 CNAME a.test.\nwww 300 A 192.0.2.1\nx.test. 300 A 192.0.2.1\n*.x 300 NS ns.test.',
    [
      ['www', 0],
      ['www', 1],
    ],
  )
  expect(problems.map(({ severity, place }) => `${place.file}:${place.line} ${severity}`)).toEqual([
    'windrose.yaml:1 error',
    'windrose.yaml:2 error',
    'windrose.yaml:100 error',
    'zone:1 warning',
    'zone:2 error',
    'zone:4 warning',
    'zone:5 error',
  ])
  for (const { hint } of problems) expect(hint).toMatch(/\w/)
})

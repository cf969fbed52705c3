import { printName } from '@windrose/dns'
import { WHOAMI_SERVICE } from '@windrose/nameserver'
import { listProblems, readWritten, type WrittenFiles, ZONE_FILE } from './written-configuration.arbitraries.ts'

/** What is written, and exactly what is printed. */
const MISTAKES: readonly (readonly [mistake: string, files: WrittenFiles, listing: string])[] = [
  [
    'a service that does not exist',
    {
      'windrose.yaml': `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { www: wbe, "@": web, me: whoamI }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:11:19: zones["example.org"].steer.www: there is no service "wbe"
    steer: { www: wbe, "@": web, me: whoamI }
                  ^^^
    did you mean "web"?
windrose.yaml:11:38: zones["example.org"].steer.me: there is no service "whoamI"
    steer: { www: wbe, "@": web, me: whoamI }
                                     ^^^^^^
    did you mean "whoami"?`,
  ],
  [
    'a name that is none',
    {
      'windrose.yaml': `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { "a..b": web, www: web }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:11:14: zones["example.org"].steer["a..b"]: not a name: a label is empty (two dots in a row)
    steer: { "a..b": web, www: web }
             ^^^^^^`,
  ],
  [
    'an apex that is none, and one twice',
    {
      'windrose.yaml': `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { www: web }
  Example.ORG.: { records: org.zone }
  a..b: { records: x }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:12:3: zones["Example.ORG."]: the zone Example.ORG. is there twice
    Example.ORG.: { records: org.zone }
    ^^^^^^^^^^^^
    keep one of them
windrose.yaml:13:3: zones["a..b"]: not a name: a label is empty (two dots in a row)
    a..b: { records: x }
    ^^^^`,
  ],
  [
    'a zone file that is missing',
    {
      'windrose.yaml': `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
zones:
  example.org:
    records: zones/org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:10:14: zones["example.org"].records: cannot read zones/org.zone: no such file
    records: zones/org.zone
             ^^^^^^^^^^^^^^
    the master file is relative to this file`,
  ],
  [
    'a CNAME endpoint at the apex and beside other records',
    {
      'windrose.yaml': `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [{ cname: cdn.example.net }] }
zones:
  example.org:
    records: org.zone
    steer: { "@": web, www: web, mail: web }
`,
      'org.zone': `$TTL 3600
@ SOA ns1.example.net. hostmaster 1 7200 1800 1209600 30
  NS ns1.example.net.
mail MX 10 mx.example.net.
`,
    },
    `windrose.yaml:11:14: zones["example.org"].steer["@"]: "web" has a CNAME endpoint, and the apex has an SOA record: an alias is alone at its name
    steer: { "@": web, www: web, mail: web }
             ^^^
    write alias: in place of cname:, or steer a name below the apex
windrose.yaml:11:34: zones["example.org"].steer.mail: "web" has a CNAME endpoint, and mail.example.org. has a record of type MX (org.zone:4): an alias is alone at its name
    steer: { "@": web, www: web, mail: web }
                                 ^^^^
    remove the record, or give the service addresses`,
  ],
]

describe('a zone', () => {
  test.each(MISTAKES)('is refused with %s', async (_mistake, files, listing) => {
    expect(await listProblems(files)).toBe(listing)
  })

  test('has its records and its steered names, relative, absolute, wildcard and at the apex', async () => {
    const steer = '{ "@": web, www: web, "*.app": web, me.example.org.: whoami, "Shop": api }'
    const { configuration, problems } = await readWritten({
      'windrose.yaml': `${SERVICES}zones:\n  Example.org: { records: zones/org.zone, steer: ${steer} }\n`,
      'zones/org.zone': ZONE_FILE,
    })
    expect(problems).toEqual([])
    const [zone] = configuration?.zones ?? []
    expect(printName(zone!.apex)).toBe('Example.org.')
    expect(zone?.records).toHaveLength(6)
    expect(zone?.steered.map(({ owner, service, place }) => [printName(owner), service, place.column])).toEqual([
      ['Example.org.', 0, place('"@"')],
      ['www.Example.org.', 0, place('www')],
      ['*.app.Example.org.', 0, place('"*.app"')],
      ['me.example.org.', WHOAMI_SERVICE, place('me.')],
      ['Shop.Example.org.', 1, place('"Shop"')],
    ])
    function place(key: string): number {
      return `  Example.org: { records: zones/org.zone, steer: ${steer}`.indexOf(key) + 1
    }
  })

  // The zone package has its own words for these; what counts here is that they come with the place and the line.
  test.each([
    ['beside an address', 'ns1', /^windrose\.yaml:7:\d+: .*ns1\.example\.org\..*\n {4}steer: \{ ns1: web \}\n/],
    ['below a zone cut', 'a.sub', /^windrose\.yaml:7:\d+: .*a\.sub\.example\.org\..*\n {4}steer: \{ a\.sub: web \}\n/],
    ['at a zone cut', 'sub', /^windrose\.yaml:7:\d+: .*sub\.example\.org\..*\n {4}steer: \{ sub: web \}\n/],
    ['outside', 'other.net.', /^windrose\.yaml:7:\d+: .*other\.net\..*\n {4}steer: \{ other\.net\.: web \}\n/],
  ])('is refused with a steered name %s', async (_where, name, listing) => {
    const yaml = `${ONE_SERVICE}zones:\n  example.org:\n    records: org.zone\n    steer: { ${name}: web }\n`
    expect(await listProblems({ 'windrose.yaml': yaml, 'org.zone': ZONE_FILE })).toMatch(listing)
  })

  test('may have MX and TXT records beside a steered name', async () => {
    const zoneFile = `${ZONE_FILE}www TXT "hello"\n    MX 10 mail.example.net.\n`
    const yaml = `${ONE_SERVICE}zones:\n  example.org: { records: org.zone, steer: { www: web, "@": web } }\n`
    expect(await listProblems({ 'windrose.yaml': yaml, 'org.zone': zoneFile })).toBe('')
  })

  test('is refused with a mistake in its file, in the words and at the place of the file', async () => {
    const listing = await listProblems({
      'windrose.yaml': 'zones:\n  example.org: { records: zones/org.zone }\n',
      'zones/org.zone': `${ZONE_FILE}$INCLUDE more/hosts.zone\n`,
      'zones/more/hosts.zone': 'a A 192.0.2.1\nb A 192.0.2.300\n',
    })
    expect(listing).toMatch(/^zones\/more\/hosts\.zone:2:5: .*\n {4}b A 192\.0\.2\.300\n {8}\^{11}/)
  })

  test('is refused without an SOA record, at its place in the configuration', async () => {
    const files = {
      'windrose.yaml': 'zones:\n  example.org: { records: org.zone }\n',
      'org.zone': '@ 60 NS ns.example.net.\n',
    }
    expect(await listProblems(files)).toMatch(
      /^windrose\.yaml:2:3: .*SOA.*\n {4}example\.org: \{ records: org\.zone \}\n/,
    )
  })

  test('inside another zone is told when that does not delegate it', async () => {
    const yaml = `zones:\n  example.org: { records: org.zone }\n  lab.example.org: { records: lab.zone }\n`
    const files = { 'windrose.yaml': yaml, 'org.zone': ZONE_FILE, 'lab.zone': ZONE_FILE }
    expect(await listProblems(files)).toMatch(/lab\.zone:2:\d+: warning: .*does not delegate/)
  })
})

const SERVICES = `sites: { fra: {} }
services:
  web: { policy: failover, pools: { fra: [192.0.2.1] } }
  api: { policy: failover, pools: { fra: [192.0.2.2] } }
`

const ONE_SERVICE = `sites: { fra: {} }
services:
  web: { policy: failover, pools: { fra: [192.0.2.1] } }
`

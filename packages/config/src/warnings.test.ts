import { listProblems, readWritten, type WrittenFiles, ZONE_FILE } from './written-configuration.arbitraries.ts'

/** What is written, and exactly what is printed. */
const WARNINGS: readonly (readonly [mistake: string, files: WrittenFiles, listing: string])[] = [
  [
    'an empty answer when all is down',
    {
      'windrose.yaml': `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    on_all_down: nodata
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
  api: { policy: failover, on_all_down: servfail, pools: { fra: [192.0.2.1], iad: [192.0.2.2] } }
zones:
  example.org:
    records: org.zone
    steer: { www: web, api: api }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:7:18: warning: services.web.on_all_down: when every endpoint is down, or only seems so, clients get an empty answer
    on_all_down: nodata
                 ^^^^^^
    serve_all lets them try
windrose.yaml:9:41: warning: services.api.on_all_down: when every endpoint is down, or only seems so, clients get SERVFAIL
    api: { policy: failover, on_all_down: servfail, pools: { fra: [192.0.2.1], iad: [192.0.2.2] } }
                                          ^^^^^^^^
    serve_all lets them try`,
  ],
  [
    'what nothing refers to',
    `sites:
  fra: {}
  old: {}
checks:
  page: { type: http }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1] }
`,
    `windrose.yaml:1:1: warning: there are no zones: every query is refused
windrose.yaml:3:3: warning: sites.old: no service has a pool here
    old: {}
    ^^^
windrose.yaml:5:3: warning: checks.page: no service uses this check
    page: { type: http }
    ^^^^
windrose.yaml:7:3: warning: services.web: no name is steered to this service
    web:
    ^^^`,
  ],
  [
    'two sites in one country with country data only',
    {
      'windrose.yaml': `sites:
  fra: { at: [50.11, 8.68], country: DE }
  ber: { at: [52.5, 13.4], country: DE }
services:
  web:
    policy: nearest
    pools: { fra: [192.0.2.1], ber: [192.0.2.2] }
zones:
  example.org:
    records: org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:3:3: warning: sites.ber: is in DE like "fra", and the geo data knows only countries: clients there are all at one point
    ber: { at: [52.5, 13.4], country: DE }
    ^^^
    name a City database in geo.databases, or let failover or weighted choose between the two`,
  ],
  [
    'a rate that is too small for so many endpoints',
    {
      'windrose.yaml': `sites: { fra: {} }
checks:
  page: { type: http, interval: 100ms, max_rate: 25 }
  name: { type: dns, qname: example.org, interval: 2s, max_rate: 2 }
services:
  web:
    policy: failover
    checks: [page, name]
    pools: { fra: [192.0.2.1, 192.0.2.2, 192.0.2.3] }
zones:
  example.org:
    records: org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:3:50: warning: checks.page.max_rate: 3 endpoints, each every 100ms, are 30 probes a second: some are left out
    page: { type: http, interval: 100ms, max_rate: 25 }
                                                   ^^
    at least 30, or an interval of 120ms`,
  ],
  [
    'an answer that does not fit',
    {
      'windrose.yaml': `sites: { fra: {} }
services:
  web:
    policy: failover
    pools:
      fra: ["2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8::4", "2001:db8::5", "2001:db8::6", "2001:db8::7", "2001:db8::8", "2001:db8::9", "2001:db8::a", "2001:db8::b", "2001:db8::c", "2001:db8::d", "2001:db8::e", "2001:db8::f", "2001:db8::10", "2001:db8::11", "2001:db8::12", "2001:db8::13", "2001:db8::14", "2001:db8::15", "2001:db8::16", "2001:db8::17", "2001:db8::18", "2001:db8::19", "2001:db8::1a", "2001:db8::1b", "2001:db8::1c", "2001:db8::1d", "2001:db8::1e", "2001:db8::1f", "2001:db8::20", "2001:db8::21", "2001:db8::22", "2001:db8::23", "2001:db8::24", "2001:db8::25", "2001:db8::26", "2001:db8::27", "2001:db8::28", "2001:db8::29", "2001:db8::2a", "2001:db8::2b", "2001:db8::2c", "2001:db8::2d"]
zones:
  example.org:
    records: org.zone
    steer: { www: web }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:3:3: warning: services.web: an answer with 45 IPv6 addresses has 1356 octets, more than the 1232 of a UDP response
    web:
    ^^^
    answers: 40`,
  ],
]

describe('a configuration', () => {
  test.each(WARNINGS)('is served with a warning of %s', async (_mistake, files, listing) => {
    expect(await listProblems(files)).toBe(listing)
  })

  test.each(WARNINGS)('with a warning of %s is a configuration all the same', async (_mistake, files) => {
    expect((await readWritten(files)).configuration).toBeDefined()
  })
})

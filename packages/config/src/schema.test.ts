import { listProblems, type WrittenFiles } from './written-configuration.arbitraries.ts'

/** What is written, and exactly what is printed. */
const MISTAKES: readonly (readonly [mistake: string, files: WrittenFiles, listing: string])[] = [
  [
    'a duration without a unit',
    `checks:
  page: { type: http, interval: 5 }
`,
    `windrose.yaml:2:33: checks.page.interval: expected a duration
    page: { type: http, interval: 5 }
                                  ^
    write a number with its unit: 500ms, 5s, 2m, 1h30m, 1d`,
  ],
  [
    'a duration of another spelling',
    `checks:
  page: { type: http, interval: 5 seconds, timeout: 0.5s }
`,
    `windrose.yaml:2:33: checks.page.interval: expected a duration
    page: { type: http, interval: 5 seconds, timeout: 0.5s }
                                  ^
    write a number with its unit: 500ms, 5s, 2m, 1h30m, 1d
windrose.yaml:2:53: checks.page.timeout: expected a duration
    page: { type: http, interval: 5 seconds, timeout: 0.5s }
                                                      ^^^^
    write a number with its unit: 500ms, 5s, 2m, 1h30m, 1d`,
  ],
  [
    'a duration out of bounds',
    `checks:
  page: { type: http, interval: 2d, timeout: 1ms }
`,
    `windrose.yaml:2:33: checks.page.interval: must be at most 1d
    page: { type: http, interval: 2d, timeout: 1ms }
                                  ^^
windrose.yaml:2:46: checks.page.timeout: must be at least 10ms
    page: { type: http, interval: 2d, timeout: 1ms }
                                               ^^^`,
  ],
  [
    'a TTL of zero, of half seconds and without a unit',
    `services:
  a: { policy: failover, ttl: 0s, pools: {} }
  b: { policy: failover, ttl: 1500ms, pools: {} }
  c: { policy: failover, ttl: 30, pools: {} }
  d: { policy: failover, ttl: { max: 0s, min: 1 }, pools: {} }
`,
    `windrose.yaml:2:31: services.a.ttl: must be at least 1s
    a: { policy: failover, ttl: 0s, pools: {} }
                                ^^
windrose.yaml:3:31: services.b.ttl: a TTL is a whole number of seconds
    b: { policy: failover, ttl: 1500ms, pools: {} }
                                ^^^^^^
windrose.yaml:4:31: services.c.ttl: expected a TTL
    c: { policy: failover, ttl: 30, pools: {} }
                                ^^
    for example 30s or { max: 30s, min: 10s }
windrose.yaml:5:38: services.d.ttl.max: must be at least 1s
    d: { policy: failover, ttl: { max: 0s, min: 1 }, pools: {} }
                                       ^^
windrose.yaml:5:47: services.d.ttl.min: expected a duration
    d: { policy: failover, ttl: { max: 0s, min: 1 }, pools: {} }
                                                ^
    write a number with its unit: 500ms, 5s, 2m, 1h30m, 1d`,
  ],
  [
    'coordinates',
    `sites:
  a: { at: [91, 0] }
  b: { at: [0, -180.5] }
  c: { at: [50.11] }
  d: { at: "50.11, 8.68" }
  e: { country: de }
`,
    `windrose.yaml:2:13: sites.a.at[0]: latitude is a number of degrees from -90 to 90
    a: { at: [91, 0] }
              ^^
windrose.yaml:3:16: sites.b.at[1]: longitude is a number of degrees from -180 to 180
    b: { at: [0, -180.5] }
                 ^^^^^^
windrose.yaml:4:12: sites.c.at: expected [latitude, longitude]
    c: { at: [50.11] }
             ^
    for example [50.11, 8.68]
windrose.yaml:5:12: sites.d.at: expected [latitude, longitude]
    d: { at: "50.11, 8.68" }
             ^^^^^^^^^^^^^
    for example [50.11, 8.68]
windrose.yaml:6:17: sites.e.country: not a country code
    e: { country: de }
                  ^^
    two capital letters, as in ISO 3166-1: DE, US, SG`,
  ],
  [
    'an endpoint of every wrong kind',
    `services:
  web:
    policy: failover
    pools:
      fra: [5, { adress: 192.0.2.1 }, { weight: 2 }, { address: 192.0.2.1, cname: a.example }, { address: 192.0.2.1, weight: -1 }, "", [192.0.2.1]]
      iad: 192.0.2.2
      sin:
`,
    `windrose.yaml:5:13: services.web.pools.fra[0]: expected an endpoint
    fra: [5, { adress: 192.0.2.1 }, { weight: 2 }, { address: 192.0.2.1, cname: a.example }, { address:
          ^
    an address, { address: ADDRESS, weight: 1 }, { cname: NAME } or { alias: NAME }
windrose.yaml:5:18: services.web.pools.fra[1]: unknown key "adress"
    fra: [5, { adress: 192.0.2.1 }, { weight: 2 }, { address: 192.0.2.1, cname: a.example }, { address:
               ^^^^^^
    did you mean "address"?
windrose.yaml:5:39: services.web.pools.fra[2]: an endpoint has one of "address", "cname" and "alias"
    fra: [5, { adress: 192.0.2.1 }, { weight: 2 }, { address: 192.0.2.1, cname: a.example }, { address:
                                    ^
windrose.yaml:5:54: services.web.pools.fra[3]: an endpoint has one of "address", "cname" and "alias"
    fra: [5, { adress: 192.0.2.1 }, { weight: 2 }, { address: 192.0.2.1, cname: a.example }, { address:
                                                   ^
windrose.yaml:5:126: services.web.pools.fra[4].weight: must be at least 0
    { address: 192.0.2.1, weight: -1 }, "", [192.0.2.1]]
                                  ^^
windrose.yaml:5:132: services.web.pools.fra[5]: must not be empty
    ess: 192.0.2.1, weight: -1 }, "", [192.0.2.1]]
                                  ^^
windrose.yaml:5:136: services.web.pools.fra[6]: expected an endpoint
     192.0.2.1, weight: -1 }, "", [192.0.2.1]]
                                  ^
    an address, { address: ADDRESS, weight: 1 }, { cname: NAME } or { alias: NAME }
windrose.yaml:6:12: services.web.pools.iad: expected a list of endpoints
    iad: 192.0.2.2
         ^^^^^^^^^
    for example [192.0.2.10], or { service: NAME }
windrose.yaml:7:11: services.web.pools.sin: expected a list of endpoints
    sin:
        ^
    for example [192.0.2.10], or { service: NAME }`,
  ],
  [
    'an IPv6 address that YAML takes for a key',
    `services:
  web:
    policy: failover
    pools:
      fra: [2001:db8::]
`,
    `windrose.yaml:5:13: services.web.pools.fra[0]: unknown key "2001:db8:"
    fra: [2001:db8::]
          ^^^^^^^^^^
    put an IPv6 address in quotes`,
  ],
  [
    'a policy of every wrong kind',
    `services:
  a: { policy: nearst, pools: {} }
  b: { policy: [nearst, 5, {}, { failovr: [fra] }, { failover: [] }, { failover: [[]] }, { nearest: { bias: { fra: 100 } } }], pools: {} }
  c: { policy: [], pools: {} }
  d: { policy: { failover: [fra], nearest: {} }, pools: {} }
`,
    `windrose.yaml:2:16: services.a.policy: expected a policy
    a: { policy: nearst, pools: {} }
                 ^^^^^^
    did you mean "nearest"?
windrose.yaml:3:17: services.b.policy[0]: expected a step
    b: { policy: [nearst, 5, {}, { failovr: [fra] }, { failover: [] }, { failover: [[]] }, { nearest: {
                  ^^^^^^
    did you mean "nearest"?
windrose.yaml:3:25: services.b.policy[1]: expected a step
    b: { policy: [nearst, 5, {}, { failovr: [fra] }, { failover: [] }, { failover: [[]] }, { nearest: {
                          ^
    nearest, failover, latency, weighted, consistent, round_robin, all, { failover: [SITE, ...] } or { nearest: { bias: { SITE: 20 } } }
windrose.yaml:3:28: services.b.policy[2]: a step has exactly one key
    b: { policy: [nearst, 5, {}, { failovr: [fra] }, { failover: [] }, { failover: [[]] }, { nearest: {
                             ^
    geo, failover, nearest or latency; several steps are a list
windrose.yaml:3:34: services.b.policy[3]: unknown key "failovr"
    b: { policy: [nearst, 5, {}, { failovr: [fra] }, { failover: [] }, { failover: [[]] }, { nearest: {
                                   ^^^^^^^
    did you mean "failover"?
windrose.yaml:3:64: services.b.policy[4].failover: needs at least one entry
    b: { policy: [nearst, 5, {}, { failovr: [fra] }, { failover: [] }, { failover: [[]] }, { nearest: {
                                                                 ^
windrose.yaml:3:83: services.b.policy[5].failover[0]: needs at least one entry
     failover: [] }, { failover: [[]] }, { nearest: { bias: { fra: 100 } } }], pools: {} }
                                  ^
windrose.yaml:3:116: services.b.policy[6].nearest.bias.fra: must be at most 99
     }, { nearest: { bias: { fra: 100 } } }], pools: {} }
                                  ^^^
windrose.yaml:4:16: services.c.policy: needs at least one entry
    c: { policy: [], pools: {} }
                 ^
windrose.yaml:5:16: services.d.policy: a step has exactly one key
    d: { policy: { failover: [fra], nearest: {} }, pools: {} }
                 ^
    geo, failover, nearest or latency; several steps are a list`,
  ],
  [
    'statuses',
    `checks:
  page: { type: http, expect: { status: [200, 2xx, 99] } }
  site: { type: http, expect: { status: ok } }
`,
    `windrose.yaml:2:47: checks.page.expect.status[1]: expected a status or a range
    page: { type: http, expect: { status: [200, 2xx, 99] } }
                                                ^^^
    for example "204" or "200-299"
windrose.yaml:2:52: checks.page.expect.status[2]: must be at least 100
    page: { type: http, expect: { status: [200, 2xx, 99] } }
                                                     ^^
windrose.yaml:3:41: checks.site.expect.status: expected a status or a range
    site: { type: http, expect: { status: ok } }
                                          ^^
    for example "204" or "200-299"`,
  ],
]

describe('a value', () => {
  test.each(MISTAKES)('is refused: %s', async (_mistake, files, listing) => {
    expect(await listProblems(files)).toBe(listing)
  })
})

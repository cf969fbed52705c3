import { listProblems, type WrittenFiles, ZONE_FILE } from './written-configuration.arbitraries.ts'

/** What is written, and exactly what is printed. */
const MISTAKES: readonly (readonly [mistake: string, files: WrittenFiles, listing: string])[] = [
  [
    'a site that does not exist',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools:
      fra: [192.0.2.1]
      iaad: [192.0.2.2]
`,
    `windrose.yaml:9:7: services.web.pools.iaad: there is no site "iaad"
    iaad: [192.0.2.2]
    ^^^^
    did you mean "iad"?`,
  ],
  [
    'a check that does not exist',
    `sites: { fra: {} }
checks:
  page: { type: http }
services:
  web:
    policy: failover
    checks: [page, paeg]
    pools: { fra: [{ address: 192.0.2.2, checks: [nothing] }] }
`,
    `windrose.yaml:7:20: services.web.checks[1]: there is no check "paeg"
    checks: [page, paeg]
                   ^^^^
    did you mean "page"?
windrose.yaml:8:51: services.web.pools.fra[0].checks[0]: there is no check "nothing"
    pools: { fra: [{ address: 192.0.2.2, checks: [nothing] }] }
                                                  ^^^^^^^
    give it an entry in "checks"`,
  ],
  [
    'a service without pools',
    `services:
  web:
    policy: failover
    pools: {}
`,
    `windrose.yaml:2:3: services.web: needs at least one pool
    web:
    ^^^
    pools: { SITE: [ADDRESS] }`,
  ],
  [
    'a pool without endpoints',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1], iad: [] }
`,
    `windrose.yaml:7:32: services.web.pools.iad: a pool without endpoints
    pools: { fra: [192.0.2.1], iad: [] }
                               ^^^
    remove it`,
  ],
  [
    'weights that are all zero in one family',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: weighted
    pools: { fra: [192.0.2.1, { address: "2001:db8::1", weight: 0 }], iad: [192.0.2.2] }
`,
    `windrose.yaml:7:5: services.web.pools: every IPv6 endpoint has weight 0: none would ever be served
    pools: { fra: [192.0.2.1, { address: "2001:db8::1", weight: 0 }], iad: [192.0.2.2] }
    ^^^^^
    give one of them a weight, or remove them`,
  ],
  [
    'weights that are all zero',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: weighted
    pools: { fra: [{ address: 192.0.2.1, weight: 0 }], iad: [{ address: "2001:db8::1", weight: 0 }] }
`,
    `windrose.yaml:7:5: services.web.pools: every endpoint has weight 0: none would ever be served
    pools: { fra: [{ address: 192.0.2.1, weight: 0 }], iad: [{ address: "2001:db8::1", weight: 0 }] }
    ^^^^^
    give one of them a weight, or remove them`,
  ],
  [
    'an address twice, in two spellings',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.1, "2001:DB8::1"], iad: ["2001:db8:0::1"] }
`,
    `windrose.yaml:7:53: services.web.pools.iad[0]: 2001:db8::1 is there twice
    pools: { fra: [192.0.2.1, "2001:DB8::1"], iad: ["2001:db8:0::1"] }
                                                    ^^^^^^^^^^^^^^^
    it is already in the pool of "fra"; a larger share is a larger weight`,
  ],
  [
    'addresses that are none',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    pools: { fra: [192.0.2.300, www.example.net], iad: [{ cname: a..b }] }
`,
    `windrose.yaml:7:20: services.web.pools.fra[0]: "192.0.2.300" is not an address
    pools: { fra: [192.0.2.300, www.example.net], iad: [{ cname: a..b }] }
                   ^^^^^^^^^^^
windrose.yaml:7:33: services.web.pools.fra[1]: "www.example.net" is not an address
    pools: { fra: [192.0.2.300, www.example.net], iad: [{ cname: a..b }] }
                                ^^^^^^^^^^^^^^^
    for a name write { cname: www.example.net } or { alias: www.example.net }
windrose.yaml:7:66: services.web.pools.iad[0].cname: "a..b" is not a name: a label is empty (two dots in a row)
    pools: { fra: [192.0.2.300, www.example.net], iad: [{ cname: a..b }] }
                                                                 ^^^^`,
  ],
  [
    'checks that contradict themselves',
    `checks:
  a: { type: http, interval: 1s, timeout: 1s }
  b: { type: tcp }
  c: { type: tcp, port: 25, path: / }
  d: { type: http, tls: { verify: off }, expect: { status: [300-200] } }
`,
    `windrose.yaml:2:43: checks.a.timeout: 1s is not below the interval of 1s
    a: { type: http, interval: 1s, timeout: 1s }
                                            ^^
    a probe must end before the next one starts
windrose.yaml:3:3: checks.b: a tcp check needs "port"
    b: { type: tcp }
    ^
windrose.yaml:4:29: checks.c.path: "path" is for http and https checks, and this is tcp
    c: { type: tcp, port: 25, path: / }
                              ^^^^
windrose.yaml:5:20: checks.d.tls: "tls" is for https, tls, tcp, dns, grpc, redis and postgres checks, and this is http
    d: { type: http, tls: { verify: off }, expect: { status: [300-200] } }
                     ^^^
windrose.yaml:5:60: checks.d.expect.status: "300-200" ends before it starts
    d: { type: http, tls: { verify: off }, expect: { status: [300-200] } }
                                                             ^`,
  ],
  [
    'steps after weighted',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: [weighted, failover]
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
`,
    `windrose.yaml:6:24: services.web.policy[1]: nothing can follow "weighted"
    policy: [weighted, failover]
                       ^^^^^^^^
    make it the last step`,
  ],
  [
    'steps after consistent',
    `services:
  web:
    policy: [consistent, weighted]
    pools: { fra: [192.0.2.1] }
sites: { fra: {} }
`,
    `windrose.yaml:3:26: services.web.policy[1]: nothing can follow "consistent"
    policy: [consistent, weighted]
                         ^^^^^^^^
    make it the last step`,
  ],
  [
    'steps after nearest',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: [nearest, { failover: [fra, iad] }]
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
`,
    `windrose.yaml:6:23: services.web.policy[1]: "failover" has no effect after "nearest"
    policy: [nearest, { failover: [fra, iad] }]
                      ^
    nearest leaves one pool at a time`,
  ],
  [
    'failover tiers of other sites',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
  sin: { at: [1.35, 103.99] }
services:
  web:
    policy: [{ failover: [[fra, mars], fra, sin] }]
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
`,
    `windrose.yaml:7:33: services.web.policy[0].failover[0][1]: there is no site "mars"
    policy: [{ failover: [[fra, mars], fra, sin] }]
                                ^^^^
    its pools are at fra, iad
windrose.yaml:7:40: services.web.policy[0].failover[1]: "fra" is there twice
    policy: [{ failover: [[fra, mars], fra, sin] }]
                                       ^^^
windrose.yaml:7:45: services.web.policy[0].failover[2]: the service has no pool at "sin"
    policy: [{ failover: [[fra, mars], fra, sin] }]
                                            ^^^
    its pools are at fra, iad`,
  ],
  [
    'a bias for another site',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: [{ nearest: { bias: { iat: 5 } } }]
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
`,
    `windrose.yaml:6:35: services.web.policy[0].nearest.bias.iat: there is no site "iat"
    policy: [{ nearest: { bias: { iat: 5 } } }]
                                  ^^^
    did you mean "iad"?`,
  ],
  [
    'nearest among sites that nobody knows the place of',
    `sites:
  fra: { at: [50.11, 8.68] }
  lab: {}
  zzz: { country: ZZ }
services:
  web:
    policy: nearest
    pools: { fra: [192.0.2.1], lab: [192.0.2.2], zzz: [192.0.2.3] }
  api:
    policy: nearest
    pools: { fra: [192.0.2.1], lab: [192.0.2.2] }
`,
    `windrose.yaml:3:3: sites.lab: is a choice of "nearest", but does not say where it is
    lab: {}
    ^^^
    at: [LATITUDE, LONGITUDE], or country: CODE for the middle of a country
windrose.yaml:4:19: sites.zzz.country: "ZZ" is not a country
    zzz: { country: ZZ }
                    ^^`,
  ],
  [
    'a least TTL above the greatest',
    `sites:
  fra: { at: [50.11, 8.68] }
  iad: { at: [38.95, -77.45] }
services:
  web:
    policy: failover
    ttl: { min: 40s }
    pools: { fra: [192.0.2.1], iad: [192.0.2.2] }
`,
    `windrose.yaml:7:17: services.web.ttl.min: min (40s) is above max (30s)
    ttl: { min: 40s }
                ^^^
    max is 30s where it is not given`,
  ],
  [
    'the name of the built-in service',
    `sites: { fra: {} }
services:
  whoami: { policy: failover, pools: { fra: [192.0.2.1] } }
`,
    `windrose.yaml:3:3: services.whoami: the name is taken by the built-in service
    whoami: { policy: failover, pools: { fra: [192.0.2.1] } }
    ^^^^^^
    give yours another name`,
  ],
  [
    'listen addresses',
    `listen: [127.0.0.1:53, 127.0.0.1, "[::1]:99999", "127.0.0.1:53", "[::1]", localhost:53]
control: { listen: 127.0.0.1:53 }
`,
    `windrose.yaml:1:24: listen[1]: needs a port
    listen: [127.0.0.1:53, 127.0.0.1, "[::1]:99999", "127.0.0.1:53", "[::1]", localhost:53]
                           ^^^^^^^^^
    write 127.0.0.1:53
windrose.yaml:1:35: listen[2]: "99999" is not a port
    listen: [127.0.0.1:53, 127.0.0.1, "[::1]:99999", "127.0.0.1:53", "[::1]", localhost:53]
                                      ^^^^^^^^^^^^^
    a number from 0 to 65535
windrose.yaml:1:50: listen[3]: 127.0.0.1:53 is there twice
    listen: [127.0.0.1:53, 127.0.0.1, "[::1]:99999", "127.0.0.1:53", "[::1]", localhost:53]
                                                     ^^^^^^^^^^^^^^
windrose.yaml:1:66: listen[4]: needs the address in brackets, then a port
    listen: [127.0.0.1:53, 127.0.0.1, "[::1]:99999", "127.0.0.1:53", "[::1]", localhost:53]
                                                                     ^^^^^^^
    for example 127.0.0.1:5300 or "[::1]:5300"
windrose.yaml:1:75: listen[5]: "localhost" is not an address
    99", "127.0.0.1:53", "[::1]", localhost:53]
                                  ^^^^^^^^^^^^
    for example 127.0.0.1:5300 or "[::1]:5300"
windrose.yaml:2:20: control.listen: 127.0.0.1:53 is taken by "listen"
    control: { listen: 127.0.0.1:53 }
                       ^^^^^^^^^^^^
    queries over TCP use it`,
  ],
  [
    'a control API that other hosts could reach',
    `control: { listen: 0.0.0.0:8053 }
`,
    `windrose.yaml:1:20: control.listen: the control API has no TLS, so it is for loopback addresses only
    control: { listen: 0.0.0.0:8053 }
                       ^^^^^^^^^^^^
    listen on 127.0.0.1, and let a proxy add TLS where others need it`,
  ],
  [
    'several mistakes at once',
    {
      'windrose.yaml': `listen: [127.0.0.1]
sites:
  fra: { at: [50.11, 8.68], cuntry: DE }
  iad: { at: 5 }
services:
  web:
    polcy: nearest
    checks: [page]
    pools: { fra: [192.0.2.1], iad: [192.0.2.2], sin: [] }
  api: { policy: failover, ttl: 30, pools: { fraa: [192.0.2.9] } }
  ok: { policy: failover, pools: { fraa: [192.0.2.9] } }
zones:
  example.org:
    records: org.zone
    steer: { www: web, api: api, x: apu }
`,
      'org.zone': ZONE_FILE,
    },
    `windrose.yaml:1:10: listen[0]: needs a port
    listen: [127.0.0.1]
             ^^^^^^^^^
    write 127.0.0.1:53
windrose.yaml:3:29: sites.fra: unknown key "cuntry"
    fra: { at: [50.11, 8.68], cuntry: DE }
                              ^^^^^^
    did you mean "country"?
windrose.yaml:4:14: sites.iad.at: expected [latitude, longitude]
    iad: { at: 5 }
               ^
    for example [50.11, 8.68]
windrose.yaml:7:5: services.web: unknown key "polcy"
    polcy: nearest
    ^^^^^
    did you mean "policy"?
windrose.yaml:8:14: services.web.checks[0]: there is no check "page"
    checks: [page]
             ^^^^
    give it an entry in "checks"
windrose.yaml:9:50: services.web.pools.sin: there is no site "sin"
    pools: { fra: [192.0.2.1], iad: [192.0.2.2], sin: [] }
                                                 ^^^
    give it an entry in "sites"
windrose.yaml:9:50: services.web.pools.sin: a pool without endpoints
    pools: { fra: [192.0.2.1], iad: [192.0.2.2], sin: [] }
                                                 ^^^
    remove it
windrose.yaml:10:33: services.api.ttl: expected a TTL
    api: { policy: failover, ttl: 30, pools: { fraa: [192.0.2.9] } }
                                  ^^
    for example 30s or { max: 30s, min: 10s }
windrose.yaml:11:36: services.ok.pools.fraa: there is no site "fraa"
    ok: { policy: failover, pools: { fraa: [192.0.2.9] } }
                                     ^^^^
    did you mean "fra"?
windrose.yaml:15:37: zones["example.org"].steer.x: there is no service "apu"
    steer: { www: web, api: api, x: apu }
                                    ^^^
    give it an entry in "services"`,
  ],
]

describe('a configuration', () => {
  test.each(MISTAKES)('is refused with %s', async (_mistake, files, listing) => {
    expect(await listProblems(files)).toBe(listing)
  })
})

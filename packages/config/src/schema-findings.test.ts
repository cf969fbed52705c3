import { listProblems, type WrittenFiles } from './written-configuration.arbitraries.ts'

/** What is written, and exactly what is printed. */
const MISTAKES: readonly (readonly [mistake: string, files: WrittenFiles, listing: string])[] = [
  [
    'an unknown key that is near a known one',
    `
services:
  web:
    polcy: nearest
    pools: {}
`,
    `windrose.yaml:3:3: services.web: needs at least one pool
    web:
    ^^^
    pools: { SITE: [ADDRESS] }
windrose.yaml:4:5: services.web: unknown key "polcy"
    polcy: nearest
    ^^^^^
    did you mean "policy"?`,
  ],
  [
    'an unknown key that is near none',
    `control: { listen: 127.0.0.1:8053, colour: red }
`,
    `windrose.yaml:1:36: control: unknown key "colour"
    control: { listen: 127.0.0.1:8053, colour: red }
                                       ^^^^^^
    known here: listen`,
  ],
  [
    'an unknown section',
    `zone: {}
`,
    `windrose.yaml:1:1: unknown key "zone"
    zone: {}
    ^^^^
    did you mean "zones"?`,
  ],
  [
    'a key that is missing',
    `checks:
  page: { port: 80 }
`,
    `windrose.yaml:2:3: checks.page: needs "type"
    page: { port: 80 }
    ^^^^`,
  ],
  [
    'a word that is near a known one',
    `checks:
  page: { type: htps }
log: { level: warning }
`,
    `windrose.yaml:2:17: checks.page.type: expected http, https, tcp, tls, dns, grpc, icmp, redis, postgres, mysql, command or push
    page: { type: htps }
                  ^^^^
    did you mean "https"?
windrose.yaml:3:15: log.level: expected trace, debug, info, warn, error or fatal
    log: { level: warning }
                  ^^^^^^^`,
  ],
  [
    'a word that is near none',
    `services:
  web: { policy: fastest, on_all_down: panic, pools: {} }
`,
    `windrose.yaml:2:18: services.web.policy: expected a policy
    web: { policy: fastest, on_all_down: panic, pools: {} }
                   ^^^^^^^
    nearest, failover, latency, weighted, consistent, round_robin, all, a step such as { geo: ... }, or a list of steps
windrose.yaml:2:40: services.web.on_all_down: expected serve_all, nodata or servfail
    web: { policy: fastest, on_all_down: panic, pools: {} }
                                         ^^^^^`,
  ],
  [
    'a name that reads as a number',
    `services:
  web: { policy: failover, checks: [1.10, 0123], pools: {} }
zones:
  example.org: { records: 5 }
`,
    `windrose.yaml:2:37: services.web.checks[0]: expected a check or a combination
    web: { policy: failover, checks: [1.10, 0123], pools: {} }
                                      ^^^^
    CHECK (in quotes if it looks like a number), { check: CHECK, critical: true }, { all: [...] }, { any: [...] } or { at_least: 2, of: [...] }
windrose.yaml:2:43: services.web.checks[1]: expected a check or a combination
    web: { policy: failover, checks: [1.10, 0123], pools: {} }
                                            ^^^^
    CHECK (in quotes if it looks like a number), { check: CHECK, critical: true }, { all: [...] }, { any: [...] } or { at_least: 2, of: [...] }
windrose.yaml:4:27: zones["example.org"].records: expected a text, found 5
    example.org: { records: 5 }
                            ^
    quote it: "5"`,
  ],
  [
    'a name that cannot be one',
    `sites:
  "a b": {}
  -x: {}
`,
    `windrose.yaml:2:3: sites["a b"]: not a name
    "a b": {}
    ^^^^^
    a name is made of letters, digits, "_", "-" and ".", and starts with a letter or digit
windrose.yaml:3:3: sites.-x: not a name
    -x: {}
    ^^
    a name is made of letters, digits, "_", "-" and ".", and starts with a letter or digit`,
  ],
  [
    'a mapping where a list is expected, and the reverse',
    `services:
  web: { policy: failover, checks: {}, pools: [192.0.2.1] }
sites: []
`,
    `windrose.yaml:2:36: services.web.checks: has exactly one of "check", "all", "any" and "at_least"
    web: { policy: failover, checks: {}, pools: [192.0.2.1] }
                                     ^
windrose.yaml:2:47: services.web.pools: expected a mapping (NAME: VALUE), found a list
    web: { policy: failover, checks: {}, pools: [192.0.2.1] }
                                                ^
windrose.yaml:3:8: sites: expected a mapping (NAME: VALUE), found a list
    sites: []
           ^`,
  ],
  [
    'numbers out of bounds',
    `services:
  web: { policy: failover, panic: 1.5, answers: 0, pools: {} }
server: { udp_threads: 0, edns_payload: 100, tcp: { max_connections: 1.5 } }
checks:
  page: { type: http, port: 70000, rise: 0 }
`,
    `windrose.yaml:2:35: services.web.panic: must be at most 1
    web: { policy: failover, panic: 1.5, answers: 0, pools: {} }
                                    ^^^
windrose.yaml:2:49: services.web.answers: must be at least 1
    web: { policy: failover, panic: 1.5, answers: 0, pools: {} }
                                                  ^
windrose.yaml:3:24: server.udp_threads: must be at least 1
    server: { udp_threads: 0, edns_payload: 100, tcp: { max_connections: 1.5 } }
                           ^
windrose.yaml:3:41: server.edns_payload: must be at least 512
    server: { udp_threads: 0, edns_payload: 100, tcp: { max_connections: 1.5 } }
                                            ^^^
windrose.yaml:3:70: server.tcp.max_connections: expected a whole number, found 1.5
    server: { udp_threads: 0, edns_payload: 100, tcp: { max_connections: 1.5 } }
                                                                         ^^^
windrose.yaml:5:29: checks.page.port: must be at most 65535
    page: { type: http, port: 70000, rise: 0 }
                              ^^^^^
windrose.yaml:5:42: checks.page.rise: must be at least 1
    page: { type: http, port: 70000, rise: 0 }
                                           ^`,
  ],
  [
    'a switch',
    `server: { ecs: yes }
`,
    `windrose.yaml:1:16: server.ecs: expected on or off
    server: { ecs: yes }
                   ^^^`,
  ],
  [
    'a key that needs text and gets control characters',
    `server: { chaos: { version: "a\\tb" }, nsid: "" }
`,
    `windrose.yaml:1:29: server.chaos.version: only printable ASCII
    server: { chaos: { version: "a\\tb" }, nsid: "" }
                                ^^^^^^
windrose.yaml:1:45: server.nsid: must not be empty
    server: { chaos: { version: "a\\tb" }, nsid: "" }
                                                ^^`,
  ],
  [
    'a mapping or a number that is none where a word or number is expected',
    `log: { level: {} }
server: { udp_threads: .nan, edns_payload: .inf }
`,
    `windrose.yaml:1:15: log.level: expected trace, debug, info, warn, error or fatal
    log: { level: {} }
                  ^
windrose.yaml:2:24: server.udp_threads: expected a number, found NaN
    server: { udp_threads: .nan, edns_payload: .inf }
                           ^^^^
windrose.yaml:2:44: server.edns_payload: expected a number, found Infinity
    server: { udp_threads: .nan, edns_payload: .inf }
                                               ^^^^`,
  ],
]

describe('the shape of a configuration', () => {
  test.each(MISTAKES)('is refused with %s', async (_mistake, files, listing) => {
    expect(await listProblems(files)).toBe(listing)
  })

  test('names the key that a number of unknown keys is near to, one by one', async () => {
    const listing = await listProblems('server: { udp_thread: 1, ednspayload: 1232, nsidd: a }\n')
    expect(listing.match(/did you mean ".*"/g)).toEqual([
      'did you mean "udp_threads"',
      'did you mean "edns_payload"',
      'did you mean "nsid"',
    ])
  })

  test('never says only "Invalid input"', async () => {
    const listing = await listProblems(
      MISTAKES.map(([, files]) => (typeof files === 'string' ? files : '')).at(-1) ?? '',
    )
    expect(listing).not.toMatch(/invalid input|not understood/i)
  })
})

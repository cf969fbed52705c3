import type { Check } from '@windrose/health'
import { listProblems, readWritten } from './written-configuration.arbitraries.ts'

async function compile(checks: string): Promise<readonly Check[]> {
  const { configuration, problems } = await readWritten(`checks:\n${checks}`)
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  return configuration!.checks
}

describe('a check', () => {
  test('has every default filled in', async () => {
    const timing = { intervalMs: 10_000, timeoutMs: 3_000, rise: 5, fall: 3, jitter: 0.1 }
    const request = { method: 'GET', path: '/', headers: {}, expectStatus: [[200, 299]], bodyLimit: 65_536 }
    const written = `
  a: { type: http }
  b: { type: https }
  c: { type: tcp, port: 25 }
  d: { type: tls }
  e: { type: dns, qname: example.org }
  f: { type: grpc, port: 50051 }
  g: { type: icmp }
  h: { type: redis }
  i: { type: postgres }
  j: { type: mysql }
  k: { type: command, command: [check_it] }
  l: { type: push, ttl: 30s }
`
    expect(await compile(written)).toEqual([
      { type: 'http', name: 'a', port: 80, ...timing, ...request },
      { type: 'https', name: 'b', port: 443, ...timing, ...request, verify: true },
      { type: 'tcp', name: 'c', port: 25, ...timing },
      { type: 'tls', name: 'd', port: 443, ...timing, verify: true },
      {
        type: 'dns',
        name: 'e',
        port: 53,
        ...timing,
        transport: 'udp',
        qname: 'example.org',
        qtype: 'A',
        recursionDesired: false,
        expectRcodes: ['NOERROR'],
      },
      { type: 'grpc', name: 'f', port: 50051, ...timing, service: '' },
      { type: 'icmp', name: 'g', ...timing },
      { type: 'redis', name: 'h', port: 6379, ...timing },
      { type: 'postgres', name: 'i', port: 5432, ...timing, user: 'windrose' },
      { type: 'mysql', name: 'j', port: 3306, ...timing },
      { type: 'command', name: 'k', ...timing, argv: ['check_it'], env: [] },
      { type: 'push', name: 'l', intervalMs: 0, timeoutMs: 0, rise: 1, fall: 1, jitter: 0, ttlMs: 30_000 },
    ])
  })

  test('has half its interval as timeout where that is short', async () => {
    const [check] = await compile('  a: { type: http, interval: 1s }\n')
    expect(check?.timeoutMs).toBe(500)
  })

  test('is as the file says it', async () => {
    const [check] = await compile(`  a:
    type: https
    port: 8443
    path: /health?deep=1
    host: www.example.com
    method: HEAD
    headers: { X-Probe: windrose }
    expect: { status: [204, "300-399", "404"], body: fine }
    tls: { verify: off, server_name: backend.example.com, ca_file: /etc/ca.pem }
    interval: 1m30s
    timeout: 750ms
    rise: 5
    fall: 1
    jitter: 0
`)
    expect(check).toEqual({
      type: 'https',
      name: 'a',
      port: 8443,
      path: '/health?deep=1',
      host: 'www.example.com',
      method: 'HEAD',
      headers: { 'X-Probe': 'windrose' },
      expectStatus: [
        [204, 204],
        [300, 399],
        [404, 404],
      ],
      expectBody: 'fine',
      bodyLimit: 65_536,
      verify: false,
      serverName: 'backend.example.com',
      caFile: '/etc/ca.pem',
      intervalMs: 90_000,
      timeoutMs: 750,
      rise: 5,
      fall: 1,
      jitter: 0,
    })
  })

  test('of a TCP service sends and expects text', async () => {
    const [check] = await compile('  a: { type: tcp, port: 25, send: "EHLO x\\r\\n", expect_text: "250" }\n')
    expect(check).toMatchObject({ type: 'tcp', port: 25, send: 'EHLO x\r\n', expect: '250' })
  })

  test('says when to look, and from where', async () => {
    const [check] = await compile(`  a:
    { type: icmp, tolerant: 10, initial_delay: 5s, fast_interval: 1s, source_address: "2001:db8::1", degraded_when: { slower_than: 200ms }, max_concurrent: 20, max_rate: 2.5 }
`)
    expect(check).toMatchObject({
      tolerant: 10,
      initialDelayMs: 5_000,
      fastIntervalMs: 1_000,
      sourceAddress: '2001:db8::1',
      slowerThanMs: 200,
      maxConcurrent: 20,
      maxRate: 2.5,
    })
  })

  test('of HTTP has all that can be asked and expected', async () => {
    const checks = await compile(`  a:
    type: http
    version: 2
    method: PROPFIND
    body: "{}"
    redirects: 3
    auth: { user: probe, password_file: /run/password }
    expect:
      body_matches: "^(ok|fine)$"
      body_limit: 100
      headers: { X-Mode: live, Server: { matches: ^nginx }, X-Node: { present: on }, X-Drain: { present: off } }
    degraded_when: { status: [429, "500-503"] }
  b: { type: http, version: "1.1", redirects: 0, auth: { token_file: /run/token } }
`)
    expect(checks).toMatchObject([
      {
        version: '2',
        method: 'PROPFIND',
        body: '{}',
        redirects: 3,
        auth: { scheme: 'basic', user: 'probe', passwordFile: '/run/password' },
        expectBodyMatches: '^(ok|fine)$',
        bodyLimit: 100,
        expectHeaders: [
          { name: 'X-Mode', equals: 'live' },
          { name: 'Server', matches: '^nginx' },
          { name: 'X-Node' },
          { name: 'X-Drain', absent: true },
        ],
        degradedStatus: [
          [429, 429],
          [500, 503],
        ],
      },
      { auth: { scheme: 'bearer', tokenFile: '/run/token' } },
    ])
    expect(checks[1]).not.toHaveProperty('version')
    expect(checks[1]).not.toHaveProperty('redirects')
  })

  test('speaks TLS as it is told, and not at all where it is off', async () => {
    const checks = await compile(`  a:
    type: tls
    tls: { cert_file: /c.pem, key_file: /k.pem, min_version: 1.2, max_version: "1.3", min_days_left: 30 }
  b: { type: tcp, port: 993, tls: on }
  c: { type: tcp, port: 143, tls: off }
  d: { type: grpc, port: 443, service: api.Search, host: api.example.org, tls: { verify: off } }
`)
    expect(checks).toMatchObject([
      {
        verify: true,
        certFile: '/c.pem',
        keyFile: '/k.pem',
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
        minDaysLeft: 30,
      },
      { tls: { verify: true } },
      {},
      { service: 'api.Search', host: 'api.example.org', tls: { verify: false } },
    ])
    expect(checks[2]).not.toHaveProperty('tls')
  })

  test('of a TCP service sends and expects octets, after a header of the PROXY protocol', async () => {
    const [check] = await compile(
      '  a: { type: tcp, port: 25, send_hex: "0D 0a", expect_hex: ff00, proxy_protocol: v2 }\n',
    )
    expect(check).toMatchObject({ send: { hex: '0d0a' }, expect: { hex: 'ff00' }, proxyProtocol: 'v2' })
  })

  test('of a name server says the question and its answer', async () => {
    const [check] = await compile(`  a:
    type: dns
    transport: tcp
    qname: www.example.org.
    qtype: AAAA
    recursion_desired: on
    expect: { rcodes: [NOERROR, NXDOMAIN], answers: ["2001:db8::1"] }
`)
    expect(check).toMatchObject({
      transport: 'tcp',
      qname: 'www.example.org.',
      qtype: 'AAAA',
      recursionDesired: true,
      expectRcodes: ['NOERROR', 'NXDOMAIN'],
      expectAnswers: ['2001:db8::1'],
    })
  })

  test('of a database says who asks', async () => {
    expect(
      await compile(`  a: { type: redis, user: probe, password_file: /run/secret, must_not_exist: maintenance, tls: on }
  b: { type: postgres, user: probe, database: shop, tls: on }
`),
    ).toMatchObject([
      { user: 'probe', passwordFile: '/run/secret', mustNotExist: 'maintenance', tls: { verify: true } },
      { user: 'probe', database: 'shop', tls: { verify: true } },
    ])
  })

  test('by a command has the program, its arguments, and what it may see', async () => {
    const [check] = await compile(
      '  a: { type: command, command: [/usr/bin/check_it, -w, "5"], env: [HOME], port: 80 }\n',
    )
    expect(check).toMatchObject({ argv: ['/usr/bin/check_it', '-w', '5'], env: ['HOME'], port: 80 })
  })

  test('of gRPC may have metadata, of TCP a pattern, of DNS TLS on a port of its own', async () => {
    const checks = await compile(`  a: { type: grpc, port: 1, headers: { X-Tenant: probe } }
  b: { type: tcp, port: 22, expect_matches: ^SSH-2\\.0- }
  c: { type: dns, qname: a, tls: { server_name: dns.example } }
  d: { type: dns, qname: a, tls: on, port: 8853 }
`)
    expect(checks).toMatchObject([
      { headers: { 'X-Tenant': 'probe' } },
      { expectMatches: '^SSH-2\\.0-' },
      { transport: 'tcp', port: 853, tls: { verify: true, serverName: 'dns.example' } },
      { transport: 'tcp', port: 8853, tls: { verify: true } },
    ])
  })

  test('names files from where it stands itself', async () => {
    const checks = await compile(`  a: { type: https, tls: { ca_file: ca.pem }, auth: { token_file: ./token } }
  b: { type: command, command: [plugins/check_it] }
`)
    expect(checks).toMatchObject([
      { caFile: expect.stringMatching(/^\/.*\/ca\.pem$/), auth: { tokenFile: expect.stringMatching(/^\/.*\/token$/) } },
      { argv: [expect.stringMatching(/^\/.*\/plugins\/check_it$/)] },
    ])
  })
})

describe('a check is refused', () => {
  test.each([
    ['{ type: grpc }', 'a grpc check needs "port"'],
    ['{ type: dns }', 'a dns check needs "qname"'],
    ['{ type: command }', 'a command check needs "command"'],
    ['{ type: push }', 'a push check needs "ttl"'],
    ['{ type: push, ttl: 30s, interval: 5s }', /"interval" is for http, .* and command checks, and this is push/],
    ['{ type: icmp, port: 80 }', /"port" is for .*mysql and command checks, and this is icmp/],
    ['{ type: command, command: [x], source_address: 192.0.2.1 }', /"source_address" is for .* and icmp checks/],
    [
      '{ type: mysql, tls: on }',
      '"tls" is for https, tls, tcp, dns, grpc, redis and postgres checks, and this is mysql',
    ],
    ['{ type: http, expect: { rcodes: [NOERROR] } }', '"expect.rcodes" is for dns checks, and this is http'],
    ['{ type: dns, qname: a, expect: { status: "200" } }', '"expect.status" is for http and https checks'],
    ['{ type: tcp, port: 1, degraded_when: { status: "429" } }', '"degraded_when.status" is for http and https checks'],
    ['{ type: tcp, port: 1, expect: { body: x } }', '"expect" is for http, https and dns checks, and this is tcp'],
    ['{ type: tcp, port: 1, send: a, send_hex: "61" }', 'expected either "send" or "send_hex"'],
    ['{ type: tcp, port: 1, expect_text: a, expect_hex: "61" }', 'expected either "expect_text" or "expect_hex"'],
    ['{ type: tcp, port: 1, expect_text: a, expect_matches: a }', 'expected either "expect_matches", "expect_text"'],
    ['{ type: tcp, port: 1, expect_matches: "(" }', 'not a regular expression: Unterminated group'],
    ['{ type: dns, qname: a, tls: on, transport: udp }', 'DNS over TLS goes over TCP'],
    ['{ type: tcp, port: 1, headers: { A: b } }', '"headers" is for http, https and grpc checks, and this is tcp'],
    ['{ type: tcp, port: 1, send_hex: "0d0" }', 'expected octets as pairs of hexadecimal digits'],
    ['{ type: tcp, port: 1, proxy_protocol: v3 }', 'expected v1 or v2'],
    ['{ type: https, tls: off }', 'a check of type https always speaks TLS'],
    ['{ type: https, tls: maybe }', 'expected on, off, or a mapping of its options'],
    ['{ type: https, tls: { verfy: off } }', 'unknown key "verfy"'],
    ['{ type: https, tls: { cert_file: a } }', '"cert_file" needs "key_file" beside it'],
    ['{ type: https, tls: { key_file: a } }', '"key_file" needs "cert_file" beside it'],
    ['{ type: https, tls: { min_version: 1.3, max_version: 1.2 } }', 'above max_version'],
    ['{ type: https, tls: { min_version: 1.1 } }', 'expected 1.2 or 1.3'],
    ['{ type: http, version: 3 }', 'expected 1.1 or 2'],
    ['{ type: http, method: get }', 'not a method'],
    ['{ type: http, method: CONNECT }', 'not a method'],
    ['{ type: http, redirects: 11 }', 'must be at most 10'],
    ['{ type: http, auth: { user: a } }', 'expected either "user" and "password_file", or "token_file"'],
    ['{ type: http, auth: { user: a, password_file: b, token_file: c } }', 'expected either "user"'],
    ['{ type: http, auth: { user: "a:b", password_file: b } }', 'a user of basic authentication has no ":"'],
    ['{ type: http, expect: { body_matches: "(" } }', 'not a regular expression: Unterminated group'],
    ['{ type: http, expect: { headers: { A: { matches: "[" } } } }', 'not a regular expression: '],
    ['{ type: http, expect: { headers: { A: {} } } }', 'expected either "matches" or "present"'],
    ['{ type: http, expect: { headers: { A: 5 } } }', 'expected the text of the header'],
    ['{ type: http, expect: { headers: { "A B": x } } }', 'not a header name'],
    ['{ type: http, expect: { body_limit: 2000000 } }', 'must be at most 1048576'],
    ['{ type: http, degraded_when: { status: [429-200] } }', '"429-200" ends before it starts'],
    ['{ type: dns, qname: "a..b" }', 'not a domain name'],
    ['{ type: dns, qname: a, qtype: AAA }', 'did you mean "AAAA"?'],
    ['{ type: dns, qname: a, expect: { rcodes: [OK] } }', 'expected NOERROR, FORMERR'],
    ['{ type: dns, qname: a, expect: { answers: ["::1"] } }', 'not an IPv4 address'],
    ['{ type: dns, qname: a, qtype: AAAA, expect: { answers: [192.0.2.1] } }', 'not an IPv6 address'],
    ['{ type: redis, user: a }', '"user" needs "password_file" beside it'],
    ['{ type: command, command: [] }', 'needs at least one entry'],
    ['{ type: command, command: [x], env: ["A=B"] }', 'not the name of an environment variable'],
    ['{ type: icmp, source_address: localhost }', 'not an IPv4 or IPv6 address'],
    ['{ type: icmp, interval: 1s, fast_interval: 1s }', '1s is not below the interval of 1s'],
    ['{ type: icmp, tolerant: 0 }', 'must be at least 1'],
    ['{ type: icmp, max_concurrent: 0 }', 'must be at least 1'],
    ['{ type: icmp, max_rate: 0 }', 'must be at least 0.01'],
    ['{ type: push, ttl: 30s, max_rate: 1 }', '"max_rate" is for http'],
  ])('as %s: %s', async (written, message) => {
    const problems = await listProblems(`checks:\n  a: ${written}\n`)
    if (typeof message === 'string') expect(problems).toContain(message)
    else expect(problems).toMatch(message)
  })

  test('with the place of the key at fault', async () => {
    expect(await listProblems('checks:\n  a: { type: dns, qname: a, expect: { status: "200" } }\n')).toBe(
      `windrose.yaml:2:39: checks.a.expect.status: "expect.status" is for http and https checks, and this is dns
    a: { type: dns, qname: a, expect: { status: "200" } }
                                        ^^^^^^`,
    )
  })
})

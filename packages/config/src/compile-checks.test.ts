import type { Check } from '@windrose/health'
import { readWritten } from './written-configuration.arbitraries.ts'

async function compile(checks: string): Promise<readonly Check[]> {
  const { configuration, problems } = await readWritten(`checks:\n${checks}`)
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  return configuration!.checks
}

describe('a check', () => {
  test('has every default filled in', async () => {
    const timing = { intervalMs: 10_000, timeoutMs: 3_000, rise: 2, fall: 3, jitter: 0.1 }
    const request = { method: 'GET', path: '/', headers: {}, expectStatus: [[200, 299]], bodyLimit: 65_536 }
    expect(await compile('  a: { type: http }\n  b: { type: https }\n  c: { type: tcp, port: 25 }\n')).toEqual([
      { type: 'http', name: 'a', port: 80, ...timing, ...request },
      { type: 'https', name: 'b', port: 443, ...timing, ...request, verify: true },
      { type: 'tcp', name: 'c', port: 25, ...timing },
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
})

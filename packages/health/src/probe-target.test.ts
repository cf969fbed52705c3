import { CHECK_DEFAULTS, type Check, defaultTimeoutMs } from './check.ts'
import { HTTP_DEFAULTS } from './http-check.ts'
import { makeProbeTarget } from './probe-target.ts'

const http: Check = {
  ...CHECK_DEFAULTS,
  ...HTTP_DEFAULTS,
  name: 'web',
  type: 'http',
  port: 80,
  timeoutMs: 3000,
  rise: 2,
  headers: { a: '1', b: '2' },
}

describe('the id of a probe target', () => {
  test('is 32 hexadecimal digits, for ever the same', () => {
    expect(makeProbeTarget('192.0.2.1', 'ipv4', http).id).toBe('fda9a5b7609b48aa36befdb8f23621cd')
  })

  test.each<[string, string, Check]>([
    ['a renamed check', '192.0.2.1', { ...http, name: 'other' }],
    ['what it may use of an agent', '192.0.2.1', { ...http, maxConcurrent: 5, maxRate: 10 }],
    ['the fields in another order', '192.0.2.1', { ...http, headers: { b: '2', a: '1' } }],
  ])('is not changed by %s', (_, address, check) => {
    expect(makeProbeTarget(address, 'ipv4', check).id).toBe(makeProbeTarget('192.0.2.1', 'ipv4', http).id)
  })

  test.each<[string, string, Check]>([
    ['another address', '192.0.2.2', http],
    ['another path', '192.0.2.1', { ...http, path: '/healthz' }],
    ['another interval', '192.0.2.1', { ...http, intervalMs: 5000 }],
    ['another header', '192.0.2.1', { ...http, headers: { a: '1', b: '3' } }],
    ['a tolerance', '192.0.2.1', { ...http, tolerant: 10 }],
    [
      'another list of statuses',
      '192.0.2.1',
      {
        ...http,
        expectStatus: [
          [200, 299],
          [301, 301],
        ],
      },
    ],
  ])('is changed by %s', (_, address, check) => {
    expect(makeProbeTarget(address, 'ipv4', check).id).not.toBe(makeProbeTarget('192.0.2.1', 'ipv4', http).id)
  })
})

describe('the timeout that a check has by itself', () => {
  test.each([
    [1_000, 500],
    [5_000, 2_500],
    [6_000, 3_000],
    [10_000, 3_000],
  ])('is, for an interval of %i ms, %i ms', (intervalMs, timeoutMs) => {
    expect(defaultTimeoutMs(intervalMs)).toBe(timeoutMs)
  })
})

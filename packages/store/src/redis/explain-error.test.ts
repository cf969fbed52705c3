import { explainError } from './explain-error.ts'
import type { RedisAccess, RedisPlace } from './redis-access.ts'

const common = { prefix: 'windrose', namespace: 'prod' }
const plain: RedisAccess = { ...common, at: { kind: 'url', url: 'redis://db:6379/' } }
const secured: RedisAccess = { ...common, at: { kind: 'url', url: 'rediss://db:6380/' }, tls: {} }

test.each<[string, RedisAccess, string]>([
  ['connect ECONNREFUSED 192.0.2.1:6379', plain, 'redis://db:6379: connect ECONNREFUSED 192.0.2.1:6379'],
  ['read ECONNRESET', plain, 'redis://db:6379: read ECONNRESET (is it TLS that is spoken there? Then rediss://)'],
  ['read ECONNRESET', secured, 'rediss://db:6380: read ECONNRESET'],
  [
    'self-signed certificate in certificate chain',
    secured,
    'rediss://db:6380: self-signed certificate in certificate chain (ca_file or --ca-file names the authority to trust)',
  ],
])('%s', (message, access, explained) => {
  expect(explainError(message, access, false)).toBe(explained)
})

test.each<[RedisPlace, string]>([
  [
    {
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: '::1', port: 2 },
      ],
    },
    'the cluster of a:1, [::1]:2: x',
  ],
  [
    { kind: 'sentinel', sentinels: [{ host: 'a', port: 1 }], master: 'main', password: 'secret' },
    'the primary main of the Sentinels a:1: x',
  ],
  [{ kind: 'url', url: 'redis://user:secret@db:6379' }, 'redis://user:***@db:6379: x'],
])('%j', (at, explained) => {
  expect(explainError('x', { ...common, at }, false)).toBe(explained)
})

test('whoever spoke to it before is not asked whether it speaks TLS', () => {
  expect(explainError('read ECONNRESET', plain, true)).toBe('redis://db:6379: read ECONNRESET')
})

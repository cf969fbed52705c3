import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStoreAccess, type StoreWish } from './store-access.ts'

const folder = mkdtempSync(join(tmpdir(), 'windrose-access-'))
const secret = join(folder, 'secret')
writeFileSync(secret, 'from-a-file\n')
afterAll(() => rmSync(folder, { recursive: true }))

const open = (url: string, wish: Partial<StoreWish> = {}) =>
  openStoreAccess({ url, namespace: 'prod', prefix: 'windrose', ...wish })

test('the password of a file goes before that of the URL', () => {
  expect(open('redis://eu:in-the-url@h')).toMatchObject({ username: 'eu', password: 'in-the-url' })
  expect(open('redis://eu:in-the-url@h', { passwordFile: secret })).toMatchObject({ password: 'from-a-file' })
})

test('Sentinels have a user and a password of their own', () => {
  const access = open('redis+sentinel://eu:inner@s:26379/main', {
    sentinelUsername: 'watch',
    sentinelPasswordFile: secret,
  })
  expect(access).toMatchObject({
    at: { kind: 'sentinel', master: 'main', username: 'watch', password: 'from-a-file' },
    username: 'eu',
    password: 'inner',
  })
  expect(open('redis+sentinel://s:26379/main').at).toEqual({
    kind: 'sentinel',
    sentinels: [{ host: 's', port: 26379 }],
    master: 'main',
  })
})

test.each<[string, Partial<StoreWish>, string]>([
  ['redis://h', { caFile: secret }, 'files for TLS, but the store is not spoken to over TLS: rediss://'],
  [
    'redis://h',
    { sentinelPasswordFile: secret },
    'a user of Sentinels, but the store is not behind any: redis+sentinel://',
  ],
  ['redis+sentinel://s/main', { sentinelUsername: 'watch' }, '--sentinel-username needs --sentinel-password-file'],
  ['redis://eu:hidden@', {}, '--store: "redis://eu:***@" is no redis:// or rediss:// URL'],
])('%s with %j is refused: %s', (url, wish, problem) => {
  expect(() => open(url, wish)).toThrow(problem)
})

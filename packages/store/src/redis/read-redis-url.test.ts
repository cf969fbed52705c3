import fc from 'fast-check'
import { readRedisUrl, withoutPassword } from './read-redis-url.ts'

const none = { username: undefined, password: undefined }

describe('a URL of Redis', () => {
  test.each([
    ['redis://db.example', { at: { kind: 'url', url: 'redis://db.example:6379/' }, tls: false, ...none }],
    ['rediss://db.example:7000/3', { at: { kind: 'url', url: 'rediss://db.example:7000/3' }, tls: true, ...none }],
    ['redis://[::1]:7000', { at: { kind: 'url', url: 'redis://[::1]:7000/' }, tls: false, ...none }],
    ['redis://eu:s%40cret@h', { tls: false, username: 'eu', password: 's@cret' }],
    ['redis://:secret@h', { username: undefined, password: 'secret' }],
    ['redis://eu@h', { username: 'eu', password: undefined }],
    ['redis://eu:a:b/c@d@h:7000', { at: { url: 'redis://h:7000/' }, username: 'eu', password: 'a:b/c@d' }],
    [
      'redis+sentinel://a:26379,b:26380/mymaster',
      {
        at: {
          kind: 'sentinel',
          sentinels: [
            { host: 'a', port: 26379 },
            { host: 'b', port: 26380 },
          ],
          master: 'mymaster',
        },
        tls: false,
      },
    ],
    ['rediss+cluster://a:1,b:2', { at: { kind: 'cluster', nodes: [{ port: 1 }, { port: 2 }] }, tls: true }],
  ])('%s is read', (text, value) => {
    expect(readRedisUrl(text)).toMatchObject(value)
  })

  test.each([
    ['http://h', '"http://h" is no redis:// or rediss:// URL'],
    ['db.example:6379', '"db.example:6379" is no redis:// or rediss:// URL'],
    ['redis://h:99999', '"h:99999" is no HOST:PORT'],
    ['redis://a,b', 'several hosts: redis+sentinel:// or redis+cluster://'],
    ['redis+sentinel://a:1', 'which master? redis+sentinel://HOST:PORT/MASTER'],
    ['redis://h/zero', 'the database "zero" is no number'],
    ['redis//u:secret@h', '"redis//u:***@h" is no redis:// or rediss:// URL'],
    ['u:secret@h', '"u:***@h" is no redis:// or rediss:// URL'],
    ['redis://u:sec@ret@', '"redis://u:***@" is no redis:// or rediss:// URL'],
  ])('%s is refused: %s', (text, problem) => {
    expect(readRedisUrl(text)).toEqual({ problem })
  })

  test('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        readRedisUrl(a)
        readRedisUrl(`redis://${a}@${b}`)
      }),
    )
  })

  test('never shows a password in what is wrong with it', () => {
    const anyPassword = fc.string({ minLength: 8, unit: fc.constantFrom(...'SECRETxyz:/@%#? ') })
    fc.assert(
      fc.property(anyPassword, fc.constantFrom('h', 'h:0', 'a,b', '', '[::1', 'h/x/y'), (password, place) => {
        const read = readRedisUrl(`redis://user:${password}@${place}`)
        if ('problem' in read) expect(read.problem).not.toContain(password)
      }),
    )
  })

  test('is shown without its password', () => {
    expect(withoutPassword('rediss://eu:secret@h:1/2')).toBe('rediss://eu:***@h:1/2')
    expect(withoutPassword('rediss://eu:se@c/r:et@h:1/2')).toBe('rediss://eu:***@h:1/2')
    expect(withoutPassword('redis://h')).toBe('redis://h')
    expect(withoutPassword('rediss://eu@h:1')).toBe('rediss://eu@h:1')
    expect(withoutPassword('rediss://eu@[::1]:1')).toBe('rediss://eu@[::1]:1')
  })
})

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeStateDir } from './state-dir.ts'
import { lockStateDir } from './state-lock.ts'
import { obtainToken, tokenFile } from './token.ts'

let parent: string
let dir: string

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'windrose-state-'))
  dir = join(parent, 'deep', 'state')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const modeOf = (path: string): number => statSync(path).mode & 0o777

describe('the state directory', () => {
  test('is made with its parents, for its owner alone', () => {
    makeStateDir(dir)
    expect(modeOf(dir)).toBe(0o700)
  })

  test('that others could write to is closed to them', () => {
    mkdirSync(dir, { recursive: true })
    chmodSync(dir, 0o777)
    makeStateDir(dir)
    expect(modeOf(dir)).toBe(0o755)
  })

  test('that is a file is refused in one line that names it', () => {
    writeFileSync(join(parent, 'file'), '')
    expect(() => makeStateDir(join(parent, 'file'))).toThrow(/file/)
    expect(() => makeStateDir(join(parent, 'file', 'below'))).toThrow(/a part of the path is a file/)
  })
})

test('a state directory where none can be is refused, and not tried for ever', () => {
  expect(() => makeStateDir('/proc/nope/state')).toThrow(/cannot use state_dir \/proc\/nope\/state: it cannot be made/)
})

describe('the token', () => {
  beforeEach(() => makeStateDir(dir))

  test('is made once, of 32 random octets, in a file for its owner alone', () => {
    const { token, warning } = obtainToken(dir)
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(readFileSync(tokenFile(dir), 'utf8')).toBe(`${token}\n`)
    expect(modeOf(tokenFile(dir))).toBe(0o600)
    expect(warning).toBeUndefined()
    expect(obtainToken(dir)).toEqual({ token })
  })

  test('is another one in another directory', () => {
    const other = join(parent, 'other')
    makeStateDir(other)
    expect(obtainToken(dir).token).not.toBe(obtainToken(other).token)
  })

  test('that others could read is closed to them, and told', () => {
    const { token } = obtainToken(dir)
    chmodSync(tokenFile(dir), 0o644)
    expect(obtainToken(dir)).toEqual({ token, warning: expect.stringContaining('mode 644') })
    expect(modeOf(tokenFile(dir))).toBe(0o600)
  })

  test.each([[''], ['short'], ['two words that are long enough']])('file with %j is refused', (text) => {
    writeFileSync(tokenFile(dir), text)
    expect(() => obtainToken(dir)).toThrow(/holds no token/)
  })
})

describe('the lock', () => {
  beforeEach(() => makeStateDir(dir))
  const file = (): string => join(dir, 'lock')

  test('is released, and then taken again', () => {
    lockStateDir(dir)()
    expect(() => readFileSync(file())).toThrow(/ENOENT/)
    lockStateDir(dir)()
  })

  test('of this very process is refused to a second server in it', () => {
    const release = lockStateDir(dir)
    expect(() => lockStateDir(dir)).toThrow(`pid ${process.pid}`)
    release()
  })

  test('of a living process is refused, with its pid', () => {
    const release = lockStateDir(dir)
    // The parent of the test lives, too: the lock is written as it would have written it.
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    release()
    writeFileSync(file(), `${process.ppid} ${start} ${boot}\n`)
    expect(() => lockStateDir(dir)).toThrow(`pid ${process.ppid}`)
  })

  test.each([
    ['a process that is gone', '999999999 1 x\n'],
    ['an earlier life of this pid', `${process.pid} 1 x\n`],
    ['an earlier life of a pid in use', `${process.ppid} 1 x\n`],
    ['nobody', ''],
  ])('of %s is taken over', (_whose, text) => {
    writeFileSync(file(), text)
    const release = lockStateDir(dir)
    expect(readFileSync(file(), 'utf8')).toMatch(new RegExp(`^${process.pid} `))
    release()
  })

  test('that another took over in the meantime is not removed', () => {
    const release = lockStateDir(dir)
    writeFileSync(file(), 'another\n')
    release()
    expect(readFileSync(file(), 'utf8')).toBe('another\n')
  })
})

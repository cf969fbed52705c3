import { createPublicKey } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printPublicKey, readPublicKey, signWith } from '@windrose/store'
import { obtainPrivateFile } from './private-file.ts'
import { obtainServerIdentity } from './server-identity.ts'
import { isPushAgent, obtainServerKey } from './server-key.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'windrose-key-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const file = (): string => join(dir, 'signing-key.pem')

describe('the key of a server', () => {
  test('is made once, in a file for its owner alone, and is the one that others are told to trust', () => {
    const { key, publicKey, agent, warning } = obtainServerKey(dir, 'ns1-0a1b2c3d')
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    expect(readdirSync(dir)).toEqual(['signing-key.pem'])
    expect([agent, isPushAgent(agent), isPushAgent('ns1'), warning]).toEqual([
      'push-ns1-0a1b2c3d',
      true,
      false,
      undefined,
    ])
    expect(obtainServerKey(dir, 'ns1-0a1b2c3d').publicKey).toBe(publicKey)
    const read = readPublicKey(publicKey)
    expect('problem' in read ? read : printPublicKey(read)).toBe(printPublicKey(createPublicKey(key as never)))
    expect(signWith(key)({ namespace: 'n', agent, part: 'lease' }, new Uint8Array(3))).toHaveLength(64)
  })

  test('that others could read is closed to them, and told', () => {
    const { publicKey } = obtainServerKey(dir, 'one')
    chmodSync(file(), 0o640)
    expect(obtainServerKey(dir, 'one')).toMatchObject({ publicKey, warning: expect.stringContaining('mode 640') })
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  test('in a file that holds none is refused, with what to do', () => {
    writeFileSync(file(), 'nothing')
    expect(() => obtainServerKey(dir, 'one')).toThrow(
      /signing-key\.pem is no signing key: .*; remove it, and a new one/,
    )
  })

  test('and the name it is for are there before the first start, and stay', () => {
    const state = join(dir, 'deep', 'state')
    const first = obtainServerIdentity(state)
    expect(first.key.agent).toBe(`push-${first.name}`)
    expect(first.key.agent.length).toBeLessThanOrEqual(63)
    expect(obtainServerIdentity(state)).toMatchObject({ name: first.name, key: { publicKey: first.key.publicKey } })
  })
})

test('a private file that somebody else makes meanwhile is taken as that one made it', () => {
  const made = obtainPrivateFile(file(), () => {
    writeFileSync(file(), 'theirs', { mode: 0o600 })
    return 'ours'
  })
  expect(made).toEqual({ content: 'theirs' })
  expect(readdirSync(dir)).toEqual(['signing-key.pem'])
})

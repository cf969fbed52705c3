import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isName } from '@windrose/store'
import { obtainServerName } from './server-name.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'windrose-name-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

describe("a server's name", () => {
  test('is the same whenever it starts, and fit for keys', () => {
    const name = obtainServerName(directory)
    expect(obtainServerName(directory)).toBe(name)
    expect(name.startsWith(hostname().slice(0, 3))).toBe(true)
    expect(isName(name)).toBe(true)
  })

  test('is another one for another server of the same machine', () => {
    const other = mkdtempSync(join(tmpdir(), 'windrose-name-'))
    expect(obtainServerName(other)).not.toBe(obtainServerName(directory))
    rmSync(other, { recursive: true })
  })

  test('is made anew where the file holds something else', () => {
    writeFileSync(join(directory, 'server-id'), 'nonsense')
    const name = obtainServerName(directory)
    expect(name).toMatch(/-[0-9a-f]{8}$/)
    expect(obtainServerName(directory)).toBe(name)
  })
})

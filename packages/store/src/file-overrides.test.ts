import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Override } from '@windrose/health'
import { openFileOverrides } from './file-overrides.ts'
import { createMemoryStore } from './memory-store.ts'
import { storeContract } from './store.laws.ts'

const NOON = Date.UTC(2026, 4, 3, 12, 0, 0, 123)
const drain: Override = {
  id: 'o1',
  target: { kind: 'pool', service: 'web', site: 'fra' },
  action: 'drain',
  reason: 'works',
  author: 'ops',
  createdAt: 1,
  expiresAt: 2,
}

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'windrose-overrides-'))
  file = join(directory, 'overrides.json')
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

storeContract('the memory store with a file', async () => createMemoryStore(openFileOverrides(file, NOON)))

describe('overrides in a file', () => {
  test('there is nothing to complain of before the first one', () => {
    expect(openFileOverrides(file, NOON)).toMatchObject({ loaded: [], problems: [] })
    expect(readdirSync(directory)).toEqual([])
  })

  test('a store that is opened again has them', async () => {
    const first = createMemoryStore(openFileOverrides(file, NOON))
    await first.putOverride(drain)
    await first.putOverride({ ...drain, id: 'o2', createdAt: 2 })
    await first.removeOverride('o1')
    await first.close()
    const second = createMemoryStore(openFileOverrides(file, NOON))
    expect(await second.overrides()).toEqual([{ ...drain, id: 'o2', createdAt: 2 }])
  })

  test('only the owner may read the file, and nothing is left beside it', async () => {
    await openFileOverrides(file, NOON).save([drain])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(directory)).toEqual(['overrides.json'])
  })

  test('what is left of an interrupted save is in nobody\u2019s way', async () => {
    writeFileSync(`${file}.new-${process.pid}`, '{"format')
    expect(await openFileOverrides(file, NOON).save([drain])).toBeUndefined()
    expect(readdirSync(directory)).toEqual(['overrides.json'])
  })

  test('many saves at once end with the last list', async () => {
    const storage = openFileOverrides(file, NOON)
    for (let count = 0; count < 20; count++) void storage.save([{ ...drain, id: `o${count}` }])
    await storage.settled()
    expect(JSON.parse(readFileSync(file, 'utf8')).overrides).toEqual([{ ...drain, id: 'o19' }])
  })

  test('a save that fails says so, and the next one that can succeeds', async () => {
    const away = join(directory, 'away')
    const storage = openFileOverrides(join(away, 'overrides.json'), NOON)
    expect(await storage.save([drain])).toMatch(/in force but could not be saved to .*overrides\.json: ENOENT/)
    mkdirSync(away)
    expect(await storage.save([drain])).toBeUndefined()
  })

  const entry = JSON.parse(JSON.stringify(drain))
  test.each([
    ['{"format": 1, "overrides": [', /not JSON/],
    ['', /not JSON/],
    ['[]', /not a JSON object/],
    ['{"format": 2, "overrides": []}', /format 2, not 1/],
    ['{"format": 1}', /"overrides" is not a list/],
    [fileOf([7]), /override 1: not an object/],
    [fileOf([entry, { ...entry, id: 7 }]), /override 2: "id" is not a text/],
    [fileOf([{ ...entry, action: 'sideways' }]), /"action" is none of drain, down, up/],
    [fileOf([{ ...entry, createdAt: 'now' }]), /"createdAt" is not a time/],
    [fileOf([{ ...entry, expiresAt: null }]), /"expiresAt" is not a time/],
    [fileOf([{ ...entry, target: { kind: 'pool', service: 'web' } }]), /"target" is none of/],
    [fileOf([{ ...entry, target: { kind: 'planet' } }]), /"target" is none of/],
    [fileOf([entry, entry]), /override 2: the id "o1" is there twice/],
  ])('%s is kept aside whole, and said to be broken', (text, problem) => {
    writeFileSync(file, text)
    const storage = openFileOverrides(file, NOON)
    expect(storage.loaded).toEqual([])
    expect(storage.problems).toHaveLength(1)
    expect(storage.problems[0]).toMatch(problem)
    expect(storage.problems[0]).toContain(`${file}.broken-20260503T120000Z`)
    expect(readdirSync(directory)).toEqual(['overrides.json.broken-20260503T120000Z'])
    expect(readFileSync(`${file}.broken-20260503T120000Z`, 'utf8')).toBe(text)
  })

  test('something that is no file at all is kept aside too', () => {
    mkdirSync(file)
    chmodSync(file, 0o700)
    expect(openFileOverrides(file, NOON).problems[0]).toMatch(/EISDIR.*kept as/)
  })
})

function fileOf(overrides: unknown[]): string {
  return JSON.stringify({ format: 1, overrides })
}

import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groupTargets, NO_HEALTH, next, SINGLE_AGENT } from '@windrose/health'
import { readWarmState, type WarmState, writeWarmState } from './warm-state.ts'

const T1 = '1'.repeat(32)
const heard = {
  agents: new Map([['a', { agent: 'a', vantage: 'eu', incarnation: 1, isolated: false, alive: true }]]),
  reports: (target: string) => [
    {
      agent: 'a',
      vantage: 'eu',
      incarnation: 1,
      sequence: 1,
      target,
      verdict: 2 as const,
      since: 1000,
      stability: 5,
      reason: 'status 503',
      at: 1000,
    },
  ],
}
const rules = { ...SINGLE_AGENT, groups: groupTargets([{ name: 'web/fra', ttlMs: 30_000, endpoints: [[T1]] }]) }
const warm: WarmState = {
  state: next(NO_HEALTH, heard, 5000, rules),
  overrides: [
    { id: 'o1', target: { kind: 'site', site: 'fra' }, action: 'drain', reason: 'r', author: 'a', createdAt: 1 },
  ],
  writtenAt: 6000,
}

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-warm-'))
  file = join(folder, 'health.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a warm state', () => {
  test('is read as it was written, by the owner alone, with nothing left beside it', () => {
    writeWarmState(file, warm)
    expect(readWarmState(file)).toEqual(warm)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['health.json'])
  })

  test('that is not there is none', () => {
    expect(readWarmState(file)).toBeUndefined()
  })

  test('of which an octet is wrong or missing is not used', () => {
    writeWarmState(file, warm)
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('drain', 'drown'))
    expect(readWarmState(file)).toEqual({ problem: 'its checksum is not that of its content' })
    writeFileSync(file, text.slice(0, -20))
    expect(readWarmState(file)).toHaveProperty('problem')
    writeFileSync(file, '')
    expect(readWarmState(file)).toHaveProperty('problem')
  })

  test('of another format is not used', () => {
    writeWarmState(file, warm)
    const body = readFileSync(file, 'utf8').split('\n')[1]!.replace('"format":1', '"format":2')
    writeFileSync(file, `${createHash('sha256').update(body).digest('hex')}\n${body}\n`)
    expect(readWarmState(file)).toEqual({ problem: 'it is of format 2, not 1' })
  })
})

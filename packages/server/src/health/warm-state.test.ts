import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  test('is read as it was written', () => {
    writeWarmState(file, warm)
    expect(readWarmState(file)).toEqual(warm)
  })

  test('that is not there is none', () => {
    expect(readWarmState(file)).toBeUndefined()
  })

  test('that is garbled is not used', () => {
    writeFileSync(file, 'garbled')
    expect(readWarmState(file)).toEqual({ problem: 'its checksum is not that of its content' })
  })
})

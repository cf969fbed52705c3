import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LastSigned } from '@windrose/store'
import { pino } from 'pino'
import { keepSignedAgents, readSignedAgents } from './signed-agents.ts'

let folder: string
let file: string
let lines: Record<string, unknown>[]
let signed: Map<string, LastSigned>
const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
beforeEach(() => {
  jest.useFakeTimers()
  folder = mkdtempSync(join(tmpdir(), 'windrose-signed-'))
  file = join(folder, 'signed-agents.json')
  lines = []
  signed = new Map()
})
afterEach(() => {
  jest.useRealTimers()
  rmSync(folder, { recursive: true, force: true })
})

const last = (change: Partial<LastSigned> = {}): LastSigned => ({
  key: 'k',
  incarnation: 3,
  sequence: 7,
  beat: 20,
  ...change,
})

test('a report is on disk within a second, and read as it was', () => {
  const end = keepSignedAgents(file, { signed }, new Map(), log)
  signed.set('a', last()).set('b', last({ key: 'other', beat: 0 }))
  jest.advanceTimersByTime(1000)
  expect(readSignedAgents(file, log)).toEqual(signed)
  end()
})

test('leases alone are written now and then, and all of it when the server stops', () => {
  signed.set('a', last())
  const end = keepSignedAgents(file, { signed }, new Map(signed), log)
  const beats: number[] = []
  for (let beat = 21; beat <= 41; beat++) {
    signed.set('a', last({ beat }))
    jest.advanceTimersByTime(1000)
    beats.push(readSignedAgents(file, log).get('a')?.beat ?? 0)
  }
  expect(new Set(beats)).toEqual(new Set([0, 30, 40]))
  end()
  expect(readSignedAgents(file, log).get('a')!.beat).toBe(41)
})

test('what was taken while the server started is written, too', () => {
  signed.set('a', last())
  const end = keepSignedAgents(file, { signed }, new Map([['a', last({ sequence: 6 })]]), log)
  jest.advanceTimersByTime(1000)
  expect(readSignedAgents(file, log)).toEqual(signed)
  end()
})

test('where nothing is signed nothing is written', () => {
  keepSignedAgents(file, { signed }, new Map(), log)()
  expect(() => statSync(file)).toThrow('ENOENT')
})

test('a file that is damaged is told, and nothing is taken from it', () => {
  signed.set('a', last())
  keepSignedAgents(file, { signed }, new Map(), log)()
  writeFileSync(file, readFileSync(file, 'utf8').replace('7', '8'))
  expect(readSignedAgents(file, log)).toEqual(new Map())
  expect(lines).toMatchObject([{ msg: expect.stringContaining('its checksum is not that of its content') }])
})

test('a disk that takes nothing is told once, and written to when it takes something again', () => {
  const end = keepSignedAgents(join(folder, 'gone', 'file'), { signed }, new Map(), log)
  signed.set('a', last())
  jest.advanceTimersByTime(5000)
  expect(lines).toHaveLength(1)
  end()
})

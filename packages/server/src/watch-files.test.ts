import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchFiles } from './watch-files.ts'

let directory: string
let stop: () => void
let changes: number
const file = (name: string): string => join(directory, name)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'windrose-watch-'))
  writeFileSync(file('a'), 'one')
  changes = 0
  stop = watchFiles({ files: () => [file('a')], intervalMs: 10, onChange: () => changes++ })
  await pause(30)
})
afterEach(() => {
  stop()
  rmSync(directory, { recursive: true })
})

test('a file that stays as it is tells nothing', async () => {
  await pause(50)
  expect(changes).toBe(0)
})

test('a file that was renamed over tells one change', async () => {
  writeFileSync(file('new'), 'another')
  renameSync(file('new'), file('a'))
  await pause(100)
  expect(changes).toBe(1)
})

test('a file that is gone for a while tells a change only when another one is there', async () => {
  rmSync(file('a'))
  await pause(50)
  expect(changes).toBe(0)
  writeFileSync(file('a'), 'another one')
  await pause(100)
  expect(changes).toBe(1)
})

test('nothing is told after the end', async () => {
  stop()
  writeFileSync(file('a'), 'another')
  await pause(50)
  expect(changes).toBe(0)
})

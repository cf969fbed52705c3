import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from '../log.ts'
import { keepPlacement, readPlacement } from './kept-placement.ts'

let folder: string
let file: string
let said: string[]
const log = { error: (_: object, text: string) => said.push(text) } as unknown as Logger
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-kept-'))
  file = join(folder, 'capacity.json')
  said = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const record = Buffer.from('{"format":1}')

test('what was placed when the server stopped is there when it starts, for ten minutes', () => {
  keepPlacement(file, () => record, log)()
  expect(readPlacement(file, log)).toEqual(record)
  expect(readPlacement(file, log, Date.now() + 599_000)).toEqual(record)
  expect(readPlacement(file, log, Date.now() + 601_000)).toBeUndefined()
  expect(said).toEqual([])
})

test('nothing was placed, or the file is damaged: it starts without, and says the latter', () => {
  keepPlacement(file, () => undefined, log)()
  expect(readPlacement(file, log)).toBeUndefined()
  writeFileSync(file, 'half a fi')
  expect(readPlacement(file, log)).toBeUndefined()
  expect(said).toEqual([`${file} cannot be used, starting without it: its checksum is not that of its content`])
})

test('a file that cannot be written is said once', () => {
  const end = keepPlacement(join(folder, 'none', 'capacity.json'), () => record, log)
  end()
  end()
  expect(said).toEqual([expect.stringMatching(/^cannot keep what is placed in /)])
})

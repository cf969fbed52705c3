import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCheckedFile, writeCheckedFile } from './checked-file.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-checked-'))
  file = join(folder, 'kept.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('is read as it was written, by the owner alone, with nothing left beside it', () => {
  writeCheckedFile(file, 1, { word: 'first' })
  writeCheckedFile(file, 1, { word: 'second' })
  expect(readCheckedFile(file, 1)).toEqual({ content: { format: 1, word: 'second' } })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['kept.json'])
})

test('that is not there is none', () => {
  expect(readCheckedFile(file, 1)).toBeUndefined()
})

test('of which an octet is wrong or missing is not used', () => {
  writeCheckedFile(file, 1, { word: 'first' })
  const text = readFileSync(file, 'utf8')
  for (const wrong of [text.replace('first', 'worst'), text.slice(0, -20), '', text.slice(1)]) {
    writeFileSync(file, wrong)
    expect(readCheckedFile(file, 1)).toEqual({ problem: 'its checksum is not that of its content' })
  }
})

test('of another format is not used', () => {
  const body = '{"format":2}'
  writeFileSync(file, `${createHash('sha256').update(body).digest('hex')}\n${body}\n`)
  expect(readCheckedFile(file, 1)).toEqual({ problem: 'it is of format 2, not 1' })
})

test('that cannot be read says why', () => {
  mkdirSync(file)
  expect(readCheckedFile(file, 1)).toEqual({ problem: expect.stringContaining('EISDIR') })
})

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { makeMmdb } from './mmdb.arbitraries.ts'
import { openDatabase } from './mmdb-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'windrose-geo-'))
afterAll(() => rmSync(directory, { recursive: true }))

const GOOD = Buffer.from(
  makeMmdb(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i + 1}.0.0.0/8`, { country_code: 'DE', i }]))),
)

function problemOf(octets: Uint8Array): string {
  const path = join(directory, 'file.mmdb')
  writeFileSync(path, octets)
  const opened = openDatabase(path)
  return 'problem' in opened ? opened.problem.replace(path, 'FILE') : 'none'
}

/** GOOD with the octets `from` replaced by others of the same length. */
function changed(from: string, to: string): Buffer {
  const octets = Buffer.from(GOOD)
  octets.write(to, octets.lastIndexOf(Buffer.from(from, 'latin1')), 'latin1')
  return octets
}

describe('a file', () => {
  test('that is sound opens', () => {
    expect(problemOf(GOOD)).toBe('none')
  })

  test.each([
    ['is empty', Buffer.alloc(0), 'geo database FILE: the file is empty; download it again'],
    ['is compressed', gzipSync(GOOD), 'geo database FILE: the file is compressed; unpack it with gunzip first'],
    [
      'is something else',
      Buffer.from('country,latitude\n'.repeat(100)),
      'geo database FILE: not an MMDB file, or cut off before its end; download it again in the .mmdb format',
    ],
    [
      'lost its end',
      GOOD.subarray(0, GOOD.length / 2),
      'geo database FILE: not an MMDB file, or cut off before its end; download it again in the .mmdb format',
    ],
    [
      'lost its beginning',
      GOOD.subarray(600),
      'geo database FILE: the file is shorter than its metadata says, or damaged; download it again',
    ],
    [
      'is of a later format',
      changed('binary_format_major_version\xa1\x02', 'binary_format_major_version\xa1\x03'),
      'geo database FILE: MMDB format 3 is not known; use a file of format 2',
    ],
    [
      'has records of an odd size',
      changed('record_size\xa1\x18', 'record_size\xa1\x19'),
      'geo database FILE: the metadata is damaged (Unsupported record size); download the file again',
    ],
    [
      'is for no known IP version',
      changed('ip_version\xa1\x06', 'ip_version\xa1\x05'),
      'geo database FILE: the metadata is damaged (node count or IP version); download the file again',
    ],
  ])('that %s is a problem in one line', (_, octets, problem) => {
    expect(problemOf(octets)).toBe(problem)
  })

  test('that is missing is a problem that says where to look', () => {
    const path = join(directory, 'missing.mmdb')
    expect(openDatabase(path)).toEqual({
      problem: `geo database ${path}: no such file; check the path under geo.databases`,
    })
  })

  test('that is a directory is a problem', () => {
    const path = join(directory, 'folder')
    mkdirSync(path)
    expect(openDatabase(path)).toEqual({
      problem: `geo database ${path}: this is a directory; name the .mmdb file in it`,
    })
  })

  test('that is replaced while in use goes on saying what it said', () => {
    const path = join(directory, 'replaced.mmdb')
    writeFileSync(path, makeMmdb({ '8.0.0.0/8': { country_code: 'DE' } }))
    const opened = openDatabase(path)
    writeFileSync(path, makeMmdb({ '8.0.0.0/8': { country_code: 'FR' } }))
    if ('problem' in opened) throw new Error(opened.problem)
    expect(opened.reader.getWithPrefixLength('8.8.8.8')[0]).toEqual({ country_code: 'DE' })
    expect(readFileSync(path).equals(Buffer.from(opened.tree.octets))).toBe(false)
  })

  test('of any damage either opens or is a problem, but never throws', () => {
    for (let i = 0; i < GOOD.length; i += 7) {
      const octets = Buffer.from(GOOD)
      octets[i] = octets[i]! ^ 0xff
      expect(typeof problemOf(octets)).toBe('string')
    }
  })
})

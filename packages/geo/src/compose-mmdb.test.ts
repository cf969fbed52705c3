import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPrefix } from '@windrose/ip'
import { composeMmdb, type MmdbContent } from './compose-mmdb.ts'
import { Reader } from './maxmind-reader.ts'
import type { MmdbRecord } from './mmdb-data.ts'

const prefix = (text: string) => readPrefix(text)!.prefix
const GEO_DATA = join(__dirname, '../../../geo-data')

function content(networks: Record<string, MmdbRecord>, more: Partial<MmdbContent> = {}): MmdbContent {
  const entries = Object.entries(networks).map(([text, record]) => ({ prefix: prefix(text), record }))
  return { databaseType: 'test', buildEpoch: 1_700_000_000, ipVersion: 6, recordSize: 24, entries, ...more }
}

const compose = (networks: Record<string, MmdbRecord>, more?: Partial<MmdbContent>) =>
  new Reader(Buffer.from(composeMmdb(content(networks, more))))

const ALL_TYPES: MmdbRecord = {
  text: 'Zürich',
  empty: '',
  long: 'x'.repeat(300),
  longer: 'y'.repeat(70_000),
  yes: true,
  no: false,
  small: 0,
  large: 0xffffffff,
  negative: -5,
  fraction: 0.25,
  location: { latitude: 46, longitude: -122.5 },
  list: ['a', 1, { deep: ['b'] }],
}

describe('a composed file', () => {
  test.each([24, 28, 32] as const)('with records of %d bits is read by the library', (recordSize) => {
    const networks = { '192.0.2.0/24': { a: 1 }, '192.0.2.128/25': { a: 2 }, '2001:db8::/32': { a: 3 } }
    const reader = compose(networks, { recordSize })
    expect(reader.getWithPrefixLength('192.0.2.1')).toEqual([{ a: 1 }, 25])
    expect(reader.getWithPrefixLength('192.0.2.200')).toEqual([{ a: 2 }, 25])
    expect(reader.getWithPrefixLength('2001:db8::1')).toEqual([{ a: 3 }, 32])
    expect(reader.getWithPrefixLength('2001:db9::1')[0]).toBeNull()
    expect(reader.metadata).toMatchObject({ recordSize, ipVersion: 6, databaseType: 'test' })
    expect(reader.metadata.buildEpoch).toEqual(new Date(1_700_000_000_000))
  })

  test('may be for IPv4 alone', () => {
    const reader = compose({ '192.0.2.0/24': { a: 1 } }, { ipVersion: 4 })
    expect(reader.getWithPrefixLength('192.0.2.1')).toEqual([{ a: 1 }, 24])
  })

  test('holds values of every type', () => {
    expect(compose({ '192.0.2.0/24': ALL_TYPES }).getWithPrefixLength('192.0.2.1')[0]).toEqual(ALL_TYPES)
  })

  test('points to strings that are far away', () => {
    const networks = Object.fromEntries(
      Array.from({ length: 200 }, (_, i): [string, MmdbRecord] => [
        `10.0.${i}.0/24`,
        { filler: `${i} `.repeat(1500), shared: 'at the start', own: `own ${i % 150}` },
      ]),
    )
    const reader = compose(networks, { recordSize: 32 })
    for (const i of [0, 1, 150, 199]) {
      expect(reader.getWithPrefixLength(`10.0.${i}.1`)[0]).toEqual(networks[`10.0.${i}.0/24`])
    }
  })

  test('makes aliases lead to the IPv4 tree', () => {
    const reader = compose({ '192.0.2.0/24': { a: 1 } }, { ipv4Aliases: [prefix('2002::/16')] })
    expect(reader.getWithPrefixLength('2002:c000:0201::')).toEqual([{ a: 1 }, 40])
  })

  test('may know one thing of all addresses, or nothing', () => {
    expect(compose({ '::/0': { a: 1 } }).getWithPrefixLength('2001:db8::1')[0]).toEqual({ a: 1 })
    expect(compose({}).getWithPrefixLength('2001:db8::1')[0]).toBeNull()
  })

  test('is the same for the same content', () => {
    const networks = { '192.0.2.0/24': ALL_TYPES }
    expect(composeMmdb(content(networks))).toEqual(composeMmdb(content(networks)))
  })
})

describe('mmdblookup, of libmaxminddb,', () => {
  const directory = mkdtempSync(join(tmpdir(), 'windrose-mmdb-'))
  afterAll(() => rmSync(directory, { recursive: true }))

  test.each([24, 28, 32] as const)('reads a file with records of %d bits as it was meant', (recordSize) => {
    const path = join(directory, `${recordSize}.mmdb`)
    const networks = { '192.0.2.0/24': ALL_TYPES, '2001:db8::/32': { text: 'Zürich' } }
    writeFileSync(path, composeMmdb(content(networks, { recordSize, ipv4Aliases: [prefix('::ffff:0:0/96')] })))
    const look = (address: string, ...keys: string[]) =>
      execFileSync('mmdblookup', ['--file', path, '--ip', address, ...keys], { encoding: 'utf8' }).trim()
    expect(look('192.0.2.1', 'text')).toBe('"Zürich" <utf8_string>')
    expect(look('192.0.2.1', 'longer')).toBe(`"${'y'.repeat(70_000)}" <utf8_string>`)
    expect(look('192.0.2.1', 'large')).toBe('4294967295 <uint32>')
    expect(look('192.0.2.1', 'negative')).toBe('-5 <int32>')
    expect(look('192.0.2.1', 'location', 'latitude')).toBe('46.000000 <double>')
    expect(look('192.0.2.1', 'list', '2', 'deep', '0')).toBe('"b" <utf8_string>')
    expect(look('::ffff:192.0.2.1', 'yes')).toBe('true <boolean>')
    expect(look('2001:db8::1', 'text')).toBe('"Zürich" <utf8_string>')
  })

  test('reads the made-up database of geo-data', () => {
    const path = join(GEO_DATA, 'test.mmdb')
    const keys = ['location', 'longitude']
    expect(
      execFileSync('mmdblookup', ['--file', path, '--ip', '17.65.1.1', ...keys], { encoding: 'utf8' }).trim(),
    ).toBe('-122.000000 <double>')
  })
})

test('the made-up database of geo-data is what its description makes', () => {
  const { networks, ...head } = JSON.parse(readFileSync(join(GEO_DATA, 'test-database.json'), 'utf8'))
  const ipv4Aliases = ['::ffff:0:0/96', '2002::/16'].map(prefix)
  const composed = composeMmdb(content(networks, { ...head, ipv4Aliases }))
  expect(Buffer.from(composed).equals(readFileSync(join(GEO_DATA, 'test.mmdb')))).toBe(true)
})

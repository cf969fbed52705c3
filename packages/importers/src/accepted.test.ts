import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { printProblems, readConfiguration } from '@windrose/config'
import fc from 'fast-check'
import type { ImportResult } from './import-result.ts'
import {
  DISK,
  filesInMemory,
  importGdnsd,
  importOctodns,
  importPowerdns,
  importRoute53,
  type SourceFiles,
} from './index.ts'

const FIXTURES = join(__dirname, '../fixtures')
const CITY = join(__dirname, '../../../geo-data/test.mmdb')

/** An importer, and the files that it reads of its fixture. */
interface Importer {
  readonly files: readonly string[]
  readonly run: (files: SourceFiles) => ImportResult
}

const IMPORTERS: Readonly<Record<string, Importer>> = {
  gdnsd: {
    files: ['config', 'conf.d/meta.cfg', 'geoip/offices', 'zones/example.com', 'zones/include/static'],
    run: (files) => importGdnsd(files, '.', [CITY]),
  },
  route53: {
    files: ['record-sets.json', 'health-checks.json', 'cidr-blocks.json'],
    run: (files) =>
      importRoute53(files, {
        records: 'record-sets.json',
        healthChecks: 'health-checks.json',
        cidrBlocks: 'cidr-blocks.json',
        databases: [CITY],
      }),
  },
  octodns: { files: ['example.com.yaml'], run: (files) => importOctodns(files, 'example.com.yaml', [CITY]) },
  powerdns: {
    files: ['example.com.zone'],
    run: (files) =>
      importPowerdns(files, {
        input: 'example.com.zone',
        placeOf: (address) =>
          address.endsWith('.9') ? undefined : { country: address.startsWith('198') ? 'US' : 'DE' },
        databases: [CITY],
      }),
  },
}

/** What `windrose check` refuses of a result; static records are the source's own. */
async function refusals({ files }: ImportResult): Promise<string[]> {
  if (files.length === 0) return []
  const folder = mkdtempSync(join(tmpdir(), 'windrose-import-'))
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const { problems } = await readConfiguration(join(folder, 'windrose.yaml'))
    const own = problems.filter(({ place }) => place.file.endsWith('windrose.yaml'))
    return own.filter(({ severity }) => severity === 'error').map((problem) => printProblems([problem]))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function textsOf(name: string): Record<string, string> {
  return Object.fromEntries(
    IMPORTERS[name]!.files.map((file) => {
      const read = DISK.read(join(FIXTURES, name, file))
      if ('problem' in read) throw new Error(`${file}: ${read.problem}`)
      return [file, read.text]
    }),
  )
}

interface Edit {
  readonly file: number
  readonly at: number
  readonly length: number
  readonly insert: string
}

const DAMAGE: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    file: fc.nat(),
    at: fc.nat(),
    length: fc.nat({ max: 30 }),
    insert: fc.oneof(
      fc.constantFrom(
        ...[
          '',
          ' ',
          '\n',
          '{',
          '}',
          '"',
          "'",
          '[',
          ']',
          '0',
          '-1',
          '99999999999',
          'é',
          '\\',
          '(',
          ')',
          '=>',
          ',',
          ': ',
        ],
      ),
      fc.string({ maxLength: 8, unit: 'binary' }),
      fc.string({ maxLength: 4, unit: fc.constantFrom(...'0123456789abcXYZ.-:/') }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
)

function damage(texts: Readonly<Record<string, string>>, edits: readonly Edit[]): Record<string, string> {
  const damaged = { ...texts }
  const paths = Object.keys(damaged)
  for (const { file, at, length, insert } of edits) {
    const path = paths[file % paths.length]!
    const text = damaged[path]!
    const start = at % (text.length + 1)
    damaged[path] = text.slice(0, start) + insert + text.slice(start + length)
  }
  return damaged
}

describe.each(Object.keys(IMPORTERS))('%s', (name) => {
  const { run } = IMPORTERS[name]!
  const texts = textsOf(name)

  test('what is made of the fixture is served, and made twice it is the same', async () => {
    const result = run(filesInMemory(texts))
    expect(await refusals(result)).toEqual([])
    expect(result.counts.services).toBeGreaterThan(3)
    expect(run(filesInMemory(texts))).toEqual(result)
  })

  test('damaged files are never too much, and findings point into them', () => {
    fc.assert(
      fc.property(DAMAGE, (edits) => {
        const damaged = damage(texts, edits)
        for (const { place } of run(filesInMemory(damaged)).findings) {
          const lines = damaged[place.file]?.split('\n')
          if (lines === undefined) continue
          expect(place.line).toBeLessThanOrEqual(lines.length)
          expect(place.column).toBeLessThanOrEqual(lines[place.line - 1]!.length + 1)
        }
      }),
      { numRuns: 4 * RUNS },
    )
  }, 60_000)

  test('what is made of damaged files is served', async () => {
    await fc.assert(
      fc.asyncProperty(DAMAGE, async (edits) => {
        expect(await refusals(run(filesInMemory(damage(texts, edits))))).toEqual([])
      }),
      { numRuns: RUNS },
    )
  }, 60_000)
})

/** Each run reads databases and compiles zones; more of them on demand. */
const RUNS = Number(process.env['WINDROSE_IMPORT_RUNS'] ?? 12)

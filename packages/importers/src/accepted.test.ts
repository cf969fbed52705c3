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
  /** What the fixture has that cannot be said in windrose.yaml: file, line, kind. */
  readonly findings: readonly string[]
}

const IMPORTERS: Readonly<Record<string, Importer>> = {
  gdnsd: {
    files: ['config', 'conf.d/meta.cfg', 'geoip/offices', 'zones/example.com', 'zones/include/static'],
    run: (files) => importGdnsd(files, '.', [CITY]),
    findings: [
      'config:11 changed: service type feed, plugin extfile, file feed',
      'zones/include/:1 left out: include/',
    ],
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
    findings: [
      'record-sets.json:7 to do: SOA and NS of example.com.',
      'record-sets.json:33 changed: health check h2',
      'record-sets.json:42 changed: health check h1',
      'record-sets.json:44 to do: l.example.com., latency',
      'record-sets.json:68 changed: f.example.com. A, alias of d1234.cloudfront.net.',
      'record-sets.json:112 changed: elb.example.com. A, alias of dualstack.my-elb.elb.amazonaws.com.',
      'record-sets.json:188 left out: health check gone',
      'record-sets.json:190 left out: zone.example.com. A, lax',
      'record-sets.json:190 left out: zone.example.com.',
      'record-sets.json:198 left out: zone.example.com. A, mars',
      'record-sets.json:206 to do: latency.example.com., latency',
      'record-sets.json:215 left out: latency.example.com. A, mars',
      'record-sets.json:223 changed: bucket.example.com. A, alias of s3-website-us-east-1.amazonaws.com.',
      'record-sets.json:232 changed: mail.example.com. MX, weighted',
      'record-sets.json:240 left out: mail.example.com. MX, b',
      'record-sets.json:251 changed: policy.example.com. A: TrafficPolicyInstanceId',
      'record-sets.json:270 changed: health check h2',
      'health-checks.json:36 changed: health check cw',
      'health-checks.json:58 left out: health check inverted: Inverted',
      'health-checks.json:61 changed: health check recovery',
    ],
  },
  octodns: {
    files: ['example.com.yaml'],
    run: (files) => importOctodns(files, 'example.com.yaml', [CITY]),
    findings: [
      'example.com.yaml:46 left out: api.example.com. A: octodns.route53',
      'example.com.yaml:51 left out: api.example.com. A',
      'example.com.yaml:54 left out: api.example.com. A',
      'example.com.yaml:59 left out: udp.example.com. AAAA: healthcheck',
      'example.com.yaml:64 left out: odd.example.com. URLFWD',
      'example.com.yaml:65 left out: old.example.com. A',
    ],
  },
  powerdns: {
    files: ['example.com.zone'],
    run: (files) =>
      importPowerdns(files, {
        input: 'example.com.zone',
        placeOf: (address) =>
          address.endsWith('.9') ? undefined : { country: address.startsWith('198') ? 'US' : 'DE' },
        databases: [CITY],
      }),
    findings: [
      'example.com.zone:13 changed: 10.0.0.0/8',
      'example.com.zone:22 to do: ifurlextup',
      'example.com.zone:25 left out: asn:64500',
      'example.com.zone:25 left out: asn:64501',
      "example.com.zone:28 left out: name IN LUA A \"picknamehashed({'192.0.2.45', '192.0.2.46'})\"",
      'example.com.zone:29 left out: backupSelector=all',
      'example.com.zone:30 left out: *.static 60 IN LUA A "createForward()"',
      'example.com.zone:31 left out: *.static6 60 IN LUA AAAA "createForward6()"',
      "example.com.zone:32 left out: *.0.0.10 60 IN LUA PTR \"createReverse('%1%.%2%.example.com')...",
      'example.com.zone:33 left out: *.0.0.d 60 IN LUA PTR "createReverse6(\'%33%.example.com\')"',
      "example.com.zone:34 left out: filtered IN LUA A \"filterForward('192.0.2.49', newNMG{'192.0...",
      'example.com.zone:35 left out: where IN LUA TXT "latlon()"',
      'example.com.zone:36 left out: looked IN LUA A "dblookup(\'pool.example.com\', 1)[1]"',
      "example.com.zone:37 left out: hours IN LUA A \";if os.date('!%H') + 0 > 12 then return '192...",
      'example.com.zone:38 left out: down IN LUA A "ifportup(443, {\'192.0.2.53\'"',
    ],
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
  const { run, findings } = IMPORTERS[name]!
  const texts = textsOf(name)

  test('what is made of the fixture is served, and made twice it is the same', async () => {
    const result = run(filesInMemory(texts))
    expect(await refusals(result)).toEqual([])
    expect(result.counts.services).toBeGreaterThan(3)
    expect(run(filesInMemory(texts))).toEqual(result)
    const listed = result.findings.map(({ place, kind, source }) => `${place.file}:${place.line} ${kind}: ${source}`)
    expect(listed).toEqual(findings)
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

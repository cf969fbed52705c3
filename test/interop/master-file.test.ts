import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  foldName,
  type Name,
  printName,
  printRr,
  printRtype,
  type Rr,
  readMasterFile,
  readName,
} from '../../packages/dns/src/index.ts'

/**
 * The same zones, read by BIND's named-checkzone and by ldns-read-zone: every record must come out the same as ours,
 * and what we print must be read by them as it was meant.
 */
const ZONES = join(__dirname, 'zones')

/** Zone by apex, and whether ldns reads its file: it knows no $INCLUDE, $GENERATE, or class before the TTL. */
const CASES: readonly [apex: string, forLdns: boolean][] = [
  ['corp.example', true],
  ['modern.example', true],
  ['awkward.example', true],
  ['2.0.192.in-addr.arpa', false],
]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'windrose-zones-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(CASES)('%s', (apex, forLdns) => {
  const file = join(ZONES, `${apex}.zone`)
  const records = (): Rr[] => readOurselves(apex, readFileSync(file, 'utf8'))

  test('has at least 40 records, all of which we read', () => expect(records().length).toBeGreaterThanOrEqual(40))

  test('is read by BIND as by us', () => {
    expect(linesOf(records())).toEqual(linesOf(readOurselves(apex, checkzone(apex, file))))
  })

  test('is read by BIND as it was, when we have printed it', () => {
    expect(linesOf(readOurselves(apex, checkzone(apex, printed(apex, records()))))).toEqual(linesOf(records()))
  })

  if (forLdns) {
    test('is read by ldns as by us', () => {
      expect(linesOf(readOurselves(apex, readZone(file, records())))).toEqual(linesOf(records()))
    })
  }

  test('is read by ldns as it was, when we have printed it', () => {
    // ldns prints quotes and leading dollar signs in names without their escapes, so that no one can read them back.
    const all = records().filter(({ owner }) => !/["$]/.test(printName(owner)))
    expect(linesOf(readOurselves(apex, readZone(printed(apex, all), all)))).toEqual(linesOf(all))
  })
})

/** Records in a form that no presentation format blurs, in an order that does not matter. */
function linesOf(records: readonly Rr[]): string[] {
  return records
    .map((rr) => {
      const owner = printName(foldName(rr.owner))
      return `${owner} ${rr.ttl} ${printRtype(rr.rtype)} ${Buffer.from(rr.rdata).toString('hex')}`
    })
    .sort()
}

function readOurselves(apex: string, text: string): Rr[] {
  const origin = readName(`${apex}.`) as Name
  const include = (path: string) => ({ file: path, text: readFileSync(join(ZONES, path), 'utf8') })
  const { records, problems } = readMasterFile({ file: apex, text, origin, include })
  expect(problems).toEqual([])
  return records
}

function printed(apex: string, records: readonly Rr[]): string {
  const file = join(folder, `${apex}.printed`)
  writeFileSync(file, `${records.map(printRr).join('\n')}\n`)
  return file
}

/** The zone as BIND prints it: one record a line, everything absolute. Whether it makes sense as a zone is not asked. */
function checkzone(apex: string, file: string): string {
  const ignore = ['-k', '-m', '-M', '-n', '-r', '-S'].flatMap((check) => [check, 'ignore'])
  const out = join(folder, `${apex}.bind`)
  run('named-checkzone', 'bind9-utils', ['-q', '-i', 'none', ...ignore, '-D', '-s', 'full', '-o', out, apex, file])
  return readFileSync(out, 'utf8')
}

/** The zone as ldns prints it, with all rdata in hexadecimal, so that ldns's own wire format is compared with ours. */
function readZone(file: string, records: readonly Rr[]): string {
  const types = [...new Set(records.map(({ rtype }) => printRtype(rtype)))].filter((type) => !type.startsWith('TYPE'))
  return run('ldns-read-zone', 'ldnsutils', [...types.flatMap((type) => ['-u', type]), file])
}

/** Runs a program of a Debian package in the folder of the zones; some are installed where only root looks. */
function run(program: string, debianPackage: string, parameters: readonly string[]): string {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin']
  const path = folders.map((each) => join(each, program)).find((each) => existsSync(each))
  if (path === undefined) {
    throw new Error(
      `${program} is not there: install the Debian package ${debianPackage} (apt-get install ${debianPackage})`,
    )
  }
  return execFileSync(path, parameters, { cwd: ZONES, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

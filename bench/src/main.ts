import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { GeneratorProcess } from './load/generator-process.ts'
import { gdnsd } from './peers/gdnsd.ts'
import { knot } from './peers/knot.ts'
import { powerdns } from './peers/powerdns.ts'
import { describeMachine } from './report/describe-machine.ts'
import { printGoals, printSection } from './report/print-section.ts'
import type { Section } from './report/section.ts'
import type { Bench, Suite } from './suites/bench.ts'
import { changes as changesUnderLoad } from './suites/changes.ts'
import { costPerQuery } from './suites/cost-per-query.ts'
import { growth } from './suites/growth.ts'
import { latency } from './suites/latency.ts'
import { maps } from './suites/maps.ts'
import { memory } from './suites/memory.ts'
import { policies } from './suites/policies.ts'
import { soak } from './suites/soak.ts'
import { startUp } from './suites/start-up.ts'
import { twoWorkers } from './suites/two-workers.ts'
import { whatIf } from './suites/what-if.ts'
import { writeCountryDatabase } from './world/country-database.ts'

/** In the order in which they run and are reported. */
const SUITES: Readonly<Record<string, Suite>> = {
  cost: costPerQuery,
  policies,
  growth,
  latency,
  workers: twoWorkers,
  maps,
  simulate: whatIf,
  start: startUp,
  memory,
  changes: changesUnderLoad,
  soak,
}

const USAGE = `Usage: npm run bench [-- OPTIONS]

Measures windrose beside gdnsd, Knot and PowerDNS, on this machine, over loopback. About half an hour.

  --only SUITE,...   only these: ${Object.keys(SUITES).join(', ')}
  --rounds N         rounds of each comparison (15)
  --slice MS         length of one load (500)
  --soak SECONDS     length of the soak test (600)
  --changes N        reloads, and changes of health, under load (100)
  --write            put the report into bench/RESULTS.md; with --only, into one named after the suites
`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '15' },
      slice: { type: 'string', default: '500' },
      soak: { type: 'string', default: '600' },
      changes: { type: 'string', default: '100' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const names = values.only?.split(',') ?? Object.keys(SUITES)
  const unknown = names.filter((name) => SUITES[name] === undefined)
  const numbers = [values.rounds, values.slice, values.soak, values.changes].map(Number)
  if (unknown.length > 0 || numbers.some((number) => !(number >= 1))) {
    console.error(unknown.length > 0 ? `there is no suite "${unknown.join('", "')}"\n` : 'not a number\n')
    console.error(USAGE)
    return 2
  }
  if (!hasPeers()) return 1

  const folder = mkdtempSync(join(tmpdir(), 'windrose-bench-'))
  const generator = new GeneratorProcess(GENERATOR_CORE)
  const [rounds, sliceMs, soakSeconds, changes] = numbers as [number, number, number, number]
  const database = join(folder, 'country.mmdb')
  const say = (line: string): void => console.error(`  ${line}`)
  const sections: Section[] = []
  try {
    const ipv6Blocks = writeCountryDatabase(database, IPV6_BLOCKS)
    const bench: Bench = {
      generator,
      serverCore: SERVER_CORE,
      folder,
      database,
      ipv6Blocks,
      rounds,
      sliceMs,
      soakSeconds,
      changes,
      say,
    }
    for (const name of names) sections.push(await SUITES[name]!(bench))
  } finally {
    generator.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const report = printReport(
    sections,
    process.argv.slice(2).filter((argument) => argument !== '--write'),
  )
  console.log(report)
  if (values.write) {
    const name = values.only === undefined ? 'RESULTS' : names.join('-').toUpperCase()
    writeFileSync(fileURLToPath(new URL(`../${name}.md`, import.meta.url)), report)
  }
  return 0
}

const SERVER_CORE = '0'
const GENERATOR_CORE = '1'
/** Blocks of IPv6 that clients come from. */
const IPV6_BLOCKS = 8192

function printReport(sections: readonly Section[], args: readonly string[]): string {
  const goals = sections.flatMap((section) => section.goals)
  return [
    '# Results\n',
    `Measured with \`npm run bench${args.length > 0 ? ` -- ${args.join(' ')}` : ''}\` in one run. How it measures: [README.md](README.md).\n`,
    describeMachine(),
    `## What was set out to be reached\n\n${printGoals(goals)}`,
    ...sections.map(printSection),
  ].join('\n')
}

/** Says which Debian packages are missing; installs nothing. */
function hasPeers(): boolean {
  const path = `${process.env['PATH']}:/usr/sbin`
  const isThere = (program: string): boolean =>
    spawnSync('sh', ['-c', `command -v ${program}`], { env: { ...process.env, PATH: path } }).status === 0
  const missing = [gdnsd, knot, powerdns].flatMap(({ from }) =>
    from === undefined || isThere(from.program) ? [] : [from.package],
  )
  if (!isThere('taskset')) missing.push('util-linux')
  if (missing.length === 0) return true
  const packages = new Set(missing.flatMap((name) => (name === 'knot' ? ['knot', 'knot-module-geoip'] : [name])))
  console.error(
    `The benchmark needs programs to compare with. On Debian, as root:\n\n  apt-get install ${[...packages].join(' ')}\n`,
  )
  return false
}

process.exit(await main())

import { spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from '../measure/statistics.ts'
import { writeWindroseFiles } from '../peers/windrose.ts'
import type { Goal } from '../report/section.ts'
import { sitesOf, WORLD, ZONE } from '../world/world.ts'
import { type Bench, type Suite, takePort } from './bench.ts'

const RUNS = 5
/** Lines of the log that is replayed. */
const LINES = 100_000
const COMMAND = fileURLToPath(new URL('../../../packages/cli/bin/windrose.js', import.meta.url))
/** Files of a City database to simulate with as well. */
const CITY_FILES = (process.env['WINDROSE_BENCH_CITY'] ?? '').split(',').filter((file) => existsSync(file))

/** How long simulations over the whole address space take, and a replay. */
export const whatIf: Suite = async (bench) => {
  const rows: string[][] = []
  const goals: Goal[] = []
  const measure = (
    what: string,
    sites: number,
    databases: readonly string[],
    verb: (folder: string) => string[],
  ): number => {
    bench.say(`${what}, ${sites} sites`)
    const folder = writeFiles(bench, sites, databases)
    const runs = Array.from({ length: RUNS }, () => run(verb(folder)))
    const inside = runs.map(({ seconds }) => seconds)
    const whole = median(runs.map((one) => one.whole))
    rows.push([what, String(sites), median(inside).toFixed(2), Math.max(...inside).toFixed(2), whole.toFixed(2)])
    return median(inside)
  }
  const kill = (service: string) => (folder: string) => {
    const site = sitesOf(WORLD)[0]!.name
    return ['simulate', '-c', join(folder, 'windrose.yaml'), '--service', service, '--kill', site, '--json']
  }
  const move = (folder: string) => {
    return ['simulate', '-c', join(folder, 'windrose.yaml'), '--config', join(folder, 'candidate.yaml'), '--json']
  }
  const replay = (folder: string) => {
    const files = ['-c', join(folder, 'candidate.yaml'), '--against', join(folder, 'windrose.yaml')]
    return ['replay', join(folder, 'queries'), ...files, '--json']
  }
  for (const sites of [3, 30]) {
    const seconds = measure('country, a site lost', sites, [], kill('near'))
    goals.push({ what: `what-if over the country database, ${sites} sites`, value: seconds, most: 1, unit: ' s' })
  }
  measure('country, all services, another configuration', 30, [], move)
  const log = measure(`country, replay of ${LINES.toLocaleString('en-US')} queries`, 30, [], replay)
  goals.push({ what: `replay of ${LINES.toLocaleString('en-US')} queries`, value: log, most: 10, unit: ' s' })
  if (CITY_FILES.length > 0) {
    const seconds = measure('City, a site lost', 30, CITY_FILES, kill('near'))
    goals.push({ what: 'what-if over a City database, 30 sites', value: seconds, most: 6, unit: ' s' })
  }
  return {
    title: 'What if',
    text: `\`windrose simulate -c\` and \`windrose replay --against\`, ${RUNS} times each: seconds as the command itself measures them, from
reading the files to the result, and of the whole process. WINDROSE_BENCH_CITY names the files of a City database to simulate with as well.`,
    columns: ['what', 'sites', 'median s', 'slowest s', 'process s'],
    rows,
    goals,
  }
}

/** A configuration, a candidate in which the first site lies elsewhere, and a log. */
function writeFiles(bench: Bench, sites: number, databases: readonly string[]): string {
  const port = takePort()
  const folder = join(bench.folder, `what-if-${port}`)
  mkdirSync(folder, { recursive: true })
  writeWindroseFiles({ ...WORLD, names: 10, sites }, { folder, port, database: bench.database })
  const file = join(folder, 'windrose.yaml')
  if (databases.length > 0) appendFileSync(file, `geo: { databases: ${JSON.stringify(databases)} }\n`)
  const { name, at } = sitesOf(WORLD)[0]!
  const moved = readFileSync(file, 'utf8').replace(
    `${name}: { at: [${at.join(', ')}] }`,
    `${name}: { at: [40.4, -3.7] }`,
  )
  writeFileSync(join(folder, 'candidate.yaml'), moved)
  writeFileSync(join(folder, 'queries'), Array.from({ length: LINES }, (_, i) => lineOf(i)).join('\n'))
  return folder
}

/** Names of each kind and some that do not exist, from clients all over the address space. */
function lineOf(i: number): string {
  const name = ['g000000', 'g000001', 'w000000', 'c000000', 'a000000', 'nothing'][i % 6]!
  const spread = Math.imul(i + 1, 0x9e3779b1) >>> 0
  return `${name}.${ZONE} A ${1 + ((spread >>> 24) % 222)}.${(spread >>> 16) & 0xff}.${(spread >>> 8) & 0xff}.0/24`
}

function run(args: readonly string[]): { seconds: number; whole: number } {
  const start = performance.now()
  const { stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 })
  const whole = (performance.now() - start) / 1000
  try {
    return { seconds: (JSON.parse(stdout) as { seconds: number }).seconds, whole }
  } catch {
    throw new Error(`windrose ${args.join(' ')} said: ${stderr}`)
  }
}

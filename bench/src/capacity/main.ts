import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeMachine } from '../report/describe-machine.ts'
import { printGoals, printSection } from '../report/print-section.ts'
import { daySection } from './day-section.ts'
import { recomputeSection } from './recompute-section.ts'

const USAGE = `Usage: npm run bench:capacity [-- OPTIONS]

Plays a day of load in seconds under each rule of capacity, and measures what a recomputation costs.

  --write            put the report into bench/CAPACITY.md
`

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const say = (line: string): void => console.error(`  ${line}`)
const sections = [daySection(say), recomputeSection(say)]
const report = [
  '# Capacity: results\n',
  'Measured with `npm run bench:capacity` in one run.\n',
  describeMachine(),
  `## What was set out to be reached\n\n${printGoals(sections.flatMap(({ goals }) => goals))}`,
  ...sections.map(printSection),
].join('\n')
console.log(report)
if (values.write) writeFileSync(fileURLToPath(new URL('../../CAPACITY.md', import.meta.url)), report)

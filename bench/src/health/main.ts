import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { describeMachine } from '../report/describe-machine.ts'
import { printGoals, printSection } from '../report/print-section.ts'
import type { Section } from '../report/section.ts'
import { agentCapacity } from './agent-capacity.ts'
import { detection } from './detection.ts'
import { storeSize } from './store-size.ts'
import { verdicts } from './verdicts.ts'

type HealthSuite = (say: (line: string) => void) => Promise<Section>

const SUITES: Readonly<Record<string, HealthSuite>> = { store: storeSize, verdicts, agent: agentCapacity, detection }

const USAGE = `Usage: npm run bench:health [-- OPTIONS]

Measures the health table in a redis-server of its own (Debian's package redis-server), on this machine.

  --only SUITE,...   only these: ${Object.keys(SUITES).join(', ')}
  --write            put the report into bench/HEALTH.md
`

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const names = values.only?.split(',') ?? Object.keys(SUITES)
if (values.help || names.some((name) => SUITES[name] === undefined)) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 2)
}
const sections: Section[] = []
for (const name of names) sections.push(await SUITES[name]!((line) => console.error(`  ${line}`)))
const report = [
  '# Health: results\n',
  'Measured with `npm run bench:health` in one run.\n',
  describeMachine(),
  `## What was set out to be reached\n\n${printGoals(sections.flatMap(({ goals }) => goals))}`,
  ...sections.map(printSection),
].join('\n')
console.log(report)
if (values.write) writeFileSync(fileURLToPath(new URL('../../HEALTH.md', import.meta.url)), report)
process.exit(0)

import { alternate } from '../measure/sample.ts'
import { median, medianInterval, ratios } from '../measure/statistics.ts'
import { residentMegabytes } from '../measure/threads.ts'
import { gdnsd } from '../peers/gdnsd.ts'
import { windrose } from '../peers/windrose.ts'
import type { Goal } from '../report/section.ts'
import { type Kind, WORLD, type World } from '../world/world.ts'
import { type Suite, withPeers } from './bench.ts'
import { checkAnswers, closedLoop } from './closed-loop.ts'
import { STATIC, STEERED, type Workload } from './workloads.ts'

/** What is made larger, in steps; the first is what the others are compared with. */
interface Axis {
  readonly what: string
  readonly workload: Workload
  readonly worlds: readonly (readonly [label: string, world: World])[]
}

const AXES: readonly Axis[] = [
  { what: 'names', workload: STEERED, worlds: namesOf('g#') },
  { what: 'names', workload: STATIC, worlds: namesOf('a#') },
  { what: 'sites', workload: STEERED, worlds: [3, 30, 100].map((sites) => [String(sites), { ...WORLD, sites }]) },
  {
    what: 'listeners',
    workload: STEERED,
    worlds: [
      ['127.0.0.1', { ...WORLD, listen: 'one' }],
      ['0.0.0.0 and [::]', WORLD],
    ],
  },
]

function namesOf(only: Kind): Axis['worlds'] {
  return [10, 1000, 100_000].map((names) => [names.toLocaleString('en'), { ...WORLD, names, only }])
}

/** What a query costs as the configuration grows: each server compared with itself. */
export const growth: Suite = async (bench) => {
  const rows: string[][] = []
  const goals: Goal[] = []
  for (const { what, workload, worlds } of AXES) {
    for (const peer of [windrose, gdnsd]) {
      bench.say(`growth: ${what}, ${workload.name}, ${peer.name}`)
      const wanted = worlds.map(([, world]) => ({ peer, world }))
      const { samples, peaks } = await withPeers(bench, wanted, async (servers) => {
        const contenders = servers.map((server, i) => ({ server, load: closedLoop(bench, workload, wanted[i]!.world) }))
        const samples = await alternate(bench.generator, contenders, bench.rounds)
        return { samples, peaks: servers.map(({ pid }) => residentMegabytes(pid).peak) }
      })
      const costs = samples.map((own) => own.map(({ answering }) => answering))
      worlds.forEach(([label], i) => {
        checkAnswers(peer.name, workload, samples[i]!)
        const shares = ratios(costs[i]!, costs[0]!)
        const [low, high] = medianInterval(shares)
        rows.push([
          i === 0 ? `${what}, ${workload.name}` : '',
          peer.name,
          label,
          median(costs[i]!).toFixed(2),
          i === 0 ? '' : median(shares).toFixed(2),
          i === 0 ? '' : `${low.toFixed(2)}–${high.toFixed(2)}`,
          peaks[i]!.toFixed(0),
        ])
        const isLargest = i === worlds.length - 1 && what !== 'listeners'
        if (peer === windrose && isLargest) {
          const [first] = worlds[0]!
          goals.push({
            what: `CPU per query, ${workload.name}, ${label} ${what} / ${first}`,
            value: median(shares),
            most: 1.1,
            unit: '',
          })
        }
      })
    }
  }
  return {
    title: 'Growth',
    text: `CPU of the answering thread a query, in microseconds, as one thing grows, and its ratio to the first row of the same
server in the same round.`,
    columns: ['what grows', 'server', 'to', 'answering us', 'to the first', '95 %', 'peak MB'],
    rows,
    goals,
  }
}

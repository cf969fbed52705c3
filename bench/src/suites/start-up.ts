import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../measure/statistics.ts'
import { residentMegabytes } from '../measure/threads.ts'
import { endProcess, untilAnswering } from '../peers/peer.ts'
import { serveCommand, writeWindroseFiles } from '../peers/windrose.ts'
import type { Goal } from '../report/section.ts'
import { WORLD } from '../world/world.ts'
import { type Bench, type Suite, takePort } from './bench.ts'

const STARTS = 5

/** From the command to the first right answer, on both cores, as an operator would start it. */
export const startUp: Suite = async (bench) => {
  const rows: string[][] = []
  const goals: Goal[] = []
  for (const names of [10, 1000]) {
    const times: number[] = []
    const sizes: number[] = []
    for (let i = 0; i < STARTS; i++) {
      bench.say(`start with ${names} names, ${i + 1} of ${STARTS}`)
      const { seconds, megabytes } = await startOnce(bench, names)
      times.push(seconds)
      sizes.push(megabytes)
    }
    rows.push([String(names), median(times).toFixed(2), Math.max(...times).toFixed(2), median(sizes).toFixed(0)])
    goals.push({
      what: `from serve to the first right answer, ${names} names`,
      value: median(times),
      most: 1.5,
      unit: ' s',
    })
  }
  return {
    title: 'Start',
    text: `From \`windrose serve\` to the first right answer of a steered name, with the country database and so many names of each
kind; ${STARTS} starts each.`,
    columns: ['names', 'median s', 'slowest s', 'resident MB then'],
    rows,
    goals,
  }
}

async function startOnce(bench: Bench, names: number): Promise<{ seconds: number; megabytes: number }> {
  const port = takePort()
  const place = { folder: join(bench.folder, `start-${port}`), port, database: bench.database }
  mkdirSync(place.folder, { recursive: true })
  writeWindroseFiles({ ...WORLD, names }, place)
  const { program, args } = serveCommand(place)
  const start = performance.now()
  const child = spawn(program, args, { stdio: 'ignore' })
  try {
    await untilAnswering(child, { address: '127.0.0.1', port })
    return { seconds: (performance.now() - start) / 1000, megabytes: residentMegabytes(child.pid!).now }
  } finally {
    await endProcess(child)
  }
}

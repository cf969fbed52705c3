import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../measure/statistics.ts'
import { residentMegabytes } from '../measure/threads.ts'
import { endProcess, untilAnswering } from '../peers/peer.ts'
import { serveCommand, writeWindroseFiles } from '../peers/windrose.ts'
import { WORLD } from '../world/world.ts'
import { type Suite, takePort } from './bench.ts'

const STARTS = 5

/** From the command to the first right answer, on both cores, as an operator would start it. */
export const startUp: Suite = async (bench) => {
  const times: number[] = []
  const sizes: number[] = []
  for (let i = 0; i < STARTS; i++) {
    bench.say(`start ${i + 1} of ${STARTS}`)
    const port = takePort()
    const place = { folder: join(bench.folder, `start-${port}`), port, database: bench.database }
    mkdirSync(place.folder, { recursive: true })
    writeWindroseFiles(WORLD, place)
    const { program, args } = serveCommand(place)
    const start = performance.now()
    const child = spawn(program, args, { stdio: 'ignore' })
    try {
      await untilAnswering(child, { address: '127.0.0.1', port })
      times.push((performance.now() - start) / 1000)
      sizes.push(residentMegabytes(child.pid!).now)
    } finally {
      await endProcess(child)
    }
  }
  return {
    title: 'Start',
    text: `From \`windrose serve\` to the first right answer, with the country database and ${WORLD.names.toLocaleString('en')} names of each kind; ${STARTS} starts.`,
    columns: ['median s', 'slowest s', 'resident MB then'],
    rows: [[median(times).toFixed(2), Math.max(...times).toFixed(2), median(sizes).toFixed(0)]],
    goals: [{ what: 'from serve to the first right answer', value: median(times), most: 1.5, unit: ' s' }],
  }
}

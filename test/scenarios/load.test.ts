import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Load, LoadResult } from '../../bench/src/load/load.ts'
import { ROOT } from '../source-files.ts'
import { startServer } from '../support/server.ts'
import { FILES } from '../support/zone.ts'

jest.setTimeout(90_000)

/** Runs loads, one after the other, in a process of its own. */
async function runLoads(loads: readonly Load[], between: (i: number) => void): Promise<LoadResult[]> {
  const generator = fork(join(ROOT, 'bench/dist/load/load-process.js'))
  const results: LoadResult[] = []
  const ended = once(generator, 'exit').then(([code]) => Promise.reject(new Error(`the generator ended with ${code}`)))
  // It ends when it is told to, at last.
  ended.catch(() => undefined)
  try {
    for (const [i, load] of loads.entries()) {
      between(i)
      generator.send(load)
      const [result] = (await Promise.race([once(generator, 'message'), ended])) as [LoadResult]
      results.push(result)
    }
  } finally {
    generator.kill()
  }
  between(loads.length)
  return results
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

test('memory stays what it is under load: nothing is kept of queries, whatever they ask', async () => {
  const server = await startServer(FILES)
  try {
    const asked = [
      { owner: 'www', subnet: 'ipv4' },
      { owner: 'www', subnet: 'ipv6' },
      { owner: '*', subnet: 'none' },
      { owner: 'static', subnet: 'ipv4' },
      { owner: 'n*', subnet: 'ipv4' },
    ] as const
    // The first two rounds warm up: code is compiled, caches fill.
    const loads = Array.from({ length: 4 }, (_, round) =>
      asked.map(
        ({ owner, subnet }): Load => ({
          target: { address: '127.0.0.1', port: server.port },
          queries: { owner, subnet, names: 1, zone: 'gslb.example', qtype: 1 },
          sockets: 8,
          durationMs: 700,
          seed: round,
          pace: { kind: 'open', queriesPerSecond: 20_000 },
        }),
      ),
    ).flat()
    const sizes: number[] = []
    const results = await runLoads(loads, () => sizes.push(residentMegabytes(server.running.process.pid!)))
    // A slow machine may lose some; that it answers at all is not in question here.
    const answered = results.reduce((sum, result) => sum + result.answered, 0)
    expect(answered).toBeGreaterThan(50_000)
    const warm = sizes[2 * asked.length]!
    // A hundred thousand queries that left 100 octets each would be 10 MB.
    expect(sizes.at(-1)! - warm).toBeLessThan(8)
  } finally {
    expect(await server.stop()).toBe(0)
  }
})

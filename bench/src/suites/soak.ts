import { residentMegabytes } from '../measure/threads.ts'
import { windrose } from '../peers/windrose.ts'
import { WORLD } from '../world/world.ts'
import { type Suite, withPeers } from './bench.ts'
import { STEERED, WORKLOADS } from './workloads.ts'

const QUERIES_PER_SECOND = 100_000
/** Load before the first look at the memory: caches fill, and code is compiled. */
const WARM_UP_MS = 15_000
const PIECE_MS = 5000

/** Whether memory stays what it is under load that goes on. */
export const soak: Suite = (bench) =>
  withPeers(bench, [{ peer: windrose, world: WORLD }], async ([server]) => {
    const run = async (durationMs: number): Promise<{ sent: number; lost: number }> => {
      const total = { sent: 0, lost: 0 }
      for (let ms = 0, piece = 0; ms < durationMs; ms += PIECE_MS, piece++) {
        const result = await bench.generator.run({
          target: server!.target,
          queries: WORKLOADS[piece % WORKLOADS.length]!.queries(WORLD),
          sockets: 16,
          ipv6Blocks: bench.ipv6Blocks,
          durationMs: PIECE_MS,
          seed: ms,
          pace: { kind: 'open', queriesPerSecond: QUERIES_PER_SECOND },
        })
        total.sent += result.sent
        total.lost += result.lost
      }
      return total
    }
    bench.say(`soak: ${bench.soakSeconds} s`)
    await run(WARM_UP_MS)
    const before = residentMegabytes(server!.pid).now
    const { sent, lost } = await run(bench.soakSeconds * 1000)
    const after = residentMegabytes(server!.pid).now
    return {
      title: 'Soak',
      text: `${QUERIES_PER_SECOND.toLocaleString('en')} queries a second for ${bench.soakSeconds} seconds, every kind of work in turn (${STEERED.name} among them), new
ports every five seconds.`,
      columns: ['queries', 'lost', 'resident MB before', 'after', 'growth'],
      rows: [
        [sent.toLocaleString('en'), String(lost), before.toFixed(1), after.toFixed(1), (after - before).toFixed(1)],
      ],
      goals: [
        { what: `growth of resident memory in ${bench.soakSeconds} s`, value: after - before, most: 5, unit: ' MB' },
      ],
    }
  })

import { anticipate, type Exchange, type PacketBatch, Runtime, respond } from '@windrose/nameserver'
import { Arena } from '../transport/arena.ts'
import { loadLibc } from '../transport/libc.ts'
import { MmsgLoop } from '../transport/mmsg-loop.ts'
import { nameThread } from '../transport/name-thread.ts'
import { createRandom } from '../transport/random.ts'
import { preferThread } from '../transport/thread-priority.ts'
import { WorkerCell } from '../transport/worker-cells.ts'
import { receiveOrder } from './receive-order.ts'
import { takeSnapshot } from './snapshot-intake.ts'
import type { MmsgThreadData } from './thread-data.ts'

/** Entry of a batched UDP thread: it answers until it is told to stop, and holds nothing that must be closed. */
const data = await receiveOrder<MmsgThreadData>()
const { cells, port, sockets } = data
const libc = await loadLibc()
if ('problem' in libc) throw new Error(libc.problem)

nameThread(libc, data.name)
preferThread(libc)
const runtime = new Runtime({ random: createRandom(), counters: data.counters }, data.snapshot, data.load)
const arena = new Arena(data.arena, data.room, libc.addressOf)
const takeNews = (): void => takeSnapshot(runtime, port, cells)
const goesOn = (): boolean => {
  // Also while nobody asks: an old snapshot should not be held for longer than it is served.
  takeNews()
  return Atomics.load(cells, WorkerCell.stop) === 0
}
Atomics.store(cells, WorkerCell.ready, 1)
const answer = (exchange: Exchange): number => respond(exchange, runtime)
const readAhead = (batch: PacketBatch): void => anticipate(batch, runtime)
new MmsgLoop({ libc, arena, sockets, anticipate: readAhead, answer, cells, takeNews, goesOn }).run()
port.close()

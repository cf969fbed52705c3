import { parentPort } from 'node:worker_threads'
import { Runtime } from '@windrose/nameserver'
import { DgramListener } from '../transport/dgram-listener.ts'
import { createRandom } from '../transport/random.ts'
import { WorkerCell } from '../transport/worker-cells.ts'
import { followOrders } from './follow-orders.ts'
import { listenAll } from './listen-all.ts'
import { receiveOrder } from './receive-order.ts'
import { takeSnapshot } from './snapshot-intake.ts'
import type { ListeningThreadData } from './thread-data.ts'

/** Entry of the UDP thread on node:dgram, for systems without recvmmsg. */
const data = await receiveOrder<ListeningThreadData>()
const runtime = new Runtime({ random: createRandom(), counters: data.counters }, data.snapshot, data.load)
const takeNews = (): void => takeSnapshot(runtime, data.port, data.cells)
const listeners = data.listen.map((address) => new DgramListener(address, { runtime, cells: data.cells, takeNews }))
parentPort!.postMessage(await listenAll(listeners))
Atomics.store(data.cells, WorkerCell.ready, 1)
followOrders(data, runtime, () => {
  for (const listener of listeners) listener.close()
})

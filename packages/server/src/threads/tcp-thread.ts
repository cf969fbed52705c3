import { parentPort } from 'node:worker_threads'
import { Runtime } from '@windrose/nameserver'
import { createRandom } from '../transport/random.ts'
import { TcpConnections } from '../transport/tcp-connections.ts'
import { TcpListener } from '../transport/tcp-listener.ts'
import { WorkerCell } from '../transport/worker-cells.ts'
import { followOrders } from './follow-orders.ts'
import { listenAll } from './listen-all.ts'
import { receiveOrder } from './receive-order.ts'
import { takeSnapshot } from './snapshot-intake.ts'
import type { ListeningThreadData } from './thread-data.ts'

/** Entry of the TCP thread: all connections of all listen addresses. */
const data = await receiveOrder<ListeningThreadData>()
const runtime = new Runtime({ random: createRandom(), counters: data.counters }, data.snapshot, data.load)
const takeNews = (): void => takeSnapshot(runtime, data.port, data.cells)
const connections = new TcpConnections(runtime, data.tcp, takeNews)
const listeners = data.listen.map((address) => new TcpListener(address, connections))
parentPort!.postMessage(await listenAll(listeners))
Atomics.store(data.cells, WorkerCell.ready, 1)
followOrders(data, runtime, () => {
  for (const listener of listeners) listener.close()
  connections.close()
})

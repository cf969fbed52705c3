import type { Runtime } from '@windrose/nameserver'
import { WorkerCell } from '../transport/worker-cells.ts'
import type { SnapshotMessage, ThreadData } from './thread-data.ts'

/**
 * For threads with an event loop: takes snapshots as they arrive and shows a heartbeat. An empty message on the port is
 * the order to stop: `close` gives back what was opened, and the thread ends when its loop has nothing left.
 */
export function followOrders(data: ThreadData, runtime: Runtime, close: () => void): void {
  const { cells, port } = data
  const heartbeat = setInterval(() => {
    cells[WorkerCell.heartbeat]!++
  }, HEARTBEAT_MS)
  port.on('message', (message: SnapshotMessage | undefined) => {
    if (message !== undefined) {
      runtime.take(message.snapshot)
      cells[WorkerCell.takenVersion] = message.version
      return
    }
    clearInterval(heartbeat)
    close()
    port.close()
  })
}

const HEARTBEAT_MS = 100

import type { Runtime } from '@windrose/nameserver'
import { WorkerCell } from '../transport/worker-cells.ts'
import { takeMessage, takeSnapshot } from './snapshot-intake.ts'
import type { SnapshotMessage, ThreadData } from './thread-data.ts'

/**
 * For threads with an event loop: takes snapshots as they arrive, shows a heartbeat, and stops when it is told to: `close`
 * gives back what was opened, and the thread ends when its loop has nothing left. An empty message wakes it for that.
 */
export function followOrders(data: ThreadData, runtime: Runtime, close: () => void): void {
  const { cells, port } = data
  const look = (): void => {
    takeSnapshot(runtime, port, cells)
    if (Atomics.load(cells, WorkerCell.stop) === 0) return
    clearInterval(heartbeat)
    close()
    port.close()
  }
  const heartbeat = setInterval(() => {
    cells[WorkerCell.heartbeat]!++
    look()
  }, HEARTBEAT_MS)
  port.on('message', (message: SnapshotMessage | undefined) => {
    if (message !== undefined) takeMessage(runtime, message, cells)
    look()
  })
}

const HEARTBEAT_MS = 100

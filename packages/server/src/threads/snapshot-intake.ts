import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Runtime } from '@windrose/nameserver'
import { WorkerCell } from '../transport/worker-cells.ts'
import type { SnapshotMessage } from './thread-data.ts'

/** Takes the newest snapshot that waits on the port, if the shared version says that one does. */
export function takeSnapshot(runtime: Runtime, port: MessagePort, cells: Int32Array): void {
  const version = Atomics.load(cells, WorkerCell.snapshotVersion)
  if (version === cells[WorkerCell.takenVersion]) return
  let newest: SnapshotMessage | undefined
  for (;;) {
    const received = receiveMessageOnPort(port) as { message: SnapshotMessage } | undefined
    if (received === undefined) break
    newest = received.message
  }
  if (newest === undefined) return
  runtime.take(newest.snapshot)
  cells[WorkerCell.takenVersion] = newest.version
}
